"""Small shops whose files state amounts as shops do, taken from landing folder to gold."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pyspark.sql import SparkSession

from lakehouse.bronze.ingest import ingest
from lakehouse.bronze.ledger import next_batch_id
from lakehouse.gold.sales import daily_sales, mart_currencies, payment_mix
from lakehouse.gold.star import (
    dim_customer,
    dim_geography,
    dim_product,
    fact_order_charges,
    fact_returns,
    fact_sales,
)
from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.publication import publish
from lakehouse.pipeline.steps import run_steps
from lakehouse.settings import Calendar, Settings
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.load import read_source
from lakehouse.sources.mapping.check import check_source
from lakehouse.tables import silver
from lakehouse.terminal import Terminal
from quality.rules import RULES

AS_OF = date(2024, 12, 31)
NOW = datetime(2024, 12, 31, tzinfo=UTC)
STEPS = tuple(
    one.STEP
    for one in (
        dim_customer, dim_product, fact_sales, dim_geography, fact_returns, fact_order_charges,
        mart_currencies, daily_sales, payment_mix,
    )
)  # fmt: skip
Files = dict[str, str]
"""Path below the landing folder -> text."""


class Books:
    """A lake that takes in one delivery after the other, each published."""

    def __init__(self, spark: SparkSession, root: Path, settings: Settings, declarations: dict[str, str]) -> None:
        self.spark, self.root, self.settings = spark, root, settings
        self.sources = []
        for name, text in declarations.items():
            path = root / "conf" / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.sources.append(read_source(path))
            check_source(spark, self.sources[-1])
        self.consumed: dict[str, tuple[int, ...]] = {}

    def take(self, deliveries: Sequence[tuple[int, Files]]) -> Lake:
        """Takes in files, each written on a day of January 2024, and publishes. Returns the lake."""
        lake = Lake(self.spark, self.root / "lake", run_id="test", as_of=AS_OF)
        for day, files in deliveries:
            for name, text in files.items():
                path = self.root / "landing" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                written = datetime(2024, 1, day, tzinfo=UTC).timestamp()
                os.utime(path, (written, written))
        for table in silver.TABLES:
            lake.ensure(table)
        new: list[int] = []
        for source in self.sources:
            batch = next_batch_id(lake)
            report = ingest(lake, source, self.root / "landing", batch_id=batch, now=NOW, progress=lambda _: None)
            assert not report.rejected
            if not report.rows:
                continue
            selection = BatchSelection(self.consumed.get(source.name, ()), (batch,))
            build_source(lake, source, RowCriteria(RULES, AS_OF, Calendar()), selection)
            self.consumed[source.name] = (*selection.consumed, batch)
            new.append(batch)
        with Events(lake.root, "test", progress=Terminal(file=io.StringIO())) as events:
            run_steps(STEPS, lake, self.settings, events, stage="gold")
        publish(lake, batches=new, configuration={}, now=NOW)
        return lake
