"""gold.sales_decomposition and gold.sales_series: trend, seasons and odd days of daily orders and revenue.

Series are the total, each category and each country of a source, by currency. All run from the first to the last day
with a completed order of the source, before `as_of`; days without sales are 0. Sums by day are made in Spark; the
series are taken apart by numpy on the driver: there are as many values as days x (categories + countries).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.sales.decomposition import (
    DECOMPOSED,
    Parts,
    Values,
    decompose,
    growth_over,
    outcome_of,
    year_on_year,
)
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.marts import Decomposition
from lakehouse.step import Step
from lakehouse.tables.gold.sales import DAILY_SALES, SALES_DECOMPOSITION, SALES_SERIES
from lakehouse.tables.model import Table

WRITES = (SALES_DECOMPOSITION, SALES_SERIES)
MEASURES = ("orders", "revenue")
SERIES = ("source_system", "currency", "series", "series_value")
Key = tuple[str, ...]
Row = dict[str, Any]


def daily_series(daily: DataFrame, *, as_of: date) -> DataFrame:
    """`orders` and `revenue` by series and day, of days with a completed line before `as_of`.

    An order counts in the category and country of its first line, so series of one kind add up to the total.
    """
    kinds = F.array(
        F.struct(F.lit("total").alias("a"), F.lit("all").alias("b")),
        F.struct(F.lit("category").alias("a"), F.col("category").alias("b")),
        F.struct(F.lit("country").alias("a"), F.col("country_name").alias("b")),
    )
    known = daily.where((F.col("full_date") < F.lit(as_of)) & (F.col("lines") > 0))
    return (
        known.groupBy("source_system", "currency", "full_date", "category", "country_name")
        .agg(F.sum("leading_orders").alias("orders"), F.sum("net_revenue").alias("revenue"))
        .withColumn("_kind", F.explode(kinds))
        .groupBy(
            "source_system",
            "currency",
            F.col("_kind.a").alias("series"),
            F.col("_kind.b").alias("series_value"),
            "full_date",
        )
        .agg(F.sum("orders").alias("orders"), F.sum("revenue").alias("revenue"))
    )


def completed(found: Mapping[date, float], first: date, last: date) -> Values:
    """One value for each day; 0 where there is none."""
    return np.array([found.get(first + timedelta(days=n), 0.0) for n in range((last - first).days + 1)], dtype=float)


def series_of(rows: list[Row]) -> Iterator[tuple[Key, date, Values]]:
    """(source, currency, series, value, measure), first day and values of each series, in order."""
    spans: dict[tuple[str, str], tuple[date, date]] = {}
    found: dict[Key, dict[date, float]] = {}
    for row in rows:
        day, group = row["full_date"], (row["source_system"], row["currency"])
        first, last = spans.get(group, (day, day))
        spans[group] = min(first, day), max(last, day)
        for measure in MEASURES:
            key = (*(row[name] for name in SERIES), measure)
            found.setdefault(key, {})[day] = float(row[measure])
    for key in sorted(found):
        first, last = spans[key[0], key[1]]
        yield key, first, completed(found[key], first, last)


def taken_apart(key: Key, first: date, values: Values, rules: Decomposition) -> tuple[Row, list[Row]]:
    """The row of gold.sales_series, and those of gold.sales_decomposition."""
    named: Row = dict(zip((*SERIES, "measure"), key, strict=True))
    outcome = outcome_of(values, rules)
    last = first + timedelta(days=len(values) - 1)
    row = named | {"first_day": first, "last_day": last, "days": len(values), "series_outcome": outcome}
    row["year_on_year"] = year_on_year(values)
    if outcome != DECOMPOSED:
        return row, []
    parts = decompose(values, rules)
    row |= {name: getattr(parts, name) for name in ("method", "trend_strength", "weekly_strength", "yearly_strength")}
    row["growth"] = growth_over(parts.trend)
    row["anomalies"], row["change_points"] = int(parts.anomalies.sum()), len(parts.change_points)
    return row, [named | day for day in _days(first, values, parts)]


def _days(first: date, values: Values, parts: Parts) -> Iterator[Row]:
    shifts = set(parts.change_points)
    for place, value in enumerate(values):
        yield {
            "full_date": first + timedelta(days=place),
            "value": float(value),
            "trend": float(parts.trend[place]),
            "weekly": float(parts.weekly[place]),
            "yearly": None if parts.yearly is None else float(parts.yearly[place]),
            "remainder": float(parts.remainder[place]),
            "is_anomaly": bool(parts.anomalies[place]),
            "is_change_point": place in shifts,
        }


def build(lake: Lake, settings: Settings) -> None:
    """Both tables whole: one more day moves every trend."""
    series: list[Row] = []
    days: list[Row] = []
    found = [row.asDict() for row in daily_series(lake.read(DAILY_SALES), as_of=lake.as_of).collect()]
    for key, first, values in series_of(found):
        row, parts = taken_apart(key, first, values, settings.analytics.decomposition)
        series.append(row)
        days += parts
    for table, rows in ((SALES_SERIES, series), (SALES_DECOMPOSITION, days)):
        lake.replace_all(table, _frame(lake, table, rows))


def _frame(lake: Lake, table: Table, rows: list[Row]) -> DataFrame:
    schema = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    return lake.spark.createDataFrame([tuple(row.get(name) for name in table.column_names) for row in rows], schema)


STEP = Step("sales_decomposition", (DAILY_SALES,), WRITES, build, follows_as_of=True)
