"""What silver works out from the canonical columns that a source gives."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from lakehouse.settings import Calendar
from lakehouse.silver.line_amounts import reasons_of_line_amounts, with_line_amounts
from lakehouse.sources.mapping.codes import codes
from lakehouse.sources.mapping.countries import country_lookup
from lakehouse.tables.feeds import Feed
from lakehouse.tables.reasons import RowReason

COUNTRY_NAMES = {"country_name": "country_code", "ship_country_name": "ship_country_code"}
_DAYS = {
    "ordered_at": ("order_date", "order_month"),
    "returned_at": ("return_date", "return_month"),
    "charged_at": ("charge_date", "charge_month"),
}


def with_worked_out_columns(rows: DataFrame, feed: Feed, mapped: Collection[str]) -> DataFrame:
    """Adds the columns of the feed's table that follow from others: days, amounts, country codes, plain forms.

    `mapped` are the columns that the source gives.
    """
    names = set(feed.table.column_names)
    rows = with_plain_forms(rows, names)
    if feed.happened_at in _DAYS:
        day, month = _DAYS[feed.happened_at]
        rows = rows.withColumn(day, F.col("_local").cast("date")).withColumn(month, F.trunc(F.col(day), "month"))
    if "gross_revenue" in names:
        rows = with_line_amounts(rows, mapped)
    for name, code in COUNTRY_NAMES.items():
        if name in names:
            rows = with_country(rows, name, code)
    return rows


def with_plain_forms(rows: DataFrame, names: Collection[str]) -> DataFrame:
    """Letters of one case where case means nothing, in those of `names`: e-mail addresses lower, currencies upper."""
    if "email" in names:
        rows = rows.withColumn("email", F.lower("email"))
    if "currency" in names:
        rows = rows.withColumn("currency", F.upper("currency"))
    return rows


def with_country(rows: DataFrame, name: str, code: str) -> DataFrame:
    """The ISO code and name for what a source writes; an unknown country keeps its text and has no code."""
    schema = StructType([StructField(field, StringType()) for field in ("_written", "_code", "_name")])
    known = rows.sparkSession.createDataFrame(
        [(written, iso, plain) for written, (iso, plain) in country_lookup().items()], schema
    )
    is_known = F.col("_written").isNotNull()
    return (
        rows.join(F.broadcast(known), F.lower(F.col(name)) == F.col("_written"), "left")
        .withColumn(name, F.when(is_known, F.col("_name")).otherwise(F.col(name)))
        .withColumn(code, F.col("_code"))
        .drop("_written", "_code", "_name")
    )


def reasons_of_time(feed: Feed, as_of: Column, calendar: Calendar) -> Column:
    """Codes for rows that happened after `as_of` or outside the calendar (array, empty where none)."""
    if feed.happened_at is None:
        return F.array().cast("array<string>")
    is_instant = feed.table.column(feed.happened_at).type == "TIMESTAMP"
    day = F.col("_local").cast("date") if is_instant else F.col(feed.happened_at)
    outside = ~day.between(F.lit(calendar.first_day), F.lit(calendar.last_day))
    return codes(
        F.when(day > as_of, F.lit(RowReason.IN_FUTURE.of(feed.happened_at))),
        F.when(outside, F.lit(RowReason.OUTSIDE_CALENDAR.of(feed.happened_at))),
    )


def reasons_of_amount(feed: Feed, mapped: Collection[str]) -> Column:
    """A line without an amount, or with one that is too large for the lake's money type."""
    if "gross_revenue" not in feed.table.column_names:
        return F.array().cast("array<string>")
    return reasons_of_line_amounts(mapped)
