"""gold.daily_sales, and by month gold.geography_sales: what dashboards start from.

A cell of daily_sales is one day x category x country x channel x segment x payment method. An order whose lines are of
two categories counts in both cells (`orders`); `leading_orders` counts it once, in the cell of its first line, so these
add up to the number of orders over any days, whatever the cells. A return counts on its own day, in the cell of the
line that was sold; one whose line is not known is in its customer's country, without channel and payment method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.amounts import (
    RETURN_SUMS,
    SUMS,
    completed_sales,
    converted_sources,
    counted_returns,
    returned,
    sums,
)
from lakehouse.gold.refresh import (
    Months,
    counted,
    in_months,
    months_changed,
    months_due,
    months_naming,
    months_of,
    net_changed,
    restated,
)
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_GEOGRAPHY, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import DAILY_SALES, GEOGRAPHY_SALES, MART_CURRENCIES
from lakehouse.tables.types import MONEY

READS = (FACT_SALES, FACT_RETURNS, DIM_CUSTOMER, DIM_PRODUCT, DIM_GEOGRAPHY, MART_CURRENCIES)
WRITES = (DAILY_SALES, GEOGRAPHY_SALES)
ORDER = ["source_system", "order_id"]
LINE = [*ORDER, "line_number"]
SOLD = ("geography_key", "sales_channel", "payment_method")
DAY = ["source_system", "full_date", "month_start", "currency"]
TRAITS = ["category", "country_name", "sales_channel", "customer_segment", "payment_method"]
CELL = [*DAY, *TRAITS]
COUNTS = ("orders", "leading_orders", "lines", "return_lines", "unpriced_returns")
UNKNOWN = "unknown"
COUNTRY = ["country_code", "country_name"]


@dataclass(frozen=True)
class Star:
    """What cells are made of: facts, all or those of some months, and all members."""

    sales: DataFrame
    returns: DataFrame
    sold: DataFrame
    """At least the lines of `fact_sales` that the returns name."""
    customers: DataFrame
    products: DataFrame
    places: DataFrame


def with_traits(rows: DataFrame, star: Star) -> DataFrame:
    """Rows of facts with what cells tell apart, never NULL; `country_code`; and the customer, NULL for a guest, and
    where it lived."""
    is_known = F.col("customer_id").isNotNull()
    person = F.when(is_known, F.col("customer_durable_key")).alias("customer_durable_key")
    home = [F.col("country_code").alias("_home_code"), F.col("country_name").alias("_home")]
    customers = star.customers.select("customer_key", person, "customer_segment", *home)
    products = star.products.select("product_key", "category")
    places = star.places.select("geography_key", "country_code", "country_name")
    joined = (
        rows.join(customers, "customer_key", "left")
        .join(products, "product_key", "left")
        .join(places, "geography_key", "left")
    )
    return joined.withColumns({name: F.coalesce(name, F.lit(UNKNOWN)) for name in TRAITS})


def _nothing(names: Sequence[str]) -> dict[str, Column]:
    """What a sale says of returns, and a return of sales."""
    return {name: F.lit(None).cast("bigint" if name in COUNTS or name.endswith("units") else MONEY) for name in names}


def sold_cells(star: Star, converted: Sequence[str]) -> DataFrame:
    """Completed lines by order and cell. One shuffle, by order, serves all of it."""
    lines = completed_sales(star.sales, converted).withColumnsRenamed(
        {"order_date": "full_date", "order_month": "month_start"}
    )
    by_order = with_traits(lines, star).repartition(*ORDER)
    cells = by_order.groupBy(*ORDER, *CELL[1:], "country_code", "customer_durable_key").agg(
        F.min("line_number").alias("_first"), F.count("*").alias("lines"), *sums(SUMS)
    )
    # Of the order and of its cell, in one order of rows: to sort them is what this costs, by what tells most apart.
    in_turn = Window.partitionBy("order_id", *DAY).orderBy(*TRAITS)
    whole = in_turn.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    cells = cells.withColumn("_of_order", F.min("_first").over(whole))
    # Orders of one cell that differ in country code or customer are none in sound data.
    cells = cells.withColumn("_of_cell", F.min("_first").over(Window.partitionBy("order_id", *DAY, *TRAITS)))
    return cells.withColumns(
        {
            "orders": (F.col("_first") == F.col("_of_cell")).cast("bigint"),
            "leading_orders": (F.col("_first") == F.col("_of_order")).cast("bigint"),
            **_nothing(("return_lines", "unpriced_returns", *RETURN_SUMS)),
        }
    )


def returned_cells(star: Star, converted: Sequence[str]) -> DataFrame:
    """Counted returns by cell."""
    rows = counted_returns(star.returns, converted).withColumnsRenamed(
        {"return_date": "full_date", "return_month": "month_start"}
    )
    rows = rows.join(star.sold.select(*LINE, *SOLD), LINE, "left")
    is_placed = F.col("geography_key").isNotNull()
    rows = with_traits(rows, star).withColumns(
        {
            "country_code": F.when(is_placed, F.col("country_code")).otherwise(F.col("_home_code")),
            "country_name": F.when(is_placed, F.col("country_name")).otherwise(F.coalesce("_home", F.lit(UNKNOWN))),
        }
    )
    back = rows.groupBy(*CELL, "country_code").agg(*returned())
    missing = (*(name for name in COUNTS if name not in ("return_lines", "unpriced_returns")), *SUMS)
    return back.withColumn("customer_durable_key", F.lit(None).cast("bigint")).withColumns(_nothing(missing))


def all_cells(star: Star, converted: Sequence[str]) -> DataFrame:
    """Sales by order and cell, and returns by cell: what the marts of this module add up."""
    back = returned_cells(star, converted)
    return sold_cells(star, converted).select(*back.columns).unionByName(back)


def _totals() -> list[Column]:
    """The totals of cells. Where no cost is known cost and margin are NULL; all else is 0 where there is none."""
    counts = [F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in COUNTS]
    names = (*SUMS, *RETURN_SUMS)
    amounts = dict(zip(names, sums(names), strict=True))
    known = [
        F.coalesce(total, F.lit(0)).alias(name) for name, total in amounts.items() if name not in ("cost", "margin")
    ]
    return [*counts, *known, amounts["cost"], amounts["margin"]]


def with_net_of_returns(rows: DataFrame) -> DataFrame:
    net = F.col("net_revenue") - F.col("refund_amount")
    return rows.withColumn("net_of_returns", net.cast(MONEY))


def daily_sales(cells: DataFrame) -> DataFrame:
    """Grain: one cell of one day in one currency."""
    return with_net_of_returns(cells.groupBy(*CELL).agg(*_totals()))


def geography_sales(cells: DataFrame, daily: DataFrame) -> DataFrame:
    """Grain: one country in one month, in one currency. `orders` are counted where their first line goes.

    `daily` holds the days of `cells`: its totals are added up, and of the cells the customers are counted alone.
    """
    place = ["source_system", "month_start", "currency", "country_name"]
    totals = daily.groupBy(*place).agg(*(F.sum(name).alias(name) for name in COUNTS), *sums((*SUMS, *RETURN_SUMS)))
    buys = (F.col("leading_orders") > 0) & F.col("customer_durable_key").isNotNull()
    by_customer = cells.groupBy(*place, "customer_durable_key").agg(
        F.max("country_code").alias("country_code"), F.max(buys).alias("_buys")
    )
    people = by_customer.groupBy(*place).agg(
        F.max("country_code").alias("country_code"), F.count_if("_buys").alias("customers")
    )
    rows = totals.join(people, place)
    return with_net_of_returns(with_share(rows, ["source_system", "month_start", "currency"]))


def with_share(rows: DataFrame, of: list[str]) -> DataFrame:
    """Leading orders as `orders`, and their and the revenue's share of the month."""
    whole = Window.partitionBy(*of)
    rows = rows.drop("orders").withColumnRenamed("leading_orders", "orders")
    return rows.withColumns(
        {
            "order_share": F.try_divide(F.col("orders").cast("double"), F.sum("orders").over(whole)),
            "revenue_share": F.try_divide(
                F.col("net_revenue").cast("double"), F.sum("net_revenue").over(whole).cast("double")
            ),
        }
    )


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def touched_months(lake: Lake) -> set[date] | None:
    """Months of which facts were replaced; of returns whose order is told otherwise; of members told otherwise.

    A new currency concerns all.
    """
    if lake.changes(MART_CURRENCIES):
        return None
    months = months_changed(lake, FACT_SALES) | months_changed(lake, FACT_RETURNS)
    sold = net_changed(lake, FACT_SALES, [*LINE, *SOLD])
    if sold is not None:
        with counted(sold.select(*ORDER).distinct()) as orders:
            if orders is not None:
                months |= months_of(lake.read(FACT_RETURNS).join(orders, ORDER, "leftsemi").select("return_month"))
    for dimension, names in ((DIM_PRODUCT, ["category"]), (DIM_CUSTOMER, ["customer_segment", *COUNTRY])):
        months |= months_naming(lake, restated(lake, dimension, names), (FACT_SALES, FACT_RETURNS))
    return months


