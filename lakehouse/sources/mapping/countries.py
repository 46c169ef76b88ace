"""What a country is called: the text of a source -> ISO 3166 code and name."""

from __future__ import annotations

from functools import cache

import pycountry

from lakehouse.settings import ConfigurationError, country_names

Country = tuple[str | None, str | None]
"""Alpha-2 code, or None for a place that has none; name, or None for a text that names no country."""


@cache
def country_lookup() -> dict[str, Country]:
    """Case-folded text -> (alpha-2 code, ISO name), for all names and codes of ISO 3166 and conf/countries.toml.

    A text that is not in it is a country that nobody knows: it has no code and keeps its name. Raises
    ConfigurationError where conf/countries.toml gives an alias to a code that does not exist.
    """
    names = country_names()
    known = _iso_names()
    for text, code in names.aliases.items():
        if code.casefold() not in known:
            raise ConfigurationError(f"conf/countries.toml: aliases: {text!r}: there is no country {code!r}")
        known[text.casefold()] = known[code.casefold()]
    known |= {text.casefold(): (None, name) for text, name in names.without_code.items()}
    return known | {text.casefold(): (None, None) for text in names.nowhere}


def _iso_names() -> dict[str, Country]:
    """Names, common and official names and both codes. Codes go last: no name is to hide one."""
    spellings = ("official_name", "common_name", "name", "alpha_3", "alpha_2")
    return {
        text.casefold(): (country.alpha_2, country.name)
        for spelling in spellings
        for country in pycountry.countries
        if (text := getattr(country, spelling, None))
    }
