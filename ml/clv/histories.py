"""What is known of customers before a day, and what they did after it: made of gold.order_totals in Spark.

A purchase is a day with any completed order; frequency counts those after the first. Guests are no customers. Money is
in the customer's main currency, that of most purchases; what a customer bought in others counts as purchases only.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.clv.purchases import Histories

CUSTOMER = ["source_system", "customer_durable_key"]
BASES = ("margin", "revenue")
WINDOWS = (30, 90, 180)
"""Days before the cut-off in which purchases are counted of themselves."""
HISTORY = ("frequency", "recency", "observed")
MOST_GROUPS = 100_000
"""Groups of equal customers that a model is fitted on; there are fewer where the bound of local rows is lower."""
_WIDTHS = (1, 7, 28, 112, 448)
_BUCKETS = 1_000_000


def purchase_days(orders: DataFrame) -> DataFrame:
    """Grain: one customer, day and currency. `revenue` and `margin` are net of returns; margin is NULL if not known.

    Where a part of an order has no known cost, the margin of the rest stands for all of it.
    """
    whole = F.try_divide(F.col("net_revenue").cast("double"), F.col("costed_revenue").cast("double"))
    known = orders.where("customer_id IS NOT NULL").withColumns(
        {
            "revenue": F.col("net_of_returns").cast("double"),
            "margin": F.col("margin_net_of_returns").cast("double") * whole,
        }
    )
    # All steps that follow are by customer: one shuffle serves them.
    days = known.repartition("customer_durable_key").groupBy(*CUSTOMER, "order_date", "currency")
    return days.agg(F.sum("revenue").alias("revenue"), F.sum("margin").alias("margin"), F.sum("units").alias("units"))


def customer_histories(orders: DataFrame, as_of: date) -> DataFrame:
    """Grain: one customer who ordered before `as_of`. Reads nothing else of the orders: what is later plays no part.

    `frequency`, `recency`, `observed` (T) are numbers of purchases and of days: T is the days after the first purchase
    that were seen. `days_30`, … count purchases of late. For each basis there is `<basis>_repeats`, the repeat
    purchases whose value is known, and their mean `<basis>_mean` (NULL without any); `revenue_first` and `units_mean`
    are of the first purchase and of all.
    """
    return histories(purchase_days(orders), as_of)


def histories(days: DataFrame, as_of: date) -> DataFrame:
    """As `customer_histories`, of what `purchase_days` gave."""
    before = days.where(F.col("order_date") < F.lit(as_of))
    spent = before.groupBy(*CUSTOMER, "currency").agg(
        F.count("*").alias("_purchases"),
        F.min_by("revenue", "order_date").alias("revenue_first"),
        F.avg("units").alias("units_mean"),
        *chain.from_iterable(_repeats(basis) for basis in BASES),
    )
    kept = [name for name in spent.columns if name not in CUSTOMER]
    # Of two currencies with equally many purchases the later in the alphabet is the main one.
    main = spent.groupBy(*CUSTOMER).agg(F.max_by(F.struct(*kept), F.struct("_purchases", "currency")).alias("_main"))
    ago = F.date_diff(F.lit(as_of), F.col("order_date"))
    times = before.groupBy(*CUSTOMER).agg(
        (F.count_distinct("order_date") - 1).cast("double").alias("frequency"),
        F.date_diff(F.max("order_date"), F.min("order_date")).cast("double").alias("recency"),
        (F.max(ago) - 1).cast("double").alias("observed"),
        *(F.count_distinct(F.when(ago <= w, F.col("order_date"))).cast("double").alias(f"days_{w}") for w in WINDOWS),
    )
    return times.join(main, CUSTOMER).select(*times.columns, "_main.*").drop("_purchases")


def _repeats(basis: str) -> tuple[Column, Column]:
    """Number and mean of the known values after the first purchase."""
    first = F.min_by(basis, "order_date")
    number = F.count(basis) - first.isNotNull().cast("int")
    total = F.sum(basis) - F.coalesce(first, F.lit(0.0))
    return number.cast("double").alias(f"{basis}_repeats"), F.try_divide(total, number).alias(f"{basis}_mean")


def histories_and_later(days: DataFrame, start: date, until: date) -> DataFrame:
    """Customers as they are known at `start`, with what they did from then on until `until`; 0 where nothing.

    `purchases` in any currency, `revenue_later` and `margin_later` in the main one.
    """
    known = histories(days, start)
    span = days.where((F.col("order_date") >= F.lit(start)) & (F.col("order_date") < F.lit(until)))
    bought = span.groupBy(*CUSTOMER).agg(F.count_distinct("order_date").cast("double").alias("purchases"))
    spent = span.groupBy(*CUSTOMER, "currency").agg(*(F.sum(one).alias(f"{one}_later") for one in BASES))
    both = known.join(bought, CUSTOMER, "left").join(spent, [*CUSTOMER, "currency"], "left")
    return both.na.fill(0.0, ["purchases", *(f"{one}_later" for one in BASES)])


def sampled(orders: DataFrame, share: float) -> DataFrame:
    """Orders of so large a share of the customers, chosen by a hash of their keys: the same ones each time."""
    if share >= 1:
        return orders
    return orders.where(F.pmod(F.xxhash64("customer_durable_key"), F.lit(_BUCKETS)) < int(share * _BUCKETS))


def grouped(customers: DataFrame, most: int) -> Histories:
    """Counts of customers with the same frequency, recency and T: all that the likelihood needs of them.

    Where there are more than `most` such groups, days are put together to weeks and more, and a group stands at the
    means of its customers. So no more than `most` rows are collected, however many customers there are.
    """
    for width in _WIDTHS:
        keys = [F.floor(F.col(name) / width).alias(f"_{name}") for name in HISTORY[1:]]
        groups = customers.groupBy("frequency", *keys).agg(
            *(F.avg(name).alias(name) for name in HISTORY[1:]), F.count("*").alias("customers")
        )
        rows = groups.select(*HISTORY, "customers").limit(most + 1).toPandas()
        if len(rows) <= most:
            rows = rows.sort_values(list(HISTORY))
            return Histories(*(rows[name].to_numpy(dtype=np.float64) for name in (*HISTORY, "customers")))
    raise ValueError(f"customers differ in more than {most:,} ways, even by spans of {_WIDTHS[-1]} days")
