"""How often the 95 % intervals of BG/NBD hold what was planted, over stationary shops of many seeds.

    python -m bench.clv_coverage --seeds 20

Makes when customers order (no files, no lines) as the profile `stationary` has it, counts their days with an order as
models of lifetime value do, and fits. All orders count, whatever became of them: they are the process that is planted.
Gold has completed ones alone. Of a share c of the orders rates are c times as high (alpha / c), and whoever leaves
after an order with p is not seen again after a completed one with p / (c + p (1 - c)), which is no Beta variate.
At least 16 of 20 intervals should hold each parameter; exit code 1 where they do not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.engine.spark.session import spark_session
from lakehouse.world.clock import MONTH
from lakehouse.world.orders import organic_events, with_first_order, with_hidden_life
from lakehouse.world.profile import Profile, load_profile
from lakehouse.world.world import World
from ml.clv.histories import grouped
from ml.clv.maximum_likelihood import Fit
from ml.clv.purchases import fit

_ENOUGH = 0.8
_MOST_GROUPS = 200_000


def planted(profile: Profile) -> dict[str, float]:
    """Parameter -> value, times in days."""
    purchase = profile.purchase
    alpha = purchase.rate_months * MONTH
    return {"r": purchase.rate_shape, "alpha": alpha, "a": purchase.drop_a, "b": purchase.drop_b}


def histories(spark: SparkSession, world: World) -> DataFrame:
    """Frequency, recency and T of each customer, in days, seen until the end of the span."""
    buyers = with_first_order(world.everyone(spark), world).where("first_day IS NOT NULL")
    events = organic_events(with_hidden_life(buyers, world), world).where(F.col("at") < world.until_day)
    days = events.select("customer", F.floor("at").alias("day")).distinct().groupBy("customer")
    return days.agg(
        (F.count("*") - 1).cast("double").alias("frequency"),
        (F.max("day") - F.min("day")).cast("double").alias("recency"),
        (world.until_day - 1 - F.min("day")).cast("double").alias("observed"),
    )


def fits(seeds: int, scale: float, profile: Profile) -> list[Fit]:
    """One fit for each seed; prints what it found."""
    truth, found = planted(profile), []
    with tempfile.TemporaryDirectory() as scratch:
        spark = spark_session("clv coverage", log_file=Path(scratch) / "spark.log")
        for seed in range(1, seeds + 1):
            world = World(profile, seed, scale, profile.end)
            one = fit("bg_nbd", grouped(histories(spark, world), _MOST_GROUPS))
            found.append(one)
            said = ", ".join(
                f"{name} {one[name]:.3f} [{low:.3f}, {high:.3f}]{'' if low <= truth[name] <= high else ' OUT'}"
                for name in truth
                for low, high in [one.interval(name)]
            )
            print(f"seed {seed}: {one.customers:,} customers, {said}", flush=True)
        spark.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--scale", type=float, default=1.0, help="1: 50,000 customers, of whom a quarter orders")
    chosen = parser.parse_args()
    profile = load_profile("stationary")
    found = fits(chosen.seeds, chosen.scale, profile)
    holds = True
    for name, truth in planted(profile).items():
        inside = sum(low <= truth <= high for low, high in (one.interval(name) for one in found))
        holds &= inside >= _ENOUGH * len(found)
        print(f"{name:6} planted {truth:8.3f}: inside its interval {inside} times of {len(found)}")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
