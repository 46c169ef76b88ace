"""When customers order: a renewal story with a drop-out, and what campaigns add to it.

A customer's first order comes by the clock of arrivals. From then on orders are a Poisson process of the customer's own
rate on the clock of purchases, and each of them is the last one with the customer's own probability. The order after
which the customer stays away then comes at rate x probability, and the others before it at rate x (1 - probability):
so the BG/NBD story (Fader, Hardie, Lee 2005) needs no counting of orders.
"""

from __future__ import annotations

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from scipy import stats

from lakehouse.world.campaigns import bought_before, contact_of
from lakehouse.world.chance import Chance, by_wait, count_of, interpolated, numbers, waits
from lakehouse.world.clock import ARRIVED, MONTH
from lakehouse.world.profile import Profile
from lakehouse.world.world import World

_BLOCK_MEAN = 2.0
_BLOCK_MOST = 15
ARRIVAL, RATE, DROP, LEVEL, GONE = 1, 2, 3, 4, 5
"""What of a customer is spread evenly over all customers: dimensions of `Chance.spread`."""
FIRST, LAST, REPEATS, EXTRAS = 0, 1, 10, 7_000
"""Number of an order among those of its customer, by where it comes from."""
_HOURS = (3, 2, 1, 1, 1, 2, 5, 9, 14, 19, 23, 24, 26, 24, 22, 22, 23, 26, 31, 37, 40, 34, 21, 10)
"""Orders in each hour of a day, in proportion."""


def hidden_rate(profile: Profile, wait: Column) -> Column:
    """Orders an operational day, from a standard exponential variate."""
    purchase = profile.purchase
    monthly = stats.gamma(purchase.rate_shape, scale=1 / purchase.rate_months).isf(np.exp(-waits()))
    return by_wait(monthly / MONTH, wait)


def hidden_drop(profile: Profile, wait: Column) -> Column:
    """Probability to stay away after a repeat order, from a standard exponential variate."""
    return by_wait(stats.beta(profile.purchase.drop_a, profile.purchase.drop_b).isf(np.exp(-waits())), wait)


def with_first_order(customers: DataFrame, world: World) -> DataFrame:
    """Adds `first_day` (time in days of the first order; NULL where it lies beyond `until`) and `signed_up` (day).

    Customers sign up within the 1,400 days before the span or during it, and at the latest with their first order.
    """
    chance, customer = world.chance, F.col("customer")
    arrival = chance.spread(ARRIVAL, customer) * ARRIVED
    known = arrival < world.arrivals.on(world.until_day)
    wanted = F.floor(chance.uniform("signed up", customer) * (1400 + world.profile.days)) - 1400
    return customers.withColumn("first_day", F.when(known, world.arrivals.day_at(arrival))).withColumn(
        "signed_up", F.least(wanted, F.floor("first_day")).cast("int")
    )


def with_hidden_life(buyers: DataFrame, world: World) -> DataFrame:
    """Adds `rate` (orders an operational day), `drop` (probability), `born` and `gone` (operational times).

    `gone` is the time of the order that is the last one, whenever that will be.
    """
    chance, customer, profile = world.chance, F.col("customer"), world.profile
    return (
        buyers.withColumn("rate", hidden_rate(profile, -F.log(chance.spread(RATE, customer))))
        .withColumn("drop", hidden_drop(profile, -F.log(chance.spread(DROP, customer))))
        .withColumn("born", world.purchases.at(F.col("first_day")))
        .withColumn("gone", F.col("born") - F.log(chance.spread(GONE, customer)) / (F.col("rate") * F.col("drop")))
    )


def with_poisson_times(rows: DataFrame, length: Column, chance: Chance, name: str, *ids: Column) -> DataFrame:
    """Each row once for each event of a Poisson process of rate 1 over (0, length): `nth` and `x`, its time.

    Time is cut into blocks, each with its own number of events, so a longer stretch only adds events.
    """
    counts = stats.poisson(_BLOCK_MEAN).pmf(np.arange(_BLOCK_MOST))
    block, place = F.col("_block"), F.col("_place")
    return (
        rows.withColumn("_length", length)
        .where("_length > 0")
        .withColumn("_block", F.explode(F.sequence(F.lit(0), F.floor(F.col("_length") / _BLOCK_MEAN).cast("int"))))
        .withColumn("_events", count_of(chance.uniform(f"{name}: events", *ids, block), counts))
        .where("_events > 0")
        .withColumn("_place", F.explode(F.sequence(F.lit(1), F.col("_events"))))
        .withColumn("x", (block + chance.uniform(f"{name}: time", *ids, block, place)) * _BLOCK_MEAN)
        .where("x < _length")
        .withColumn("nth", block * _BLOCK_MOST + place)
        .drop("_length", "_block", "_events", "_place")
    )


