"""What is expected of whole marts: that they add up to what they are made of."""

from __future__ import annotations

from functools import partial

from lakehouse.delta.quoting import literal
from lakehouse.gold.amounts import converted_sources
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.gold.customers import CUSTOMER_RFM, RFM_SEGMENTS
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import DAILY_SALES, MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.model import Table
from quality.checks.check import Check
from quality.checks.measures import same_sums
from quality.heads import Heads
from quality.verdicts import Measured

MONEY = ("units", "gross_revenue", "net_revenue")


def mart_checks() -> list[Check]:
    """All of them; each is critical, for a mart that does not add up misleads whoever reads it."""
    return [
        Check(
            "same_sums",
            DAILY_SALES,
            f"{', '.join(MONEY)} equal those of the completed lines of {FACT_SALES.name}, per source and currency",
            MONEY,
            sums_of_completed_lines,
            reads=(FACT_SALES, MART_CURRENCIES),
        ),
        _as_daily(ORDER_TOTALS),
        _as_daily(PRODUCT_DAYS),
        Check(
            "same_customers",
            RFM_SEGMENTS,
            f"customers and money of all segments are those of {CUSTOMER_RFM.name}",
            ("customers", "monetary"),
            customers_of_segments,
            reads=(CUSTOMER_RFM,),
        ),
    ]


def _as_daily(table: Table) -> Check:
    # Cheaper than a look at the lines, which those of daily_sales were held against.
    return Check(
        "same_sums",
        table,
        f"{', '.join(MONEY)} equal those of {DAILY_SALES.name}, per source and currency",
        MONEY,
        partial(same_sums, here=DAILY_SALES.name, there=table.name, amounts=MONEY, with_rows=False),
        reads=(DAILY_SALES,),
    )


def sums_of_completed_lines(heads: Heads) -> Measured:
    """Sums of gold.daily_sales that are not those of the lines, each converted by itself."""
    converted = ", ".join(map(literal, converted_sources(heads.lake))) or "NULL"
    is_converted = f"source_system IN ({converted})"

    def amount(name: str) -> str:
        return f"CASE WHEN {is_converted} THEN CAST({name} * reporting_rate AS DECIMAL(18,4)) ELSE {name} END"

    lines = f"""(SELECT source_system, CASE WHEN {is_converted} THEN reporting_currency ELSE currency END AS currency,
        quantity AS units, {amount("gross_revenue")} AS gross_revenue,
        {amount("gross_revenue")} - {amount("discount")} AS net_revenue
        FROM {FACT_SALES.name} WHERE order_status = 'completed')"""
    return same_sums(heads, lines, DAILY_SALES.name, MONEY, with_rows=False)


def customers_of_segments(heads: Heads) -> Measured:
    """Counts and sums of segments that are not those of the customers."""
    customers = f"(SELECT source_system, currency, 1 AS customers, monetary FROM {CUSTOMER_RFM.name})"
    return same_sums(heads, customers, RFM_SEGMENTS.name, ("customers", "monetary"), with_rows=False)
