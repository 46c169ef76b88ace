"""gold.fact_returns: every refunded line, matched to the line that was sold as far as that is known."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.refresh import counted, months_due, months_of, months_of_changes
from lakehouse.gold.star.dim_customer import CUSTOMER
from lakehouse.gold.star.dim_product import PRODUCT
from lakehouse.gold.star.keys import date_key, version_key
from lakehouse.gold.star.members import Dimension
from lakehouse.gold.star.rates import months_with_new_rates, rates_of, with_reporting_rate
from lakehouse.gold.star.versions import FROM, before_and_after, differing_spans, with_version
from lakehouse.lake import Lake
from lakehouse.matching import ORDER, with_matched_line
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import FACT_RETURNS
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS, RETURNS

READS = (RETURNS, ORDER_LINES, CUSTOMERS, PRODUCTS, FX_RATES)
SOLD = ("line_number", "customer_id", "product_id", "ordered_at", "order_date", "order_status")


def with_sold_line(returns: DataFrame, lines: DataFrame) -> DataFrame:
    """Adds `_sold`, with the columns SOLD: see `with_matched_line`."""
    return with_matched_line(returns, lines, SOLD)


def _with_what_was_sold(returns: DataFrame) -> DataFrame:
    """Order, line, customer and product as far as `_sold` or the return says them; `_at`, when they are bound."""
    is_matched = F.col("_sold").isNotNull()
    return returns.withColumns(
        {
            "stated_order_id": F.col("order_id"),
            "is_matched": is_matched,
            "order_id": F.when(is_matched, F.col("order_id")),
            "line_number": F.col("_sold.line_number"),
            "order_date": F.col("_sold.order_date"),
            "order_status": F.col("_sold.order_status"),
            "customer_id": F.coalesce("customer_id", "_sold.customer_id"),
            "product_id": F.coalesce("product_id", "_sold.product_id"),
            "_at": F.coalesce("_sold.ordered_at", "returned_at"),
        }
    )


def fact_returns(
    returns: DataFrame,
    lines: DataFrame,
    customers: DataFrame,
    products: DataFrame,
    rates: DataFrame | None,
    *,
    reporting_currency: str,
    last_day: date,
) -> DataFrame:
    """Grain: one refunded line. `lines` holds at least all lines of the orders that the returns name.

    Customer and product are those of the time of the order, or of the return where the sold line is not known.
    """
    matched = _with_what_was_sold(with_sold_line(returns, lines))
    at = F.col("_at")
    bound = with_version(matched, customers, "customer_id", at=at, take={"valid_from": "_customer_from"})
    bound = with_version(bound, products, "product_id", at=at, take={"valid_from": "_product_from"})
    bound = with_reporting_rate(
        bound, rates, day="return_date", month="return_month", reporting_currency=reporting_currency, last_day=last_day
    )
    return bound.select(
        "*",
        version_key(F.col("customer_id"), F.col("_customer_from")).alias("customer_key"),
        version_key(F.col("product_id"), F.col("_product_from")).alias("product_key"),
        date_key(F.col("return_date")).alias("date_key"),
        F.lit(reporting_currency).alias("reporting_currency"),
    ).select(*FACT_RETURNS.column_names)


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def months_of_changed_orders(lake: Lake) -> set[date]:
    """Months with returns that name orders of which lines changed."""
    lines = lake.changes(ORDER_LINES).rows
    if lines is None:
        return set()
    orders = lines.select(*ORDER).distinct()
    naming = lake.read(RETURNS).where("order_id IS NOT NULL").join(orders, ORDER, "leftsemi")
    return months_of(naming.select("return_month"))


def months_rebound(lake: Lake, dimension: Dimension) -> set[date]:
    """Months with published returns that may be bound to other versions of members since these changed."""
    if (versions := before_and_after(lake, dimension)) is None:
        return set()
    old, new = versions
    keys, member_id = list(dimension.keys), F.col(dimension.id_name)
    (key_name,) = dimension.table.key
    spans = differing_spans(old, new, keys, ()).groupBy(*keys).agg(F.min(FROM).alias(FROM))
    key = version_key(member_id, F.col("valid_from")).alias(key_name)
    with counted(old.join(spans, keys).select(key, FROM)) as rebound:
        if rebound is None:
            return set()
        published = lake.read_published(FACT_RETURNS).join(rebound, key_name)
        return months_of(published.where(may_bind_after(F.col(FROM))).select("return_month"))


def may_bind_after(instant: Column) -> Column:
    """Whether a return may be bound at or after an instant; a day more, since days follow the zone of the source."""
    bound_on = F.date_add(F.coalesce("order_date", "return_date"), 1)
    # Days before the first that a date can hold cannot be told from that first one.
    return bound_on >= F.greatest(instant, F.lit("1600-01-01").cast("timestamp")).cast("date")


def touched_months(lake: Lake) -> set[date]:
    """Months of which a return came, went or changed, or is matched or bound otherwise."""
    return (
        months_of_changes(lake.changes(RETURNS), "return_month")
        | months_of_changed_orders(lake)
        | months_rebound(lake, CUSTOMER)
        | months_rebound(lake, PRODUCT)
        | months_with_new_rates(lake, RETURNS, day="return_date", month="return_month")
    )


def build(lake: Lake, settings: Settings) -> None:
    def facts(returns: DataFrame, lines: DataFrame) -> DataFrame:
        return fact_returns(
            returns,
            lines,
            lake.read(CUSTOMERS),
            lake.read(PRODUCTS),
            rates_of(lake),
            reporting_currency=settings.reporting_currency,
            last_day=settings.calendar.last_day,
        )

    if (months := months_due(lake, (FACT_RETURNS,), READS, touched_months)) is None:
        return
    returns = months.of(lake.read(RETURNS), "return_month")
    with counted(returns.where("order_id IS NOT NULL").select(*ORDER).distinct()) as orders:
        # Worked out first: the orders' number decides how the lines are searched.
        lines = lake.read(ORDER_LINES).select(*ORDER, *SOLD)
        none = lines.where("false")
        with counted(none if orders is None else lines.join(orders, ORDER, "leftsemi")) as named:
            months.replace(lake, FACT_RETURNS, facts(returns, none if named is None else named))


STEP = Step("fact_returns", READS, (FACT_RETURNS,), build)
