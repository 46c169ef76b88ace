"""Texts that are taken for the present are refused, for their value changes by itself; what says its day is not."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.sources.mapping.refuse import refuse
from tests.sources.declared import declared

pytestmark = pytest.mark.spark

PRESENT = [
    ("cast('now' as timestamp)", "present"),
    ("to_date('Today')", "present"),
    ("datediff(' tomorrow ', price)", "present"),
    ("cast('yesterday Europe/Berlin' as date)", "present"),
    ("cast('today+01:00' as timestamp)", "present"),
    ("'n\\u006fw'", "present"),
    ("date'today'", "present"),
    ("DATE 't\\u006fday'", "present"),
    ("timestamp '10:00'", "present"),
    ("date /* of */ 'today'", "comment"),
    ("try_cast(price AS timestamp)", "without a day"),
]


@pytest.mark.parametrize(("sql", "word"), PRESENT)
def test_what_changes_with_the_day_is_refused_by_its_place(spark: SparkSession, sql: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse(spark, declared({"columns.unit_price": sql}))
    assert word in str(refused.value).split("feeds.order_lines.columns.unit_price: ")[1]


@pytest.mark.parametrize("sql", ["price = 'now or never'", "DATE'2024-01-01'", "TIMESTAMP 'epoch'", "price = 'todays'"])
def test_what_says_its_day_is_not(spark: SparkSession, sql: str) -> None:
    refuse(spark, declared({"columns.unit_price": sql}))
