"""gold.campaign_attribution: to which campaigns each order is credited, by six models.

An order's window is that of the last contact before it. While it is open at `as_of` the order is held back: so all
figures of a campaign speak of the same, closed windows, and do not creep from day to day.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.campaigns.markov import removal_effects
from lakehouse.tables.gold.campaigns import MODELS

ENDS, MIDDLE = 0.4, 0.2
"""Position-based: share of the first and of the last contact, and of all those between."""
EXACT = "DECIMAL(20,15)"
"""Weights are added up as decimals, whose sums do not depend on the order of the rows."""
PATH = ["source_system", "order_id"]
Effects = Mapping[str, Mapping[str, float]]
"""Source -> campaign -> removal effect."""


def effects_by_source(steps: DataFrame) -> dict[str, dict[str, float]]:
    """Removal effects, from the counted steps of paths."""
    counted: dict[str, dict[tuple[str, str], int]] = {}
    for row in steps.collect():
        counted.setdefault(row["source_system"], {})[row["step_from"], row["step_to"]] = row["steps"]
    return {source: removal_effects(found) for source, found in counted.items()}


def weights(half_life_days: float) -> dict[str, Column]:
    """What each model that looks at the path alone gives to one contact; a path's weights need not add up to 1."""
    place, length = F.col("place"), F.col("path_length")
    is_first, is_last = place == 1, place == length
    between = F.when(is_first | is_last, ENDS).otherwise(MIDDLE / F.greatest(length - 2, F.lit(1)))
    age_days = (F.col("path_ended_at").cast("double") - F.col("touched_at").cast("double")) / 86_400
    return {
        "last_touch": is_last.cast("double"),
        "first_touch": is_first.cast("double"),
        "linear": F.lit(1.0),
        "position_based": F.when(length <= 2, 1.0).otherwise(between),
        "time_decay": F.pow(F.lit(2.0), -age_days / half_life_days),
    }


def credits(contacts: DataFrame, effects: DataFrame, *, half_life_days: float) -> DataFrame:
    """Grain: one campaign on the path to one order. The shares of an order add up to 1 by each model.

    `effects` holds `removal_effect` by source and campaign. By Markov an order is shared in proportion to the removal
    effects of the campaigns on its path.
    """
    exact = {name: F.round(weight, 15).cast(EXACT) for name, weight in weights(half_life_days).items()}
    by_campaign = (
        contacts.where("order_id IS NOT NULL")
        .withColumns(exact)
        .groupBy(*PATH, "campaign_id")
        .agg(
            F.count("*").alias("touches"),
            F.first("path_length").alias("path_length"),
            F.first("is_open").alias("is_open"),
            F.min("touched_at").alias("first_touched_at"),
            F.max("touched_at").alias("last_touched_at"),
            *(F.sum(name).alias(name) for name in exact),
        )
        .join(F.broadcast(effects), ["source_system", "campaign_id"], "left")
    )
    # A path that is open still may have campaigns of which nothing is known yet.
    markov = F.coalesce(F.round("removal_effect", 15).cast(EXACT), F.lit(0).cast(EXACT))
    whole = Window.partitionBy(*PATH)
    shares = {}
    for name in MODELS:
        total = F.sum(name).over(whole).cast("double")
        shares[name] = F.when(total > 0, F.col(name).cast("double") / total).otherwise(1 / F.count("*").over(whole))
    return by_campaign.withColumn("markov", markov).withColumns(shares).drop("removal_effect")


def campaign_attribution(shares: DataFrame, orders: DataFrame) -> DataFrame:
    """The credits with what each order brought; `is_open` tells those that are held back. `orders`: order_totals."""
    amounts = orders.select(
        *PATH, "order_date", "currency", "customer_id", "ordered_at", "net_revenue", "margin_net_of_returns"
    )
    return shares.join(amounts, PATH)
