"""Names, addresses and e-mails: pools that Faker makes for each country, looked up by hash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from faker import Faker
from pydantic import TypeAdapter
from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.settings import Section, conf_dir, read_toml
from lakehouse.world.chance import Chance, numbers, place_in, texts

DIGITS = 12
_RUN = re.compile(r"#+|\?+|[^#?]+")
_MAIL_LETTERS = str.maketrans(" ", "-", "'’")
FIRST_NAMES, LAST_NAMES, STREETS, COMPANIES = 240, 400, 300, 60


class Country(Section):
    """One country of conf/world/places.toml."""

    name: str
    code: str
    locale: str
    weight: float
    postal: str
    phone: str
    mail: tuple[str, ...]
    cities: tuple[tuple[str, str, str, float], ...]


@dataclass(frozen=True)
class People:
    """Constant arrays of arrays: for each country, what its customers are called and where they live."""

    countries: tuple[Country, ...]
    first_names: list[list[str]]
    last_names: list[list[str]]
    streets: list[list[str]]
    companies: list[list[str]]

    def country(self, chance: Chance, customer: Column) -> Column:
        """Place of the customer's country."""
        return place_in(chance.uniform("country", customer), [one.weight for one in self.countries])

    def city(self, draw: Column, country: Column) -> Column:
        """A city as a struct of city, region and start of the postal code, by weight, for a uniform draw."""
        found = F.lit(None).cast("array<string>")
        for place, one in enumerate(self.countries):
            names = [[city, region, postal] for city, region, postal, _ in one.cities]
            there = F.get(_nested(names), place_in(draw, [weight for *_, weight in one.cities]))
            found = F.when(country == place, there).otherwise(found)
        return found

    def digits(
        self, pattern: Callable[[Country], str], chance: Chance, name: str, country: Column, *ids: Column
    ) -> Column:
        """The country's pattern with digits for # and letters for ?, the same for the same ids."""
        number = F.lpad((chance.uniform(name, *ids) * 10**12).cast("bigint").cast("string"), DIGITS, "0")
        text = F.lit(None).cast("string")
        for place, one in enumerate(self.countries):
            text = F.when(country == place, filled(pattern(one), number)).otherwise(text)
        return text


def filled(pattern: str, number: Column) -> Column:
    """A pattern with the digits that stand at the same places of the number, which begins again when it is at its end.

    Neighbours of a kind are taken in one go: a call for each letter took longer than all else of a customer.
    """
    parts = []
    for match in _RUN.finditer(pattern):
        run, start = match[0], match.start()
        while run:
            fits = min(len(run), DIGITS - start % DIGITS)
            digits = F.substring(number, start % DIGITS + 1, fits)
            kinds = {"#": digits, "?": F.translate(digits, "0123456789", "ABDEFGHJLN")}
            parts.append(kinds.get(run[0], F.lit(run[:fits])))
            run, start = run[fits:], start + fits
    return F.concat(*parts)


def looked_up(pools: list[list[str]], country: Column, draw: Column) -> Column:
    """An element of the country's pool, for a uniform draw."""
    sizes = [len(pool) for pool in pools]
    size, first = (F.get(numbers(values, "int"), country) for values in (sizes, np.cumsum([0, *sizes[:-1]])))
    # One list of all pools: a list of lists is laid beside each row, by one engine or the other.
    return F.get(texts([name for pool in pools for name in pool]), first + F.floor(draw * size).cast("int"))


def in_mail(pools: list[list[str]]) -> list[list[str]]:
    """Names as they stand in e-mail addresses: in small letters, hyphens for blanks, no apostrophes."""
    return [[name.lower().translate(_MAIL_LETTERS) for name in pool] for pool in pools]


def _nested(values: list[list[str]]) -> Column:
    return F.from_json(F.lit(json.dumps(values, ensure_ascii=False)), "array<array<string>>")


@cache
def make_people() -> People:
    """The pools, the same each time for one version of Faker. They do not depend on the shop's seed."""
    values, _ = read_toml(conf_dir() / "world" / "places.toml")
    countries = tuple(TypeAdapter(list[Country]).validate_python(values["countries"]))
    fakers = [_faker(one.locale) for one in countries]
    return People(
        countries,
        [_pool(fake.first_name, FIRST_NAMES) for fake in fakers],
        [_pool(fake.last_name, LAST_NAMES) for fake in fakers],
        [_pool(fake.street_name, STREETS) for fake in fakers],
        [_pool(fake.company, COMPANIES) for fake in fakers],
    )


def _faker(locale: str) -> Faker:
    fake = Faker(locale)
    fake.seed_instance(f"pools of {locale}")
    return fake


def _pool(draw: Callable[[], str], size: int) -> list[str]:
    """Different values; fewer where the locale has not as many."""
    return list(dict.fromkeys(draw() for _ in range(4 * size)))[:size]
