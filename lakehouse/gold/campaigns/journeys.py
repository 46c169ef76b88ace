"""Contacts of each customer and the orders that they led to.

A contact leads to the customer's next order, if that comes within the window; so a path starts again after each order.
Contacts that led to none make a path to nothing. Customers held out were not contacted.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.frames import union_of_all_columns
from lakehouse.gold.campaigns.markov import NOTHING, ORDER, START

CUSTOMER = ["customer_id", "source_system"]
"""In the order in which rows are sorted: by what tells most of them apart."""


def window_end(start: Column, days: int) -> Column:
    """First instant after the window that begins with `start`: whole days of 24 hours."""
    return start + F.expr(f"INTERVAL {days * 24} HOURS")


def is_over(end: Column, as_of: date) -> Column:
    """Whether a window that ends then is over when the lake is seen from `as_of`."""
    return end <= F.lit(as_of).cast("timestamp")


def journeys(touches: DataFrame, orders: DataFrame, *, window_days: int, as_of: date) -> DataFrame:
    """Grain: one contact. Adds to it the path that it is on.

    `order_id` and `ordered_at` are those of the order that it led to, NULL for none; `place` of `path_length` contacts;
    `previous` the campaign of the contact before it; `path_ended_at` the time of the last one; `is_open` whether that
    one's window is open still. Takes one row per order (`source_system`, `customer_id`, `order_id`, `ordered_at`).
    One shuffle, by customer.
    """
    contacts = touches.where(~F.col("is_holdout")).select(
        *CUSTOMER, F.col("touched_at").alias("_at"), F.lit(0).alias("_kind"), "touch_id", "campaign_id"
    )
    bought = orders.where("customer_id IS NOT NULL").select(
        *CUSTOMER, F.col("ordered_at").alias("_at"), F.lit(1).alias("_kind"), "order_id"
    )
    times = union_of_all_columns(contacts, bought)
    # An order in the very instant of a contact comes after it.
    # The later ones come first here: Spark works a frame out anew for every row where it begins with that row.
    late_first = [F.desc(name) for name in ("_at", "_kind", "touch_id", "order_id")]
    onwards = Window.partitionBy(*CUSTOMER).orderBy(*late_first).rowsBetween(Window.unboundedPreceding, 0)
    following = F.min(F.when(F.col("_kind") == 1, F.struct("_at", "order_id"))).over(onwards)
    rows = times.withColumn("_next", following).where("_kind = 0").withColumnRenamed("_at", "touched_at")
    in_time = F.coalesce(F.col("_next._at") < window_end(F.col("touched_at"), window_days), F.lit(False))
    return _with_place(rows.withColumn("_led", in_time), window_days, as_of)


def _with_place(rows: DataFrame, window_days: int, as_of: date) -> DataFrame:
    path = Window.partitionBy(*CUSTOMER, "_led", "_next.order_id")
    in_order = path.orderBy("touched_at", "touch_id")
    ended = F.max("touched_at").over(path)
    return rows.select(
        *CUSTOMER,
        "campaign_id",
        "touched_at",
        F.when(F.col("_led"), F.col("_next.order_id")).alias("order_id"),
        F.when(F.col("_led"), F.col("_next._at")).alias("ordered_at"),
        F.row_number().over(in_order).alias("place"),
        F.count("*").over(path).alias("path_length"),
        F.lag("campaign_id").over(in_order).alias("previous"),
        ended.alias("path_ended_at"),
        (~is_over(window_end(ended, window_days), as_of)).alias("is_open"),
    )


def transitions(contacts: DataFrame) -> DataFrame:
    """Steps of all paths that are over, counted: `step_from`, `step_to`, `steps`. As many as pairs of campaigns."""
    end = F.when(F.col("order_id").isNotNull(), ORDER).otherwise(NOTHING)
    arrival = F.struct(F.coalesce("previous", F.lit(START)).alias("a"), F.col("campaign_id").alias("b"))
    # Arrays of structs want one type throughout, and to some engines what may be NULL is another type.
    leaving = F.struct(F.col("campaign_id").alias("a"), F.nullif(end, F.lit("")).alias("b"))
    is_last = F.col("place") == F.col("path_length")
    steps = F.when(is_last, F.array(arrival, leaving)).otherwise(F.array(arrival))
    return (
        contacts.where("NOT is_open")
        .select("source_system", F.explode(steps).alias("_step"))
        .groupBy("source_system", F.col("_step.a").alias("step_from"), F.col("_step.b").alias("step_to"))
        .agg(F.count("*").alias("steps"))
    )
