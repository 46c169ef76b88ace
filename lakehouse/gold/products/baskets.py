"""Baskets of whole months: the products of completed orders, how often each is bought, and which are bought together.

Products go by their durable key, a number: what is counted here is by far the most rows that gold makes of a source
with large baskets, and a basket of n products makes n (n - 1) / 2 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.amounts import COMPLETED, in_mart_currency
from lakehouse.gold.days import last_days

SOURCE = "source_system"
BASKET = [SOURCE, "order_id"]


def last_whole_months(sales: DataFrame, as_of: date) -> DataFrame:
    """Grain: one source. `last_month`: its last month that is over.

    That is the month of the last order of any status before `as_of`, where this was the month's last day; else the
    month before. `sales` are lines, or the days on which there are some.
    """
    last, month = F.col("_last"), F.trunc("_last", "month")
    whole = F.when(last == F.last_day(last), month).otherwise(F.add_months(month, -1))
    return last_days(sales, as_of).select(SOURCE, whole.alias("last_month"))


def baskets(sales: DataFrame, products: DataFrame, last: DataFrame, *, converted: Sequence[str] = ()) -> DataFrame:
    """Grain: one `product` in one completed order, with `size`, the different products of the order, and its `units`
    and `amount` (gross revenue in the currency of the mart). Merchandise only.

    `last`: see last_whole_months. The rows of an order are in one partition, so what is asked by order moves none.
    """
    members = products.where("product_id IS NOT NULL AND is_merchandise").select(
        "product_key", F.col("product_durable_key").alias("product")
    )
    lines = (
        sales.where(F.col("order_status") == COMPLETED)
        .join(F.broadcast(last), SOURCE)
        .where("order_month <= last_month")
        .join(F.broadcast(members), "product_key")
    )
    by_order = in_mart_currency(lines, ["gross_revenue"], converted).repartition(*BASKET)
    once = by_order.groupBy(*BASKET, "product").agg(
        F.sum("quantity").alias("units"), F.sum("gross_revenue").alias("amount")
    )
    return once.withColumn("size", F.count("*").over(Window.partitionBy(*BASKET)))


def product_counts(items: DataFrame) -> DataFrame:
    """By product: `n` baskets, `paired` of them with another product, `m` partners, mean `price`; and all `orders`."""
    counts = items.groupBy(SOURCE, "product").agg(
        F.count("*").alias("n"),
        F.count_if(F.col("size") > 1).alias("paired"),
        F.sum(F.col("size") - 1).alias("m"),
        (F.sum("amount").cast("double") / F.sum("units")).alias("price"),
    )
    orders = items.groupBy(SOURCE).agg(F.round(F.sum(1 / F.col("size"))).cast("bigint").alias("orders"))
    return counts.join(orders, SOURCE)


def with_price_class(counts: DataFrame, most: int, products_each: int) -> DataFrame:
    """Adds `price_class`: 0 for the cheapest products of the source, at most `most` - 1 for the dearest.

    Classes have as many partners `m` each, as nearly as may be, and at least `products_each` products on average.
    Products of one price are in one class.
    """
    whole = Window.partitionBy(SOURCE)
    classes = F.least(F.lit(most), F.greatest(F.lit(1), F.floor(F.count("*").over(whole) / products_each)))
    up_to = F.sum("m").over(whole.orderBy("price"))
    equals = F.sum("m").over(Window.partitionBy(SOURCE, "price"))
    # NULL in a source all of whose orders hold one product.
    middle = F.try_divide(2 * up_to - equals, 2 * F.sum("m").over(whole))
    place = F.coalesce(F.floor(middle * classes), F.lit(0))
    return counts.withColumn("price_class", F.least(place, classes - 1).cast("int"))


def meeting_rates(items: DataFrame, classes: DataFrame) -> DataFrame:
    """By source and two price classes, `class_a` and `class_b`: `rate`, how often a partner of a product of one class
    is one of the other, against the partners of both. `classes` holds `price_class` by `product`.
    """
    named = items.where("size > 1").join(F.broadcast(classes.select("product", "price_class")), "product")
    counted = named.groupBy(*BASKET, "price_class").agg(F.count("*").alias("_number"))
    lists = counted.groupBy(*BASKET).agg(F.collect_list(F.struct("price_class", "_number")).alias("_all"))
    both = lists.select(SOURCE, "_all", F.explode("_all").alias("_a")).select(
        SOURCE, "_a", F.explode("_all").alias("_b")
    )
    a, b = F.col("_a.price_class").alias("class_a"), F.col("_b.price_class").alias("class_b")
    # No product is its own partner.
    partners = F.col("_a._number") * (F.col("_b._number") - (a == b).cast("int"))
    cells = both.groupBy(SOURCE, a, b).agg(F.sum(partners).alias("w")).where("w > 0")
    of_a, of_b = (F.sum("w").over(Window.partitionBy(SOURCE, name)).cast("double") for name in ("class_a", "class_b"))
    return cells.select(SOURCE, "class_a", "class_b", (F.col("w") / of_a / of_b).alias("rate"))


def met(items: DataFrame, products: DataFrame) -> DataFrame:
    """Each pair of `products` (`a` < `b`) that a basket holds, and `k`, in how many. One shuffle, of partial counts."""
    kept = items.where("size > 1").join(F.broadcast(products), "product", "leftsemi")
    lists = kept.groupBy(*BASKET).agg(F.sort_array(F.collect_list("product")).alias("_all"))
    firsts = lists.select("_all", F.posexplode("_all").alias("_place", "a"))
    rest = F.expr("slice(_all, _place + 2, size(_all))")
    return firsts.select("a", F.explode(rest).alias("b")).groupBy("a", "b").agg(F.count("*").alias("k"))
