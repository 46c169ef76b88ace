"""The thresholds of the gate: conf/quality/*.toml, one file per section."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field, ValidationError

from lakehouse.settings import ConfigurationError, Section, conf_dir, read_toml
from lakehouse.settings.words import said
from lakehouse.tables.feeds import FEEDS

Share = Annotated[float, Field(ge=0, le=1)]


class Quarantine(Section):
    """How much of a feed may be in quarantine."""

    max_share: Share
    max_share_of_a_file: Share
    min_rows: int = Field(ge=0)
    max_share_of: dict[str, Share] = Field(default_factory=dict)

    def share_of(self, source: str, feed: str) -> float:
        """The most specific share: of the source's feed, of the feed, of all."""
        return self.max_share_of.get(f"{source}.{feed}", self.max_share_of.get(feed, self.max_share))


class History(Section):
    """What is compared with earlier publications and days."""

    max_fewer_rows: Share
    max_days_later: int = Field(ge=0)
    weeks: int = Field(ge=2)
    max_shift: float = Field(gt=0)
    min_lines: int = Field(ge=1)


class Stated(Section):
    """How far what files say of themselves may lie from what the lake makes of it."""

    max_share: Share
    rounding: float = Field(ge=0)
    rounding_of_a_unit: float = Field(ge=0)


class MadeNothing(Section):
    """How often an expression of a source may make NULL of what is written, in silence."""

    max_share: Share = 0


class Thresholds(Section):
    quarantine: Quarantine
    history: History
    stated: Stated
    made_nothing: MadeNothing = MadeNothing()


@cache
def load_thresholds() -> Thresholds:
    """What conf/quality says. Raises ConfigurationError where a value does not fit."""
    folder = conf_dir() / "quality"
    sections = {path.stem: read_toml(path)[0] for path in sorted(folder.glob("*.toml"))}
    try:
        found = Thresholds.model_validate(sections)
    except ValidationError as error:
        raise ConfigurationError("\n".join(f"{folder}: {one}" for one in said(error))) from error
    if unknown := [name for name in found.quarantine.max_share_of if name.split(".")[-1] not in FEEDS]:
        raise ConfigurationError(f"{folder / 'quarantine.toml'}: max_share_of: no such feed: {', '.join(unknown)}")
    return found
