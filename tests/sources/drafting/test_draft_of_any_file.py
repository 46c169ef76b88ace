"""What is drafted for files reads them: each value comes out as it was meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.bronze.discover import kind_of, scan
from lakehouse.bronze.files import Delivery as Found
from lakehouse.bronze.files import FileFacts
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.read import Target, parts_of, read_part
from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.load import read_source
from lakehouse.sources.mapping.canonical import evaluated
from lakehouse.sources.mapping.expressions import selected, with_joined, with_position
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.mapping.sent_names import as_sent
from lakehouse.sources.model import Source
from tests.sources.drafting.merchant_files import (
    COLUMNS,
    Delivery,
    Truth,
    csv_deliveries,
    json_deliveries,
    parquet_deliveries,
)

FILES = int(os.environ.get("DRAFTED_DELIVERIES", "3"))
"""Deliveries of each form that are drafted: more of them find more, in as much more time."""


def bronze(spark: SparkSession, source: Source, landing: Path) -> dict[str, DataFrame]:
    """The rows of the one file of each kind."""
    frames = {}
    for found in scan(landing):
        name = kind_of(found.path, source)
        facts = inspect(found, source.files[name]).outcome
        assert isinstance(facts, FileFacts), facts
        delivery = Found(found, name, "sha", {}, found.path, facts)
        target = Target(source.files[name], source.table(name), 1, datetime(2024, 1, 1, tzinfo=UTC))
        batches = [batch for part in parts_of([delivery]) for batch in read_part(part, target)]
        rows = spark.createDataFrame(pa.Table.from_batches(batches, target.schema))
        frames[name] = as_sent(rows, source.files[name])
    return frames


def drafted_lines(spark: SparkSession, delivery: Delivery, folder: Path) -> DataFrame:
    """The order lines that the drafted source makes of the files."""
    landing = folder / "landing" / "shop"
    landing.mkdir(parents=True)
    for name, content in delivery.files.items():
        (landing / name).write_bytes(content)
    declared = folder / "shop.toml"
    declared.write_text(draft_source("shop", landing.parent), encoding="utf-8")
    source = read_source(declared)
    frames = {name: prepared(rows, source, name) for name, rows in bronze(spark, source, landing).items()}
    feed = source.feeds["order_lines"]
    own = with_position(frames[feed.file], feed, source).where(selected(feed, source))
    rows = evaluated(with_joined(own, source, feed, frames), source, "order_lines")
    texts = [F.col(name).cast("string").alias(name) for name in COLUMNS]
    return rows.select(*texts, F.concat_ws(" ", "_reasons").alias("reasons"))


def meant(line: Truth) -> tuple[str, ...]:
    """What a row of `drafted_lines` has to be."""
    at = f"{line['ordered_at'].replace(tzinfo=None)}"
    at = at.rstrip("0").removesuffix(".") if "." in at else at
    amounts = {name: f"{line[name]:.4f}" for name in ("unit_price", "discount")}
    return (*(str(({**line, **amounts, "ordered_at": at})[name]) for name in COLUMNS), "")


@pytest.mark.parametrize("form", [csv_deliveries, json_deliveries, parquet_deliveries], ids=["csv", "jsonl", "parquet"])
def test_every_value_comes_out_as_it_was_meant(
    spark: SparkSession, form: Callable[[], st.SearchStrategy[Delivery]]
) -> None:
    # All deliveries in one query: each query of its own would take as long as all of them.
    @given(st.lists(form(), min_size=FILES, max_size=FILES, unique_by=lambda one: one.how))
    @settings(
        max_examples=1,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def come_out(deliveries: list[Delivery]) -> None:
        with TemporaryDirectory() as folder:
            frames = [
                drafted_lines(spark, one, Path(folder) / str(number)).withColumn("case", F.lit(number))
                for number, one in enumerate(deliveries)
            ]
            rows = reduce(DataFrame.unionByName, frames).collect()
        found = [sorted(tuple(row)[:-1] for row in rows if row["case"] == number) for number in range(len(deliveries))]
        wrong = {
            one.how: (rows, expected)
            for one, rows in zip(deliveries, found, strict=True)
            if rows != (expected := sorted(map(meant, one.truth)))
        }
        assert not wrong

    come_out()
