"""Baskets of whole months: the products of completed orders, how often each is bought, and which are bought together.

Products go by their durable key, a number: what is counted here is by far the most rows that gold makes of a source
with large baskets, and a basket of n products makes n (n - 1) / 2 of them.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold._amounts import COMPLETED
from lakehouse.gold.cohort_retention import last_days

SOURCE = "source_system"
BASKET = [SOURCE, "order_id"]


def last_whole_months(sales: DataFrame, as_of: date) -> DataFrame:
    """Grain: one source. `last_month`: its last month that is over.

    That is the month of the last order of any status before `as_of`, where this was the month's last day; else the
    month before.
    """
    last, month = F.col("_last"), F.trunc("_last", "month")
    whole = F.when(last == F.last_day(last), month).otherwise(F.add_months(month, -1))
    return last_days(sales, as_of).select(SOURCE, whole.alias("last_month"))


def baskets(sales: DataFrame, products: DataFrame, last: DataFrame) -> DataFrame:
    """Grain: one `product` in one completed order, with `size`, the different products of the order. Merchandise only.

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
    once = lines.select(*BASKET, "product").repartition(*BASKET).distinct()
    return once.withColumn("size", F.count("*").over(Window.partitionBy(*BASKET)))


def product_counts(items: DataFrame) -> DataFrame:
    """By product: `n` baskets, `paired` of them with another product, `m` partners; and the source's totals."""
    counts = items.groupBy(SOURCE, "product").agg(
        F.count("*").alias("n"),
        F.count_if(F.col("size") > 1).alias("paired"),
        F.sum(F.col("size") - 1).alias("m"),
    )
    orders = items.groupBy(SOURCE).agg(
        F.sum(1 / F.col("size")).alias("_orders"), F.sum(F.col("size") - 1).alias("all_m")
    )
    return counts.join(orders.withColumn("orders", F.round("_orders").cast("bigint")).drop("_orders"), SOURCE)


def met(items: DataFrame, products: DataFrame) -> DataFrame:
    """Each pair of `products` (`a` < `b`) that a basket holds, and `k`, in how many. One shuffle, of partial counts."""
    kept = items.where("size > 1").join(F.broadcast(products), "product", "leftsemi")
    lists = kept.groupBy(*BASKET).agg(F.sort_array(F.collect_list("product")).alias("_all"))
    firsts = lists.select("_all", F.posexplode("_all").alias("_place", "a"))
    rest = F.expr("slice(_all, _place + 2, size(_all))")
    return firsts.select("a", F.explode(rest).alias("b")).groupBy("a", "b").agg(F.count("*").alias("k"))
