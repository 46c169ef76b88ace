"""Names that nobody knows: what is misspelt would be passed over in silence, and something else would hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

PREFIX = "LAKEHOUSE_"
BESIDE_SETTINGS = frozenset(
    {
        "LAKEHOUSE_CLUSTER",
        "LAKEHOUSE_CLUSTER_SECRET",
        "LAKEHOUSE_CONF",
        "LAKEHOUSE_DEBUG",
        "LAKEHOUSE_COMET",
        "LAKEHOUSE_IVY_SETTINGS",
        "LAKEHOUSE_JARS",
    }
)
"""Variables of the environment that are read elsewhere."""


def problems(environment: Mapping[str, str], keys: Iterable[str], fields: Iterable[str]) -> list[str]:
    """What is wrong with the variables and with the keys at the top of lakehouse.toml; `fields` are the settings."""
    known = set(fields)
    variables = {f"{PREFIX}{field.upper()}" for field in known} | BESIDE_SETTINGS
    mine = {name: value for name, value in environment.items() if name.upper().startswith(PREFIX)}
    strange = [name for name in mine if name.upper().split("__")[0] not in variables]
    empty = [name for name, value in mine.items() if not value and name not in strange]
    return [
        *(f"{key}: there is no such key{_near(key, known)}" for key in keys if key not in known),
        *(f"{name}: there is no such variable{_near(name, variables, PREFIX)}" for name in strange),
        *(f"{name} is empty: give it a value, or unset it" for name in empty),
    ]


def _near(name: str, known: Iterable[str], prefix: str = "") -> str:
    """The name that is meant, if one is near; the prefix that all share makes none of them nearer."""
    rest = name.split("__")[0].removeprefix(prefix)
    near = get_close_matches(rest, sorted(one.removeprefix(prefix) for one in known), 1)
    return f": did you mean {prefix}{near[0]}?" if near else ""
