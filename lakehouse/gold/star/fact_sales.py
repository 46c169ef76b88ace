"""gold.fact_sales: every order line, bound to the customer and product as they were when the order was placed."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.refresh import Months, counted, months_of, months_of_changes, refresh_months
from lakehouse.gold.star.dim_customer import CUSTOMER
from lakehouse.gold.star.dim_product import PRODUCT
from lakehouse.gold.star.keys import PLACE, date_key, geography_key, member_key, version_key
from lakehouse.gold.star.members import Dimension
from lakehouse.gold.star.places import LIVED_IN, place_of_sale, says_where
from lakehouse.gold.star.rates import months_with_new_rates, rates_of, with_reporting_rate
from lakehouse.gold.star.versions import FROM, TO, before_and_after, differing_spans, with_version
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS
from lakehouse.tables.types import MONEY

READS = (ORDER_LINES, CUSTOMERS, PRODUCTS, FX_RATES)
COSTS = ("unit_cost", "currency")
NO_SHIP_TO_ONLY = "_no_ship_to_only"


def cost(quantity: Column, unit_cost: Column, cost_currency: Column, currency: Column) -> Column:
    """Cost of a line; NULL where it is unknown or in another currency than the line, for nothing adds two up."""
    return F.when(cost_currency == currency, (quantity * unit_cost).try_cast(MONEY))


def fact_sales(
    lines: DataFrame,
    customers: DataFrame,
    products: DataFrame,
    rates: DataFrame | None,
    *,
    reporting_currency: str,
    last_day: date,
) -> DataFrame:
    """Grain: one line of one order, whatever its status. `customers` and `products` are all versions of silver.

    `last_day` is the end of the calendar.
    """
    at = F.col("ordered_at")
    bound = with_version(lines, customers, "customer_id", at=at, take={"valid_from": "_customer_from", **LIVED_IN})
    costs = {"valid_from": "_product_from", "unit_cost": "_unit_cost", "currency": "_cost_currency"}
    bound = with_version(bound, products, "product_id", at=at, take=costs)
    bound = with_reporting_rate(
        bound, rates, day="order_date", month="order_month", reporting_currency=reporting_currency, last_day=last_day
    )
    columns = {
        "customer_key": version_key(F.col("customer_id"), F.col("_customer_from")),
        "product_key": version_key(F.col("product_id"), F.col("_product_from")),
        "date_key": date_key(F.col("order_date")),
        "geography_key": geography_key(*place_of_sale()),
        "campaign_key": member_key(F.col("campaign_id")),
        "cost": cost(F.col("quantity"), F.col("_unit_cost"), F.col("_cost_currency"), F.col("currency")),
        "reporting_currency": F.lit(reporting_currency),
    }
    bound = bound.withColumns(columns)
    margin = (F.col("net_revenue") - F.col("cost")).try_cast(MONEY)
    return bound.withColumn("margin", margin).select(*FACT_SALES.column_names)


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def spans_of_customers(old: DataFrame, new: DataFrame) -> DataFrame:
    """When which customers' lines bind otherwise; a place alone matters only to lines that do not say where they go."""
    rebound = differing_spans(old, new, CUSTOMER.keys, ())
    moved = differing_spans(old, new, CUSTOMER.keys, PLACE)
    return rebound.withColumn(NO_SHIP_TO_ONLY, F.lit(False)).unionByName(moved.withColumn(NO_SHIP_TO_ONLY, F.lit(True)))


def spans_of_products(old: DataFrame, new: DataFrame) -> DataFrame:
    """When which products' lines bind otherwise or cost something else."""
    # The currency of a cost that is not known makes no difference.
    currency = F.when(F.col("unit_cost").isNotNull(), F.col("currency"))
    old, new = old.withColumn("currency", currency), new.withColumn("currency", currency)
    return differing_spans(old, new, PRODUCT.keys, COSTS).withColumn(NO_SHIP_TO_ONLY, F.lit(False))


def lines_in_spans(lines: DataFrame, spans: DataFrame, id_name: str) -> DataFrame:
    """`order_month` of the lines of members within their spans."""
    ordered_at, has_no_ship_to = F.col("ordered_at"), ~says_where()
    named = spans.withColumnsRenamed({"source_system": "_source", id_name: "_id"})
    is_member = (F.col("source_system") == F.col("_source")) & (F.col(id_name) == F.col("_id"))
    within = (ordered_at >= F.col(FROM)) & (ordered_at < F.col(TO)) & (~F.col(NO_SHIP_TO_ONLY) | has_no_ship_to)
    return lines.join(named, is_member & within).select("order_month")


def months_between(spans: DataFrame) -> Column | None:
    """Condition for the months that any of the spans reaches, and some more; None where there is no span.

    A month begins up to 31 days before a day of it (Sail truncates no day before 1678), and a day more on either side,
    since months follow the zone of the source.
    """
    # Clipped, since a day before the first or after the last one that a date can hold is an error, and Python hands
    # years before 1000 over with too few digits.
    first = F.greatest(F.col(FROM), F.lit("1600-01-01").cast("timestamp"))
    last = F.least(F.col(TO), F.lit("9000-01-01").cast("timestamp"))
    [found] = spans.agg(F.min(F.date_sub(first, 32)).alias("first"), F.max(F.date_add(last, 1)).alias("last")).collect()
    if found["first"] is None:
        return None
    return F.col("order_month").between(F.lit(found["first"]), F.lit(found["last"]))


def months_rebound(lake: Lake, dimension: Dimension) -> set[date]:
    """Months with lines that bind otherwise since versions of a dimension's members changed."""
    if (versions := before_and_after(lake, dimension)) is None:
        return set()
    spans_of = spans_of_customers if dimension is CUSTOMER else spans_of_products
    with counted(spans_of(*versions)) as spans:
        if spans is None or (reached := months_between(spans)) is None:
            return set()
        found = lines_in_spans(lake.read(ORDER_LINES).where(reached), spans, dimension.id_name)
        return months_of(found)


def touched_months(lake: Lake) -> set[date]:
    """Months of which a line came, went or changed, or binds otherwise."""
    return (
        months_of_changes(lake.changes(ORDER_LINES), "order_month")
        | months_rebound(lake, CUSTOMER)
        | months_rebound(lake, PRODUCT)
        | months_with_new_rates(lake, ORDER_LINES, day="order_date", month="order_month")
    )


def build(lake: Lake, settings: Settings) -> None:
    def facts(months: Months) -> DataFrame:
        return fact_sales(
            months.of(lake.read(ORDER_LINES), "order_month"),
            lake.read(CUSTOMERS),
            lake.read(PRODUCTS),
            rates_of(lake),
            reporting_currency=settings.reporting_currency,
            last_day=settings.calendar.last_day,
        )

    refresh_months(lake, FACT_SALES, READS, touched_months, facts)


STEP = Step("fact_sales", READS, (FACT_SALES,), build)
