"""gold.mart_currencies: which currency the marts of each source are in."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.frames import union
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import MART_CURRENCIES

SOURCE = "source_system"


def mart_currencies(members: DataFrame, facts: list[DataFrame], *, reporting_currency: str) -> DataFrame:
    """Grain: one source. Its marts are converted where no line and no refund of it lacks a rate.

    `members` are those of a dimension. One unknown rate leaves all of the source in its own currencies: a total that
    is converted in part would mean nothing. Delta's statistics leave out files in which every row has a rate, and the
    only member without a customer is the unknown one of each source: both reads are small.
    """
    lacking = union([rows.where("reporting_rate IS NULL").select(SOURCE).distinct() for rows in facts]).distinct()
    lacking = lacking.withColumn("_lacks", F.lit(True))
    sources = members.where("customer_id IS NULL").select(SOURCE).distinct()
    return sources.join(lacking, SOURCE, "left").select(
        SOURCE, F.lit(reporting_currency).alias("reporting_currency"), F.col("_lacks").isNull().alias("is_converted")
    )


def build(lake: Lake, settings: Settings) -> None:
    """Commits only where a source is new or changed its currency: marts of all months follow it then."""
    facts = [lake.read(FACT_SALES), lake.read(FACT_RETURNS).where("refund_amount IS NOT NULL")]
    rows = mart_currencies(lake.read(DIM_CUSTOMER), facts, reporting_currency=settings.reporting_currency)
    found = sorted(rows.collect())
    if [row.asDict() for row in found] != _written(lake) or not lake.exists(MART_CURRENCIES):
        lake.overwrite(MART_CURRENCIES, lake.spark.createDataFrame(found, rows.schema))


def _written(lake: Lake) -> list[dict[str, Any]]:
    return sorted(small_rows(lake.root, MART_CURRENCIES), key=lambda row: str(row[SOURCE]))


STEP = Step("mart_currencies", (FACT_SALES, FACT_RETURNS, DIM_CUSTOMER), (MART_CURRENCIES,), build)
