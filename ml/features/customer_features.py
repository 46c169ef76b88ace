"""Features of customers, point-in-time correct: what was known before a cut-off, and nothing of it or after it.

Orders and returns count by their day in the zone of their source. Contacts and versions of customers have an instant
and no zone: of these only what lies before the cut-off everywhere on earth counts.

What is known today of an order placed before a cut-off is taken for what was known then: gold keeps no history of the
status of an order, so an order that was cancelled or refunded after the cut-off is left out of its features too.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.gold.features import CUSTOMER_FEATURES
from ml.features.purchases import AT, before_cut_offs, purchases

ATTRIBUTES = ("acquisition_channel", "customer_segment", "country_code")
_YEAR = 365.25


def customer_features(
    orders: DataFrame,
    returns: DataFrame,
    customers: DataFrame,
    touches: DataFrame,
    *,
    cut_offs: Sequence[date],
    look_back_days: int,
    everyone_at: Collection[date] = (),
) -> DataFrame:
    """Grain: one customer and cut-off, as gold.customer_features.

    Those who placed a completed order in the look-back days before the cut-off; at the cut-offs `everyone_at` also
    those whose last order is longer ago. Takes gold.order_totals, gold.fact_returns as counted_returns gives it,
    gold.dim_customer and silver.campaign_touches. Cost: one shuffle of the orders; a row for each order and cut-off
    that follows it.
    """
    bought = purchases(orders, cut_offs)
    is_asked = F.col("days_since_last_order") <= look_back_days
    for day in everyone_at:
        is_asked = is_asked | (F.col("cut_off") == F.lit(day))
    rows = (
        bought.where(is_asked)
        .join(came_back(returns, customers, cut_offs), AT, "left")
        .join(contacts(touches, cut_offs), ["source_system", "customer_id", "cut_off"], "left")
        .join(attributes(customers, cut_offs), AT, "left")
    )
    counts = ("return_lines_before", "returned_units_before", "contacts_30d", "contacts_90d")
    place = 2 * math.pi * F.dayofyear("cut_off") / _YEAR
    signed_up = F.coalesce(F.date_diff("cut_off", "signed_up_on"), F.lit(0))
    return rows.withColumns(
        {name: F.coalesce(name, F.lit(0)) for name in counts}
        | {
            "tenure_days": F.greatest("age_days", signed_up),
            "refund_share": _share(F.try_element_at("_refunds", F.col("currency")), F.col("revenue_before")),
            "season_sin": F.sin(place),
            "season_cos": F.cos(place),
        }
    ).select(*(F.col(column.name).cast(column.type) for column in CUSTOMER_FEATURES.columns))


def came_back(returns: DataFrame, customers: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Grain: one customer with returns before the cut-off; `_refunds` by currency."""
    versions = customers.select("customer_key", "customer_durable_key")
    known = before_cut_offs(returns.join(versions, "customer_key"), F.col("return_date"), cut_offs)
    by_currency = known.groupBy(*AT, "currency").agg(
        F.count("*").alias("lines"), F.sum("returned_units").alias("units"), F.sum("refund_amount").alias("refund")
    )
    return by_currency.groupBy(*AT).agg(
        F.sum("lines").alias("return_lines_before"),
        F.sum("units").alias("returned_units_before"),
        F.map_from_entries(F.collect_list(F.struct("currency", "refund"))).alias("_refunds"),
    )


def contacts(touches: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Grain: one customer with contacts in the 90 days before the cut-off. Customers held out were not contacted."""
    known = before_cut_offs(touches.where("NOT is_holdout"), contact_day(), cut_offs).where("_ago <= 90")
    return known.groupBy("source_system", "customer_id", "cut_off").agg(
        F.count_if(F.col("_ago") <= 30).alias("contacts_30d"), F.count("*").alias("contacts_90d")
    )


def contact_day() -> Column:
    """The day of a contact where days begin first."""
    return F.to_date(F.col("touched_at") + _ahead())


def attributes(customers: DataFrame, cut_offs: Sequence[date], *more: str) -> DataFrame:
    """Grain: one customer; the version that was valid at the last instant before the cut-off. `more` columns stay."""
    begins = F.col("cut_off").cast("timestamp") - _ahead()
    return (
        customers.withColumn("cut_off", F.explode(F.array(*(F.lit(one) for one in cut_offs))))
        .where((F.col("valid_from") < begins) & (begins <= F.col("valid_to")))
        .select(*AT, "signed_up_on", *ATTRIBUTES, *more)
    )


def _ahead() -> Column:
    """By so much the day begins earlier where it begins first than it does by UTC."""
    return F.expr("INTERVAL 14 HOURS")


def _share(part: Column, whole: Column) -> Column:
    return F.try_divide(F.coalesce(part, F.lit(0)).cast("double"), whole.cast("double"))
