"""Promise P5 for gold: star and marts built in increments equal a rebuild, and the star is what plain loops say."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.gold import STEPS
from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.publication import publish
from lakehouse.pipeline.steps import run_steps
from lakehouse.settings import Calendar, Settings, load_settings
from lakehouse.tables import gold
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.model import Table
from lakehouse.terminal import Terminal
from tests.gold.random_silver import KINDS, RandomSilver, Tables, expected_return, expected_sale
from tests.lakes import arrow, frame_of

NOW = datetime(2024, 7, 1, tzinfo=UTC)
# One kind of row at a time, so that no month is built again for another reason; then all at once.
INCREMENTS: tuple[tuple[str, ...], ...] = ((), ("products",), ("customers",), KINDS)


@pytest.fixture(scope="module")
def settings() -> Settings:
    days = Calendar(first_day=date(2024, 1, 1), last_day=date(2024, 12, 31), holiday_countries=("GB",))
    return load_settings(reporting_currency="GBP", calendar=days)


def handle(spark: SparkSession, root: Path, *, rebuild: bool = False) -> Lake:
    return Lake(spark, root, run_id="test", as_of=NOW.date(), rebuild=rebuild)


def fill(lake: Lake, tables: Tables) -> None:
    """Makes silver hold exactly these rows, touching those that differ, as the silver stage does: all tables exist."""
    for feed in FEEDS.values():
        lake.ensure(feed.table)
    for name, rows in tables.items():
        table = FEEDS[name].table
        lake.replace_rows(table, frame_of(lake.spark, arrow(table, rows)), lake.read(table))


def build_gold(lake: Lake, settings: Settings) -> list[str]:
    with Events(lake.root, "test", progress=Terminal(file=io.StringIO())) as events:
        return run_steps(STEPS, lake, settings, events, stage="gold")


def published(lake: Lake, settings: Settings) -> list[str]:
    """Builds gold and publishes. Returns the steps that ran."""
    done = build_gold(lake, settings)
    publish(lake, batches=[], configuration={}, now=NOW)
    return done


def content(lake: Lake, table: Table) -> Counter[tuple[Any, ...]]:
    # As text, for Python cannot hold every instant that Spark can.
    rows = lake.read(table).select(*(F.col(name).cast("string") for name in table.business_columns)).collect()
    return Counter(tuple(row) for row in rows)


def as_text(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    def text(value: Any) -> Any:
        return f"{value:%Y-%m-%d}".zfill(10) if isinstance(value, datetime) else value

    return Counter(tuple(text(value) for value in row) for row in rows)


def sales_as_built(lake: Lake) -> Counter[tuple[Any, ...]]:
    customers, products, places, campaigns = (
        lake.read(table) for table in (gold.DIM_CUSTOMER, gold.DIM_PRODUCT, gold.DIM_GEOGRAPHY, gold.DIM_CAMPAIGN)
    )
    rows = (
        lake.read(gold.FACT_SALES)
        .join(customers.select("customer_key", "customer_id", F.col("valid_from").alias("c")), "customer_key")
        .join(products.select("product_key", "product_id", F.col("valid_from").alias("p")), "product_key")
        .join(places, "geography_key")
        .join(campaigns.select("campaign_key", "campaign_id"), "campaign_key")
        .selectExpr(
            "source_system", "order_id", "line_number", "customer_id", "left(string(c), 10)", "product_id",
            "left(string(p), 10)", "country_name", "city", "campaign_id", "cost", "reporting_rate",
        )
    )  # fmt: skip
    return Counter(tuple(row) for row in rows.collect())


def returns_as_built(lake: Lake) -> Counter[tuple[Any, ...]]:
    customers, products = lake.read(gold.DIM_CUSTOMER), lake.read(gold.DIM_PRODUCT)
    rows = (
        lake.read(gold.FACT_RETURNS)
        .join(customers.select("customer_key", "customer_id", F.col("valid_from").alias("c")), "customer_key")
        .join(products.select("product_key", "product_id", F.col("valid_from").alias("p")), "product_key")
        .selectExpr(
            "source_system", "return_id", "order_id", "line_number", "stated_order_id", "customer_id",
            "left(string(c), 10)", "product_id", "left(string(p), 10)", "reporting_rate",
        )
    )  # fmt: skip
    return Counter(tuple(row) for row in rows.collect())


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("seed", [1])
def test_increments_end_in_the_star_that_a_rebuild_makes(
    spark: SparkSession, tmp_path: Path, settings: Settings, seed: int
) -> None:
    world, incremental = RandomSilver(seed), handle(spark, tmp_path / "increments")
    for changed in INCREMENTS:
        world.change(*changed)
        incremental = handle(spark, tmp_path / "increments")
        fill(incremental, world.tables())
        published(incremental, settings)
    whole = handle(spark, tmp_path / "whole")
    fill(whole, world.tables())
    published(whole, settings)
    for table in gold.TABLES:
        built, again = content(incremental, table), content(whole, table)
        assert (table.name, built - again, again - built) == (table.name, Counter(), Counter())
    tables = world.tables()
    assert sales_as_built(whole) == as_text(expected_sale(row, tables) for row in world.rows["lines"].values())
    assert returns_as_built(whole) == as_text(expected_return(row, tables) for row in world.rows["returns"].values())


@pytest.mark.long
@pytest.mark.journey
def test_nothing_new_in_silver_commits_nothing_to_gold(spark: SparkSession, tmp_path: Path, settings: Settings) -> None:
    world = RandomSilver(2, size=6)
    lake = handle(spark, tmp_path)
    fill(lake, world.tables())
    published(lake, settings)
    versions = {table.name: lake.version(table) for table in gold.TABLES}
    again = handle(spark, tmp_path)
    fill(again, world.tables())
    assert build_gold(again, settings) == []
    assert {table.name: again.version(table) for table in gold.TABLES} == versions
