"""What a feed makes of the units that a run derives again, on its way into the tables."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame

Bronze = dict[str, DataFrame]
"""Kind of file -> rows of bronze."""


@dataclass(frozen=True)
class Part:
    """What a feed makes of some units."""

    judged: DataFrame
    bronze: Bronze
    outcomes: DataFrame
    wanted: DataFrame
    """Rows of the feed's table."""
    present: DataFrame
    """The rows of the feed's table that these replace."""
    old_lineage: DataFrame | None = None
    """None where nothing that was said before is taken back."""
    old_refused: DataFrame | None = None


@dataclass(frozen=True)
class Account:
    """What a feed has to say in the tables that all feeds share, and what it said there before."""

    outcomes: list[DataFrame]
    """See `accounts.outcomes`."""
    refused: list[DataFrame]
    old_lineage: list[DataFrame]
    old_refused: list[DataFrame]
    held: list[DataFrame]
    """Frames kept until all of it is written."""
