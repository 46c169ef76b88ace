"""Reads conf/sources/*.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lakehouse.settings import ConfigurationError, conf_dir, read_toml, source_names
from lakehouse.sources.model import Source


def load_source(name: str) -> Source:
    """The source of that name. Raises ConfigurationError naming file, feed and column where it is wrong."""
    path = conf_dir() / "sources" / f"{name}.toml"
    if not path.is_file():
        raise ConfigurationError(f"no source {name!r} in {path.parent}; there are {', '.join(source_names())}")
    return read_source(path)


def read_source(path: Path) -> Source:
    """The source that one TOML file declares; its name is the file's."""
    values, fingerprint = read_toml(path)
    try:
        return Source.model_validate({**values, "name": path.stem, "fingerprint": fingerprint})
    except ValidationError as error:
        problems = "\n".join(f"  {_place(one['loc'])}{_in_words(one)}" for one in error.errors())
        raise ConfigurationError(f"{path}:\n{problems}") from error


_WORDS = {
    "missing": "is needed, and is not there",
    "too_short": "is needed, and is empty",
    "string_too_short": "is needed, and is empty",
    "string_type": "must be a text, in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "dict_type": "must be a table, [in brackets]",
    "model_type": "must be a table, [in brackets]",
    "tuple_type": "must be a list, [in brackets]",
}
"""Kind of error, as pydantic calls it -> what is said of it."""


@dataclass(frozen=True)
class BrokenSource:
    """A declaration that cannot be worked with: not finished, as a draft is, or wrong."""

    name: str
    problem: str


def sound_sources() -> tuple[list[Source], list[BrokenSource]]:
    """All that conf/sources declares, in order of name: what can be worked with, and what cannot."""
    sound, broken = [], []
    for name in source_names():
        try:
            sound.append(load_source(name))
        except ConfigurationError as error:
            broken.append(BrokenSource(name, str(error)))
    return sound, broken


def load_sources(names: Iterable[str] = ()) -> list[Source]:
    """The named sources, or all that conf/sources declares, in order of name. Raises for the first that is wrong."""
    return [load_source(name) for name in sorted(set(names) or source_names())]


def _place(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""


def _in_words(error: ErrorDetails) -> str:
    """What is wrong at a place, in the words of declarations. Words of our own come through as they are."""
    kind, place = error["type"], error["loc"]
    if kind in ("missing", "too_short") and place == ("feeds",):
        return (
            "no feed is declared yet: write [feeds.order_lines] with its `file` and [feeds.order_lines.columns], or"
            " another feed (docs/adding-a-source.md)"
        )
    if kind == "extra_forbidden":
        return "there is no such key here"
    found = _WORDS.get(kind, error["msg"])
    return found.removeprefix("Value error, ")
