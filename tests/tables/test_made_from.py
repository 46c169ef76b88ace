"""Lineage as declared is that of the steps that make the tables."""

import pytest

from lakehouse.gold.steps import STEPS
from lakehouse.tables import gold
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.gold.scores import TABLES as PREDICTED
from lakehouse.tables.made_from import MADE_FROM, ancestors, feeds_behind
from lakehouse.tables.views import VIEWS
from ml.stages.shops import READS
from ml.steps import STEPS as STEPS_OF_MODELS


def test_a_table_is_made_from_what_its_step_reads() -> None:
    by_steps = {
        table.name: {read.name for read in step.reads} for step in (*STEPS, *STEPS_OF_MODELS) for table in step.writes
    }
    predicted = {table.name: {read.name for read in READS} for table in PREDICTED}
    views = {view.name: set(view.reads) for view in VIEWS}
    assert {name: set(reads) for name, reads in MADE_FROM.items()} == by_steps | predicted | views
    assert {table.name for table in gold.TABLES} <= set(MADE_FROM)


def test_all_that_stands_behind_a_table_comes_once_and_the_nearest_first() -> None:
    found = ancestors(["gold.sales_series"])
    assert found[:2] == ["gold.sales_series", "gold.daily_sales"]
    assert len(found) == len(set(found))
    assert {"gold.fact_sales", "silver.order_lines", "silver.fx_rates"} <= set(found)
    assert "silver.campaign_spend" not in found


@pytest.mark.parametrize(
    ("table", "feeds"),
    [
        ("gold.product_affinity", ["customers", "products", "order_lines", "returns", "fx_rates"]),
        ("silver.campaign_spend", ["campaign_spend"]),
        ("gold.dim_date", []),
        ("silver.quarantine", list(FEEDS)),
        ("silver.lineage", list(FEEDS)),
    ],
)
def test_files_behind_a_table_are_those_of_the_feeds_of_silver_behind_it(table: str, feeds: list[str]) -> None:
    assert feeds_behind([table]) == feeds
