"""Tables that one step of gold reads, which change, and what the step makes of them over several publications."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.publication import publish
from lakehouse.pipeline.steps import run_steps
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.model import Table
from lakehouse.terminal import Terminal
from tests.gold.stars import Row, frame

NOW = datetime(2024, 7, 1, tzinfo=UTC)
Content = dict[str, list[Any]]


class Growing:
    """The rows of the tables that a step reads, by name; a test changes them between publications."""

    def __init__(self, spark: SparkSession, root: Path, settings: Settings, step: Step) -> None:
        self.spark, self.root, self.settings, self.step = spark, root, settings, step
        self.rows: dict[str, list[Row]] = {table.name: [] for table in step.reads}
        self.as_of = NOW.date()

    def has(self, table: Table, rows: Iterable[Row]) -> None:
        self.rows[table.name] = [*self.rows[table.name], *rows]

    def publish(self, name: str = "increments", as_of: date | None = None) -> Lake:
        """Makes the tables hold these rows, touching those that differ; runs the step; publishes."""
        self.as_of = as_of or self.as_of
        lake = Lake(self.spark, self.root / name, run_id="test", as_of=self.as_of)
        for table in self.step.reads:
            lake.ensure(table)
            lake.replace_rows(table, frame(self.spark, table, self.rows[table.name]), lake.read(table))
        for table in self.step.writes:
            lake.ensure(table)
        with Events(lake.root, "test", progress=Terminal(file=io.StringIO())) as events:
            run_steps((self.step,), lake, self.settings, events, stage="gold")
        publish(lake, batches=[], configuration={}, now=NOW)
        return lake

    def content(self, lake: Lake) -> Content:
        """The rows of what the step writes, sorted."""
        return {
            table.name: sorted(
                # By Arrow: rows of Spark cannot hold the first instant.
                (tuple(row.values()) for row in lake.read(table).select(*table.business_columns).toArrow().to_pylist()),
                key=str,
            )
            for table in self.step.writes
        }

    def rebuilt(self) -> Content:
        """The same in a lake of its own that is made of the rows as they are now."""
        return self.content(self.publish(f"rebuilt {len(list(self.root.iterdir()))}"))
