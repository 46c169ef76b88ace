"""Replacing rows of a table, and starting again after a run that did not publish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.lake.lease import LeaseLost, lease
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold.sales import GEOGRAPHY_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.ops import BATCH_DECISIONS
from lakehouse.tables.silver import FX_RATES, PAYMENTS
from tests.lakes import Frame


def test_rows_made_of_the_rows_that_they_replace_are_not_lost(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 1, 1))
    schema = ", ".join(f"{column.name} {column.type}" for column in FX_RATES.columns)
    row = {"source_system": "s", "currency": "EUR", "rate_date": date(2024, 1, 1), "exchange_rate": None}
    given = tuple(row.get(name) for name in FX_RATES.column_names)
    one = spark.createDataFrame([given], schema).withColumns(
        {
            "exchange_rate": F.lit(1).cast("decimal(18,8)"),
            "repairs": F.array().cast("array<string>"),
            "has_newer_quarantined": F.lit(False),
            **{name: F.lit("x") for name in ("_unit_key", "_file_sha256")},
            **{name: F.lit(1).cast("bigint") for name in ("_row_in_file", "_row_hash", "_batch_id")},
        }
    )
    lake.append(FX_RATES, one)
    present = lake.read(FX_RATES)
    doubled = (F.col("exchange_rate") * 2).cast("decimal(18,8)")
    lake.replace_rows(FX_RATES, present.withColumn("exchange_rate", doubled), present)
    assert [float(found["exchange_rate"]) for found in lake.read(FX_RATES).collect()] == [2.0]


def next_run(lake: Lake) -> Lake:
    return Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)


def rates(lake: Lake) -> list[str]:
    return sorted(row["currency"] for row in lake.read(FX_RATES).collect())


def rate(currency: str) -> dict[str, Any]:
    return {"currency": currency, "exchange_rate": 1}


def test_rows_of_a_first_run_that_never_published_are_gone_when_the_next_starts(lake: Lake, frame: Frame) -> None:
    tables: list[Table] = [FX_RATES, PAYMENTS, GEOGRAPHY_SALES]
    for _ in range(2):  # the second of the runs does not come to publish either
        lake.append(FX_RATES, frame(FX_RATES, rate("EUR")))
        lake.ensure(PAYMENTS)
        lake = next_run(lake)
        assert lake.start_from_published(tables) == [FX_RATES.name]
        assert rates(lake) == []
        assert lake.is_empty(FX_RATES)
        assert not lake.exists(GEOGRAPHY_SALES)
    before = lake.version(FX_RATES)
    assert next_run(lake).start_from_published(tables) == []
    assert lake.version(FX_RATES) == before


def test_a_table_that_a_publication_does_not_have_yet_is_emptied_and_its_neighbour_restored(
    lake: Lake, frame: Frame
) -> None:
    lake.append(FX_RATES, frame(FX_RATES, rate("EUR")))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    lake = next_run(lake)
    lake.append(FX_RATES, frame(FX_RATES, rate("USD")))
    lake.append(PAYMENTS, frame(PAYMENTS, {"payment_id": "p"}))
    assert next_run(lake).start_from_published([FX_RATES, PAYMENTS]) == [FX_RATES.name, PAYMENTS.name]
    assert rates(lake) == ["EUR"]
    assert lake.is_empty(PAYMENTS)


def test_what_an_unfinished_run_left_is_undone_once(lake: Lake, frame: Frame) -> None:
    lake.append(FX_RATES, frame(FX_RATES, rate("EUR")))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    for killed in ("USD", "GBP"):
        lake = next_run(lake)
        lake.append(FX_RATES, frame(FX_RATES, rate(killed)))
        assert next_run(lake).start_from_published([FX_RATES]) == [FX_RATES.name]
        assert rates(lake) == ["EUR"]
        before = lake.version(FX_RATES)
        again = next_run(lake)
        assert not again.changes(FX_RATES)
        assert again.start_from_published([FX_RATES]) == []
        assert again.version(FX_RATES) == before


class TakenAway(list[dict[str, Any]]):
    """Rows in whose making the lease is taken away."""

    lease: Path

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.lease.unlink(missing_ok=True)
        return super().__iter__()


def test_rows_in_whose_making_the_lease_was_removed_are_not_written(lake: Lake) -> None:
    row = {"batch_id": 1, "decision": "hold", "run_id": "r", "decided_at": datetime(2024, 3, 1, tzinfo=UTC)}
    made = TakenAway([row])
    made.lease = lake.root / ".lease"
    lake.ensure(BATCH_DECISIONS)
    with lease(lake.root) as lake.held, pytest.raises(LeaseLost):
        lake.append_rows(BATCH_DECISIONS, made)
    assert lake.is_empty(BATCH_DECISIONS)