def star_of(lake: Lake, months: Months) -> Star:
    """The facts of these months, and the lines that their returns name."""
    sales, returns = months.of(lake.read(FACT_SALES), "order_month"), months.of(lake.read(FACT_RETURNS), "return_month")
    sold = lake.read(FACT_SALES)
    if months.months is not None:
        named = months_of(returns.where("order_date IS NOT NULL").selectExpr("CAST(trunc(order_date, 'MM') AS DATE)"))
        sold = sold.where(in_months("order_month", named) if named else "false")
    return Star(sales, returns, sold, lake.read(DIM_CUSTOMER), lake.read(DIM_PRODUCT), lake.read(DIM_GEOGRAPHY))


def build(lake: Lake, settings: Settings) -> None:
    """Replaces the months touched."""
    if (months := months_due(lake, WRITES, READS, touched_months)) is None:
        return
    with counted(all_cells(star_of(lake, months), converted_sources(lake))) as cells:
        rows = lake.read(DAILY_SALES).limit(0) if cells is None else daily_sales(cells)
        months.replace(lake, DAILY_SALES, rows)
        daily = months.of(lake.read(DAILY_SALES), "month_start")
        places = lake.read(GEOGRAPHY_SALES).limit(0) if cells is None else geography_sales(cells, daily)
        months.replace(lake, GEOGRAPHY_SALES, places)


STEP = Step("daily_sales", READS, WRITES, build)
