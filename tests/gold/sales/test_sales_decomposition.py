"""Daily series: what is added up, and that every day counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pyspark.sql import SparkSession

from lakehouse.gold.sales.decomposition import DECOMPOSED, TOO_SHORT
from lakehouse.gold.sales.sales_decomposition import daily_series, series_of, taken_apart
from lakehouse.settings import load_settings
from lakehouse.tables.gold.sales import DAILY_SALES
from tests.gold.stars import frame

FIRST = date(2024, 1, 1)


def test_series_add_up_and_days_without_sales_are_zero(spark: SparkSession) -> None:
    cells = [
        (0, "mugs", "France", 3, 30),
        (0, "hats", "France", 1, 20),
        (2, "mugs", "Spain", 2, 10),
        (3, "hats", "Spain", 9, 9),
    ]
    rows = [
        {
            "full_date": FIRST + timedelta(days=day), "category": category, "country_name": country,
            "leading_orders": orders, "net_revenue": Decimal(revenue), "lines": 5,
        }
        for day, category, country, orders, revenue in cells
    ]  # fmt: skip
    found = daily_series(frame(spark, DAILY_SALES, rows), as_of=FIRST + timedelta(days=3))
    series = {
        (key[2], key[3], key[4]): values.tolist()
        for key, _, values in series_of([row.asDict() for row in found.collect()])
    }
    # The day of as_of is not over.
    assert series["total", "all", "orders"] == [4, 0, 2]
    assert series["category", "mugs", "revenue"] == [30, 0, 10]
    assert series["country", "Spain", "orders"] == [0, 0, 2]
    assert len(series) == 2 * (1 + 2 + 2)


def test_a_series_says_what_came_of_it_and_has_a_row_for_each_day() -> None:
    rules = load_settings().analytics.decomposition
    series = {"source_system": "s", "currency": "GBP", "series": "total", "series_value": "all"}
    days = [
        series | {"full_date": FIRST + timedelta(days=n), "orders": 20 + n % 7 + n % 3, "revenue": n} for n in range(70)
    ]
    (key, first, values), _ = series_of(days)
    row, parts = taken_apart(key, first, values, rules)
    assert (row["series_outcome"], row["method"], row["days"]) == (DECOMPOSED, "STL 7", 70)
    assert [one["full_date"] for one in parts] == [FIRST + timedelta(days=n) for n in range(70)]
    assert taken_apart(key, first, values[:20], rules)[0]["series_outcome"] == TOO_SHORT
    assert taken_apart(key, first, values[:20], rules)[1] == []
