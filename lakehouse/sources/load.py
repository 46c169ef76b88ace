"""Reads conf/sources/*.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from lakehouse.settings import ConfigurationError, conf_dir, read_toml, source_names
from lakehouse.settings.words import said
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
        problems = "\n".join(f"  {one}" for one in said(error, {("feeds",): _NO_FEED}))
        raise ConfigurationError(f"{path}:\n{problems}") from error


_NO_FEED = (
    "no feed is declared yet: write [feeds.order_lines] with its `file` and [feeds.order_lines.columns], or another"
    " feed (docs/adding-a-source.md)"
)


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
