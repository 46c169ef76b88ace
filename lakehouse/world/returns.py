"""What comes back: returns depend on the category and on whether the delivery was late."""

from __future__ import annotations

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.catalogue import Catalogue
from lakehouse.world.chance import Numbers, numbers
from lakehouse.world.profile import Returns
from lakehouse.world.world import World

REASONS = ("not as described", "changed my mind", "broken", "too small", "too large", "wrong item")
LATE_REASON = "arrived too late"
_SOONEST, _LATEST = 2, 24


def propensities(catalogue: Catalogue, returns: Returns) -> Numbers:
    """Probability that a completed line of each product in time comes back, such that `returns.share` do on average."""
    of_category = np.array([one.returns for one in catalogue.categories])[catalogue.category]
    lateness = 1 - returns.late_share + returns.late_share * returns.late_factor
    mean = float(np.sum(of_category * catalogue.mix)) * lateness
    return np.asarray(of_category * returns.share / mean, dtype=np.float64)


def returned_lines(lines: DataFrame, world: World) -> DataFrame:
    """One row for each returned line: `back` (time in days), `returned`, `refund` and `reason`."""
    plan, chance = world.profile.returns, world.chance
    ids = F.col("customer"), F.col("event"), F.col("line")
    chance_of = F.get(numbers(propensities(world.catalogue, plan)), F.col("product"))
    likely = chance_of * F.when(F.col("is_late"), plan.late_factor).otherwise(1.0)
    back = F.col("delivered") + _SOONEST + chance.uniform("back", *ids) * (_LATEST - _SOONEST)
    all_of_it = chance.uniform("returned all", *ids) < 0.75
    returned = F.when(all_of_it, F.col("quantity")).otherwise(F.lit(1))
    paid = F.col("gross") - F.col("discount")
    rows = lines.where((F.col("status") == "completed") & (chance.uniform("returned", *ids) < likely))
    return (
        rows.withColumn("back", back)
        .where(F.col("back") < world.until_day)
        .withColumn("returned", returned)
        .withColumn("refund", (paid * returned / F.col("quantity")).cast("decimal(12,2)"))
        .withColumn("reason", _reason(world, *ids))
    )


def _reason(world: World, *ids: Column) -> Column:
    draw = world.chance.uniform("reason", *ids)
    usual = F.get(F.array(*map(F.lit, REASONS)), F.floor(draw * len(REASONS)).cast("int"))
    return F.when(F.col("is_late") & (draw < 0.6), LATE_REASON).otherwise(usual)