def organic_events(buyers: DataFrame, world: World) -> DataFrame:
    """One row for each order that comes without any campaign: `event` and `at` (time in days).

    Takes what `with_hidden_life` gives, and keeps its columns.
    """
    end = world.purchases.on(world.until_day)
    stays = F.col("rate") * (1 - F.col("drop"))
    times = with_poisson_times(
        buyers, stays * (F.least(F.col("gone"), F.lit(end)) - F.col("born")), world.chance, "repeat", F.col("customer")
    )
    repeats = times.select(
        *buyers.columns,
        (F.col("nth") + REPEATS).alias("event"),
        world.purchases.day_at(F.col("born") + F.col("x") / stays).alias("at"),
    )
    first = buyers.select("*", F.lit(FIRST).alias("event"), F.col("first_day").alias("at"))
    last = buyers.where(F.col("gone") < end).select(
        "*", F.lit(LAST).alias("event"), world.purchases.day_at(F.col("gone")).alias("at")
    )
    return first.unionByName(last).unionByName(repeats).withColumn("at", at_an_hour(world.chance))


def at_an_hour(chance: Chance) -> Column:
    """`at` on its day, but at an hour at which people buy."""
    shares = np.concatenate([[0.0], np.cumsum(_HOURS)]) / np.sum(_HOURS)
    grid = np.interp(np.linspace(0, 1, 481), shares, np.arange(25) / 24)
    draw = chance.uniform("hour", F.col("customer"), F.col("event"))
    return F.floor("at") + F.least(interpolated(grid, 1 / 480, draw), F.lit(0.999988))


def recent_buyers(events: DataFrame, world: World) -> DataFrame:
    """`customer` and `recent`: before which campaigns the customer bought (a bit mask), of those who ever did."""
    mask = bought_before(world, F.col("at"))
    return events.groupBy("customer").agg(F.bit_or(mask).alias("recent")).where("recent > 0")


def extra_events(touched: DataFrame, world: World) -> DataFrame:
    """One row for each order that only the campaign brought about: `event`, `at` and `cause` (place of the campaign).

    Takes the buyers among `campaigns.touches`. A contact adds orders at its effect times the customer's own rate, while
    the customer is one, for the campaign's days.
    """
    clock, days = world.purchases, world.profile.campaigns.days
    effect = F.get(numbers([one.effect for one in world.campaigns] or [0.0]), F.col("campaign"))
    begin = F.greatest(clock.at(F.col("touch")), F.col("born"))
    stop = F.least(clock.at(F.col("touch") + days), F.col("gone"), F.lit(clock.on(world.until_day)))
    contacted = touched.where("NOT is_holdout").withColumn("_begin", begin).withColumn("_rate", effect * F.col("rate"))
    times = with_poisson_times(
        contacted,
        F.col("_rate") * (stop - F.col("_begin")),
        world.chance,
        "extra",
        F.col("customer"),
        F.col("campaign"),
    )
    moment = clock.day_at(F.col("_begin") + F.col("x") / F.col("_rate"))
    return (
        times.withColumn("event", (F.col("campaign") * 50 + F.col("nth") + EXTRAS).cast("int"))
        .withColumn("at", moment)
        .withColumn("at", F.greatest(at_an_hour(world.chance), F.col("touch") + 0.02))
        .withColumnRenamed("campaign", "cause")
        .drop("touch", "is_holdout", "x", "nth", "_begin", "_rate")
    )


def orders(events: DataFrame, world: World) -> DataFrame:
    """One row for each order: `customer`, `event`, `at` (time in days), `cause`, `contact` and `coupon`.

    `cause` is the campaign without which the order would not be, `contact` the last campaign that reached the customer
    in its days before, `coupon` the campaign that the order names: each a place, or NULL. Takes all events, with the
    customer's `signed_up` and `recent`.
    """
    plan = world.profile.campaigns
    contact = contact_of(world, F.col("at")) if world.campaigns else F.lit(None).cast("int")
    draw = world.chance.uniform("coupon", F.col("customer"), F.col("event"))
    coupon = F.when(F.col("cause").isNotNull(), F.when(draw < plan.coupon_of_extra, F.col("cause"))).when(
        draw < plan.coupon_of_others, F.col("contact")
    )
    known = events.where(F.col("at") < world.until_day).withColumn("contact", contact)
    return known.select("customer", "event", "at", "cause", "contact", coupon.alias("coupon"))
