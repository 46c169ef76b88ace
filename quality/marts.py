"""What is expected of whole marts: that they add up to what they are made of."""

from __future__ import annotations

from pyspark.sql import functions as F

from lakehouse.gold._amounts import completed_sales, converted_sources
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.marts import (
    CUSTOMER_RFM,
    DAILY_SALES,
    MART_CURRENCIES,
    ORDER_TOTALS,
    PRODUCT_DAYS,
    RFM_SEGMENTS,
)
from lakehouse.tables.model import Table
from quality.demands import Demand
from quality.measures import same_sums
from quality.staged import Staged
from quality.verdicts import Measured

MONEY = ("units", "gross_revenue", "net_revenue")


def mart_demands() -> list[Demand]:
    """All of them; each is critical, for a mart that does not add up misleads whoever reads it."""
    return [
        Demand(
            "same_sums",
            DAILY_SALES,
            f"{', '.join(MONEY)} equal those of the completed lines of {FACT_SALES.name}, per source and currency",
            MONEY,
            sums_of_completed_lines,
            reads=(FACT_SALES, MART_CURRENCIES),
        ),
        _as_daily(ORDER_TOTALS),
        _as_daily(PRODUCT_DAYS),
        Demand(
            "same_customers",
            RFM_SEGMENTS,
            f"customers and money of all segments are those of {CUSTOMER_RFM.name}",
            ("customers", "monetary"),
            customers_of_segments,
            reads=(CUSTOMER_RFM,),
        ),
    ]


def _as_daily(table: Table) -> Demand:
    # Cheaper than a look at the lines, which those of daily_sales were held against.
    return Demand(
        "same_sums",
        table,
        f"{', '.join(MONEY)} equal those of {DAILY_SALES.name}, per source and currency",
        MONEY,
        lambda staged: same_sums(staged.whole(DAILY_SALES), staged.whole(table), MONEY, with_rows=False),
        reads=(DAILY_SALES,),
    )


def sums_of_completed_lines(staged: Staged) -> Measured:
    """Sums of gold.daily_sales that are not those of the lines, each converted by itself."""
    lines = completed_sales(staged.whole(FACT_SALES), converted_sources(staged.lake))
    return same_sums(lines, staged.whole(DAILY_SALES), MONEY, with_rows=False)


def customers_of_segments(staged: Staged) -> Measured:
    """Counts and sums of segments that are not those of the customers."""
    customers = staged.whole(CUSTOMER_RFM).withColumn("customers", F.lit(1))
    return same_sums(customers, staged.whole(RFM_SEGMENTS), ("customers", "monetary"), with_rows=False)
