"""gold.cohort_retention and gold.cohort_breakdown: what becomes of the customers of one first month.

A cohort is the customers whose first completed order ever (in the currency of the row) was in that month. Retention is
the classic one: the share of the whole cohort that ordered in a month; the denominator never changes.

Known is what happened up to the last order of the source, of any status, that was before `as_of`. Months after that one
are there with NULL: nobody can have ordered in them yet. The month in which it lies is partial unless it was its
month's last day. Within what is known a month without orders is 0.

What a run costs: one pass over gold.order_totals; all after the totals per customer and month is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.days import days_sold, last_days
from lakehouse.gold.refresh import counted
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_PRODUCT, FACT_SALES
from lakehouse.tables.gold.customers import COHORT_BREAKDOWN, COHORT_RETENTION
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.types import MONEY

SOURCE = ["source_system", "currency"]
COHORT = [*SOURCE, "cohort_month"]
PERSON = ["customer_durable_key", *SOURCE]
"""In the order in which they are sorted: the key tells customers apart, the others hardly do."""
TRAITS = ("acquisition_channel", "first_category")
WHOLE = ("dimension", "dimension_value")
COUNTED = ("customers", "orders", "net_revenue", "margin")
UNKNOWN = "unknown"


def cohort_cells(orders: DataFrame, customers: DataFrame, products: DataFrame, *, as_of: date) -> DataFrame:
    """Customers, orders, revenue and margin per cohort and month in which anybody ordered, by the traits of customers.

    Every customer has one channel (as now known) and one first category, so cells add up to those of the cohort.
    """
    known = orders.where((F.col("order_date") < F.lit(as_of)) & F.col("customer_id").isNotNull())
    # All that follows is by customer: one shuffle serves it.
    known = known.repartition("customer_durable_key")
    by_order = known.groupBy(*PERSON, "order_month", "order_id").agg(*_sums())
    months = by_order.groupBy(*PERSON, "order_month").agg(F.count("*").alias("orders"), *_sums())
    months = months.join(_beginnings(known), PERSON)
    channels = customers.where("is_current").select("customer_durable_key", "acquisition_channel")
    categories = products.select("product_key", F.col("category").alias("first_category"))
    traits = {name: F.coalesce(name, F.lit(UNKNOWN)) for name in TRAITS}
    number = F.months_between("order_month", "cohort_month").cast("int")
    return (
        months.join(channels, "customer_durable_key", "left")
        .join(categories, "product_key", "left")
        .withColumns({**traits, "month_number": number})
        .groupBy(*COHORT, "month_number", *TRAITS)
        .agg(
            F.count("*").alias("customers"),
            F.sum("orders").alias("orders"),
            *_sums(),
        )
    )


def _beginnings(orders: DataFrame) -> DataFrame:
    """The first month of each customer, and the product of the first order: of orders at the same instant the one with
    the least number. Each step takes plain columns: to find the least of structs costs engines of columns much more."""
    first = orders.groupBy(*PERSON).agg(F.min("order_month").alias("cohort_month"), F.min("ordered_at").alias("_at"))
    at_first = orders.select(*PERSON, "ordered_at", "order_id", "first_product_key").join(first, PERSON)
    at_first = at_first.where(F.col("ordered_at") == F.col("_at")).drop("ordered_at", "_at")
    least = at_first.groupBy(*PERSON).agg(F.min("order_id").alias("_id"))
    chosen = at_first.join(least, PERSON).where(F.col("order_id") == F.col("_id"))
    return chosen.groupBy(*PERSON, "cohort_month").agg(F.min("first_product_key").alias("product_key"))


def _sums() -> list[Column]:
    return [F.sum(name).cast(MONEY).alias(name) for name in ("net_revenue", "margin")]


def of_dimensions(cells: DataFrame) -> DataFrame:
    """Each cell once for each trait, as `dimension` and `dimension_value`."""
    pairs = F.array(
        *(F.struct(F.lit(name).alias("dimension"), F.col(name).alias("dimension_value")) for name in TRAITS)
    )
    return cells.select("*", F.inline(pairs))


def cohorts(cells: DataFrame, last: DataFrame, by: Sequence[str] = ()) -> DataFrame:
    """Grain: one cohort (of one value of `by`) in one month since its first, up to the longest span of the source.

    `last`: see last_days.
    """
    cohort, source = [*COHORT, *by], F.broadcast(last)
    present = cells.groupBy(*cohort, "month_number").agg(
        *(F.sum(name).alias(name) for name in ("customers", "orders")),
        *_sums(),
    )
    sizes = present.where("month_number = 0").select(*cohort, F.col("customers").alias("cohort_size"))
    last_month = F.trunc("_last", "month")
    span = F.months_between(last_month, F.min("cohort_month").over(Window.partitionBy(*SOURCE))).cast("int")
    grid = (
        sizes.join(source, "source_system")
        .withColumn("_span", span)
        .withColumn("month_number", F.explode(F.sequence(F.lit(0), F.col("_span"))))
        .withColumn("order_month", F.expr("CAST(add_months(cohort_month, month_number) AS DATE)"))
        .withColumn("_is_known", F.col("order_month") <= last_month)
    )
    filled = grid.join(present, [*cohort, "month_number"], "left")
    has_margin = F.max(F.col("margin").isNotNull()).over(Window.partitionBy(*SOURCE))
    zero = F.when(F.col("_is_known"), F.lit(0))
    values = {name: F.coalesce(name, zero) for name in COUNTED[:3]}
    # Who ordered nothing brought no margin; what those brought whose costs nobody knows is not known.
    values["margin"] = F.coalesce("margin", F.when(has_margin & F.col("orders").isNull(), zero))
    values["_has_margin"] = F.col("margin").isNotNull()
    return _with_running_totals(filled.withColumns(values), cohort)


def _with_running_totals(rows: DataFrame, cohort: Sequence[str]) -> DataFrame:
    so_far = Window.partitionBy(*cohort).orderBy("month_number").rowsBetween(Window.unboundedPreceding, 0)
    size, is_known = F.col("cohort_size"), F.col("_is_known")
    for name, of in (("revenue", "net_revenue"), ("margin", "margin")):
        is_told = is_known if of == "net_revenue" else is_known & F.max("_has_margin").over(so_far)
        total = F.when(is_told, F.sum(of).over(so_far)).cast(MONEY)
        rows = rows.withColumn(f"cumulative_{name}", total)
        rows = rows.withColumn(f"{name}_per_customer", (F.col(f"cumulative_{name}") / size).cast(MONEY))
    is_last = F.col("order_month") == F.trunc("_last", "month")
    return rows.withColumns(
        {
            "retention": F.col("customers") / size,
            "is_partial": is_last & (F.col("_last") < F.last_day("order_month")),
            **{name: F.col(name).cast(MONEY) for name in ("net_revenue", "margin")},
        }
    )


READS = (ORDER_TOTALS, FACT_SALES, DIM_CUSTOMER, DIM_PRODUCT)
WRITES = (COHORT_RETENTION, COHORT_BREAKDOWN)


def build(lake: Lake, settings: Settings) -> None:
    cells = cohort_cells(lake.read(ORDER_TOTALS), lake.read(DIM_CUSTOMER), lake.read(DIM_PRODUCT), as_of=lake.as_of)
    last = last_days(days_sold(lake), lake.as_of)
    with counted(cells) as known, counted(last) as days:
        if known is None or days is None:
            for table in WRITES:
                lake.overwrite(table, lake.read(table).limit(0))
            return
        lake.overwrite(COHORT_RETENTION, cohorts(known, days))
        lake.overwrite(COHORT_BREAKDOWN, cohorts(of_dimensions(known), days, WHOLE))


STEP = Step("cohort_retention", READS, WRITES, build, follows_as_of=True)
