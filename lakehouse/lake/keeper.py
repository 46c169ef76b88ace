"""What keeps tables: makes them, gives their versions, takes them back. Which one does follows from the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pyspark.sql import DataFrame

from lakehouse.engine.model import Engine
from lakehouse.lake.arrow_keeper import ArrowKeeper
from lakehouse.lake.spark_keeper import SparkKeeper
from lakehouse.lake.writer import Writer
from lakehouse.tables.model import Table


class Keeper(Protocol):
    """Keeps the tables of one lake, each known by its path."""

    def rows(self, path: str, version: int | None) -> DataFrame:
        """The rows at a version; of the head where it is None. They stay those, whatever is written afterwards."""

    def changed_rows(self, path: str, base: int) -> DataFrame:
        """Rows inserted and deleted after version `base`, told apart by `_change_type` (insert, delete)."""

    def create(self, path: str, table: Table) -> None:
        """Makes the table, of no rows."""

    def bring_up_to_date(self, path: str, table: Table) -> None:
        """Adds new columns of the declaration, and what it says of statistics; rows under other types are written
        again."""

    def writer(self, path: str, table: Table, rows_behind: Callable[[], int]) -> Writer:
        """Who writes a table with so many rows behind it."""

    def empty(self, path: str) -> None:
        """Deletes all rows."""

    def restore(self, path: str, version: int) -> None:
        """The rows are those of an earlier version again."""


def keeper_of(engine: Engine) -> Keeper:
    """Spark commits to tables itself; for other engines this process does."""
    return SparkKeeper(engine.session) if engine.writes_delta else ArrowKeeper(engine)
