"""How many completed orders a shop is to expect on each day: the story of orders without its chance.

Of customers who order at rate L and stay away after a repeat order with probability p, a share exp(-L p t) is there
still at operational time t after the first order. With L ~ Gamma(r, a) their mean rate at t is
r/a (a / (a + p t))^(r + 1), which is averaged over p ~ Beta.
"""

from __future__ import annotations

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from scipy import stats

from lakehouse.world.chance import Numbers
from lakehouse.world.clock import ARRIVED, MONTH
from lakehouse.world.profile import Profile
from lakehouse.world.world import World

_DRAWS = 1_000


def mean_rate(profile: Profile, since: Numbers) -> Numbers:
    """Repeat orders an operational day of all who had their first order `since` operational days ago, on average."""
    shape, scale = profile.purchase.rate_shape, profile.purchase.rate_months * MONTH
    places = (np.arange(_DRAWS) + 0.5) / _DRAWS
    drop = stats.beta(profile.purchase.drop_a, profile.purchase.drop_b).ppf(places)
    rates = shape / scale * (scale / (scale + drop * since[:, None])) ** (shape + 1)
    return np.asarray(rates.mean(axis=1), dtype=np.float64)


def expected_orders(world: World, customers: int) -> Numbers:
    """Completed orders of each day that come without any campaign."""
    arrivals = np.diff(world.arrivals.elapsed[: world.until_day + 1]) / ARRIVED * customers
    elapsed = world.purchases.elapsed[: world.until_day + 1]
    speed = np.diff(elapsed)
    grid = np.arange(0.0, elapsed[-1] + 2)
    rates = mean_rate(world.profile, grid)
    # Those who came on earlier days order again; those of the day itself hardly.
    repeats = [
        float((arrivals[:day] * np.interp(elapsed[day] - elapsed[:day], grid, rates)).sum()) * speed[day]
        for day in range(world.until_day)
    ]
    return np.asarray((arrivals + repeats) * world.profile.spend.completed, dtype=np.float64)


def expected_campaign_orders(world: World, touches: DataFrame, customers: DataFrame) -> Numbers:
    """Completed orders of each day that campaigns add: effect x rate of the contacted who were customers then."""
    found = np.zeros(world.until_day)
    if not world.campaigns:
        return found
    at = world.purchases.at(F.col("touch"))
    reached = touches.where("NOT is_holdout").join(customers.select("customer", "rate", "born", "gone"), "customer")
    reached = reached.where((F.col("born") <= at) & (F.col("gone") > at))
    # Decimals add up to the same in any order.
    total = F.sum(F.col("rate").cast("decimal(28,15)")).alias("rate")
    rates = {row["campaign"]: float(row["rate"]) for row in reached.groupBy("campaign").agg(total).collect()}
    speed = np.diff(world.purchases.elapsed[: world.until_day + 1])
    for one in world.campaigns:
        # The list is contacted over two mornings.
        days = slice(one.starts + 1, one.starts + 1 + world.profile.campaigns.days)
        found[days] += one.effect * rates.get(one.place, 0.0) * speed[days] * world.profile.spend.completed
    return found
