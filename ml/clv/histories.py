"""What is known of customers before a day, and what they did after it: made of gold.order_totals in Spark.

A purchase is a day with any completed order; frequency counts those after the first. Guests are no customers. Money is
in the customer's main currency, that of most purchases; what a customer bought in others counts as purchases only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.types import MONEY
from ml.clv.purchases import Histories
from ml.clv.spans import Span

CUSTOMER = ["source_system", "customer_durable_key"]
BASES = ("margin", "revenue")
WINDOWS = (30, 90, 180)
"""Days before the cut-off in which purchases are counted of themselves."""
HISTORY = ("frequency", "recency", "observed")
MOST_GROUPS = 100_000
"""Groups of equal customers that a model is fitted on; there are fewer where the bound of local rows is lower."""
_WIDTHS = (1, 7, 28, 112, 448)
_BUCKETS = 1_000_000
_KEY = ["start", "until", *CUSTOMER]


def purchase_days(orders: DataFrame) -> DataFrame:
    """Grain: one customer, day and currency. `revenue` and `margin` are net of returns; margin is NULL if not known.

    Where a part of what was bought that day has no known cost, the margin of the rest stands for all of it.
    """
    known = orders.where("customer_id IS NOT NULL")
    # All steps that follow are by customer: one shuffle serves them.
    days = known.repartition("customer_durable_key").groupBy(*CUSTOMER, "order_date", "currency")
    names = ("net_of_returns", "margin_net_of_returns", "net_revenue", "costed_revenue", "units")
    sums = days.agg(*(F.sum(name).alias(name) for name in names))
    whole = F.try_divide(F.col("net_revenue"), F.col("costed_revenue"))
    # Decimals: sums of them do not depend on the order of the rows.
    margin = (F.col("margin_net_of_returns") * whole).cast(MONEY)
    return sums.select(
        *CUSTOMER, "order_date", "currency", "units", F.col("net_of_returns").alias("revenue"), margin.alias("margin")
    )


def customer_histories(orders: DataFrame, as_of: date) -> DataFrame:
    """Grain: one customer who ordered before `as_of`. Reads nothing else of the orders: what is later plays no part.

    `frequency`, `recency`, `observed` (T) are numbers of purchases and of days: T is the days after the first purchase
    that were seen. `days_30`, … count purchases of late. For each basis there is `<basis>_repeats`, the repeat
    purchases whose value is known, and their mean `<basis>_mean` (NULL without any); `revenue_first` and `units_mean`
    are of the first purchase and of all.
    """
    return histories(purchase_days(orders), [Span(as_of, as_of)]).drop("start", "until")


def histories(days: DataFrame, spans: Sequence[Span]) -> DataFrame:
    """Grain: one span and one customer known where it begins: `start` and `until`, and the columns of
    `customer_histories` at the start. Takes what `purchase_days` gave."""
    before = _by_span(days, spans).where("order_date < start")
    spent = before.groupBy(*_KEY, "currency").agg(
        F.count("*").alias("_purchases"),
        F.min_by("revenue", "order_date").cast("double").alias("revenue_first"),
        F.avg("units").alias("units_mean"),
        *chain.from_iterable(_repeats(basis) for basis in BASES),
    )
    kept = [name for name in spent.columns if name not in _KEY]
    # Of two currencies with equally many purchases the later in the alphabet is the main one.
    main = spent.groupBy(*_KEY).agg(F.max_by(F.struct(*kept), F.struct("_purchases", "currency")).alias("_main"))
    ago = F.date_diff(F.col("start"), F.col("order_date")).alias("_ago")
    times = before.select(*_KEY, ago).distinct().groupBy(*_KEY)  # once for each day, in whatever currencies
    known = times.agg(
        (F.count("*") - 1).cast("double").alias("frequency"),
        (F.max("_ago") - F.min("_ago")).cast("double").alias("recency"),
        (F.max("_ago") - 1).cast("double").alias("observed"),
        *(F.count_if(F.col("_ago") <= w).cast("double").alias(f"days_{w}") for w in WINDOWS),
    )
    return known.join(main, _KEY).select(*known.columns, "_main.*").drop("_purchases")


def _by_span(days: DataFrame, spans: Sequence[Span]) -> DataFrame:
    each = F.array(*(F.struct(F.lit(one.start).alias("start"), F.lit(one.until).alias("until")) for one in spans))
    return days.select("*", F.inline(each))


def _repeats(basis: str) -> tuple[Column, Column]:
    """Number and mean of the known values after the first purchase."""
    first = F.min_by(basis, "order_date")
    number = F.count(basis) - first.isNotNull().cast("int")
    total = (F.sum(basis) - F.coalesce(first, F.lit(0))).cast("double")
    return number.cast("double").alias(f"{basis}_repeats"), F.try_divide(total, number).alias(f"{basis}_mean")


def histories_and_later(days: DataFrame, spans: Sequence[Span]) -> DataFrame:
    """As `histories`, with what the customers did from the start on, before the end of the span; 0 where nothing.

    `purchases` in any currency, `revenue_later` and `margin_later` in the main one.
    """
    known = histories(days, spans)
    within = _by_span(days, spans).where("order_date >= start AND order_date < until")
    bought = within.select(*_KEY, "order_date").distinct().groupBy(*_KEY)
    counted = bought.agg(F.count("*").cast("double").alias("purchases"))
    sums = (F.sum(one).cast("double").alias(f"{one}_later") for one in BASES)
    spent = within.groupBy(*_KEY, "currency").agg(*sums)
    both = known.join(counted, _KEY, "left").join(spent, [*_KEY, "currency"], "left")
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
