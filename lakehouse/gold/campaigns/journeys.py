"""Contacts of each customer and the orders that they led to.

A contact leads to the customer's next order, if that comes within the window; so a path starts again after each order.
Contacts that led to none make a path to nothing. Customers held out were not contacted.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union_of_all_columns
from lakehouse.gold.campaigns.markov import NOTHING, ORDER, START
from lakehouse.groups import Over, in_groups

CUSTOMER = ["customer_id", "source_system"]
"""In the order in which rows are sorted: by what tells most of them apart."""


PATH = [*CUSTOMER, "_led", "_next_id"]
"""Contacts that led to the same order, or before it to none."""


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
    # Those who bought nothing have no next order.
    found = in_groups(times, CUSTOMER, _with_next_order, speaks=F.col("_kind") == 1)
    rows = found.where("_kind = 0").withColumnRenamed("_at", "touched_at")
    in_time = F.coalesce(F.col("_next_at") < window_end(F.col("touched_at"), window_days), F.lit(False))
    placed = in_groups(rows.withColumn("_led", in_time), PATH, _with_place)
    still_open = ~is_over(window_end(F.col("path_ended_at"), window_days), as_of)
    return placed.withColumn("is_open", still_open)


def _with_next_order(times: DataFrame, over: Over) -> DataFrame:
    """Adds `_next_at` and `_next_id`. An order in the very instant of a contact comes after it."""
    # The later ones come first: Spark works a frame out anew for every row where it begins with that row.
    late_first = [F.desc(name) for name in ("_at", "_kind", "touch_id", "order_id")]
    is_order = F.col("_kind") == 1
    # Each by itself: a struct of both costs an engine of columns many times as much.
    return times.withColumns(
        {
            name: over.latest(F.when(is_order, F.col(of)), CUSTOMER, late_first)
            for name, of in (("_next_at", "_at"), ("_next_id", "order_id"))
        }
    )


def _with_place(rows: DataFrame, over: Over) -> DataFrame:
    in_order = ("touched_at", "touch_id")
    return rows.select(
        *CUSTOMER,
        "campaign_id",
        "touched_at",
        F.when(F.col("_led"), F.col("_next_id")).alias("order_id"),
        F.when(F.col("_led"), F.col("_next_at")).alias("ordered_at"),
        over.number(PATH, in_order).alias("place"),
        over.count(PATH).alias("path_length"),
        over.before(F.col("campaign_id"), PATH, in_order).alias("previous"),
        over.greatest(F.col("touched_at"), PATH).alias("path_ended_at"),
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
