"""Rates to the reporting currency."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from lakehouse.gold.refresh import counted, months_of
from lakehouse.lake import Lake
from lakehouse.tables.model import Table
from lakehouse.tables.silver import FX_RATES

RATE = "reporting_rate"


def rates_by_month(rates: DataFrame, last_day: date) -> DataFrame:
    """Each rate with the days on which it is the newest (`_since` to `_until`), once for every month it touches.

    By months, so that a line meets the few rates of its month and not the history of its currency.
    """
    following = F.lead("rate_date").over(Window.partitionBy("source_system", "currency").orderBy("rate_date"))
    until = F.coalesce(F.date_sub(following, 1), F.lit(last_day))
    months = F.sequence(F.trunc("rate_date", "month"), F.trunc("_until", "month"), F.expr("INTERVAL 1 MONTH"))
    return (
        rates.where(F.col("rate_date") <= F.lit(last_day))
        .withColumn("_until", until)
        .select(
            F.col("source_system").alias("_r_source"),
            F.col("currency").alias("_r_currency"),
            F.col("rate_date").alias("_since"),
            "_until",
            "exchange_rate",
            F.explode(months).alias("_month"),
        )
    )


def with_reporting_rate(
    rows: DataFrame, rates: DataFrame | None, *, day: str, month: str, reporting_currency: str, last_day: date
) -> DataFrame:
    """Adds `reporting_rate`: 1 for the reporting currency itself, else the newest rate of the day or before it.

    Only rates of the row's own source count. NULL where none is known; `rates` is None where no source sends any.
    `month` is the column that holds the first day of the month of `day`, `last_day` the end of the calendar.
    """
    known = F.lit(None)
    if rates is not None:
        holds = (
            (F.col("source_system") == F.col("_r_source"))
            & (F.col("currency") == F.col("_r_currency"))
            & (F.col(month) == F.col("_month"))
            & F.col(day).between(F.col("_since"), F.col("_until"))
        )
        rows = rows.join(rates_by_month(rates, last_day), holds, "left")
        known = F.col("exchange_rate")
    rate = F.when(F.col("currency") == reporting_currency, F.lit(1)).otherwise(known)
    helpers = ("_r_source", "_r_currency", "_since", "_until", "_month", "exchange_rate")
    return rows.withColumn(RATE, rate.cast("DECIMAL(18,8)")).drop(*helpers)


def months_with_new_rates(lake: Lake, facts: Table, *, day: str, month: str) -> set[date]:
    """Months of the facts whose rate may be another since rates changed: those from the first changed day on."""
    rows = lake.changes(FX_RATES).rows
    if rows is None:
        return set()
    changed = rows.groupBy("source_system", "currency").agg(F.min("rate_date").alias("_since"))
    with counted(changed) as since:
        if since is None:
            return set()
        [[earliest]] = since.agg(F.min("_since")).collect()
        concerned = lake.read(facts).where(F.col(month) >= F.trunc(F.lit(earliest), "month"))
        found = concerned.join(since, ["source_system", "currency"]).where(F.col(day) >= F.col("_since"))
        return months_of(found.select(month))


def rates_of(lake: Lake) -> DataFrame | None:
    """All rates, None where no source sends any."""
    return None if lake.is_empty(FX_RATES) else lake.read(FX_RATES)
