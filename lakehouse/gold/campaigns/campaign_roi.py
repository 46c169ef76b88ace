"""gold.campaign_roi: what each campaign cost, is credited with, and truly added. Writes gold.campaign_attribution too.

Attributed figures say where orders came from, not what would have been without the campaign: buyers are on lists since
they buy. The held-out customers tell that. All money is in the currency of the mart; nothing adds two currencies up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import checkpointed
from lakehouse.gold.amounts import converted_sources
from lakehouse.gold.campaigns import arms
from lakehouse.gold.campaigns.campaign_attribution import Effects, campaign_attribution, credits, effects_by_source
from lakehouse.gold.campaigns.campaign_rows import Evidence, campaign_rows, money
from lakehouse.gold.campaigns.journeys import journeys, transitions
from lakehouse.gold.star.rates import rates_of, with_reporting_rate
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.marts import Analytics
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CAMPAIGN
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI, MODELS
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.model import Column
from lakehouse.tables.silver import CAMPAIGN_SPEND, CAMPAIGN_TOUCHES, FX_RATES
from lakehouse.tables.types import MONEY

READS = (ORDER_TOTALS, CAMPAIGN_TOUCHES, CAMPAIGN_SPEND, DIM_CAMPAIGN, MART_CURRENCIES, FX_RATES)
WRITES = (CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI)
ROW = ["source_system", "campaign_id", "currency"]
SHARE = "DECIMAL(16,12)"


def spent(
    spend: DataFrame, rates: DataFrame | None, *, converted: Sequence[str], reporting_currency: str, last_day: date
) -> DataFrame:
    """`spend` by campaign and currency; a day without a rate stays in its own currency, in a row of its own."""
    rows = spend.withColumn("_spend_month", F.trunc("spend_date", "month")).withColumn(
        "reporting_currency", F.lit(reporting_currency)
    )
    rows = with_reporting_rate(
        rows, rates, day="spend_date", month="_spend_month", reporting_currency=reporting_currency, last_day=last_day
    )
    converts = F.col("source_system").isin(list(converted)) & F.col("reporting_rate").isNotNull()
    amount = F.when(converts, (F.col("amount") * F.col("reporting_rate")).cast(MONEY)).otherwise(F.col("amount"))
    currency = F.when(converts, F.col("reporting_currency")).otherwise(F.col("currency"))
    return rows.groupBy("source_system", "campaign_id", currency.alias("currency")).agg(
        F.sum(amount).cast(MONEY).alias("spend")
    )


def attributed(rows: DataFrame, model: str) -> DataFrame:
    """Credited orders and money by campaign and currency; and orders held back, with their money."""
    is_open, revenue, margin = F.col("is_open"), F.col("net_revenue"), F.col("margin_net_of_returns")
    # Decimals, whose sums do not depend on the order of the rows.
    share = {name: F.when(~is_open, F.col(name).cast(SHARE)) for name in MODELS}
    held = F.when(is_open, F.col("last_touch").cast(SHARE))
    costed = margin.isNotNull()
    return rows.groupBy(*ROW).agg(
        F.sum(share[model]).alias("attributed_orders"),
        F.sum(share[model] * revenue).alias("attributed_revenue"),
        F.sum(share[model] * margin).alias("attributed_margin"),
        F.sum(F.when(costed, share[model])).alias("attributed_costed"),
        *(F.sum(share[name] * revenue).alias(f"{name}_revenue") for name in MODELS),
        F.sum(held).alias("held_back_orders"),
        F.sum(held * revenue).alias("held_back_revenue"),
        F.sum(held * margin).alias("held_back_margin"),
        F.sum(F.when(costed, held)).alias("held_back_costed"),
    )


def all_orders(orders: DataFrame) -> DataFrame:
    """All completed orders and their money by source and currency; `costed` are those whose margin is known."""
    return orders.groupBy("source_system", "currency").agg(
        F.count("*").alias("orders"),
        F.sum("net_revenue").alias("revenue"),
        F.sum("margin_net_of_returns").alias("margin"),
        F.count("margin_net_of_returns").alias("costed"),
    )


def evidence(lake: Lake, settings: Settings, shares: DataFrame, effects: Effects) -> Evidence:
    """What the rows are made of: everything here has as many rows as there are campaigns."""
    rules, orders = settings.analytics, lake.read(ORDER_TOTALS)
    people = arms.members(lake.read(CAMPAIGN_TOUCHES), window_days=rules.attribution.window_days, as_of=lake.as_of)
    bought = arms.outcomes(people, orders, pre_period_days=rules.lift.pre_period_days)
    cost = spent(
        lake.read(CAMPAIGN_SPEND),
        rates_of(lake),
        converted=converted_sources(lake),
        reporting_currency=settings.reporting_currency,
        last_day=settings.calendar.last_day,
    )
    frames: Mapping[str, DataFrame] = {
        "campaigns": lake.read(DIM_CAMPAIGN).where("campaign_id IS NOT NULL"),
        "spend": cost,
        "attributed": attributed(shares, rules.attribution.default_model),
        "sizes": arms.sizes(people),
        "sums": arms.sums(bought),
        "orders": all_orders(orders),
    }
    rows = {name: [row.asDict() for row in frame.collect()] for name, frame in frames.items()}
    return Evidence(**rows, effects=effects)


def shares_of(lake: Lake, rules: Analytics) -> tuple[DataFrame, Effects]:
    """Credits of all orders, those held back too, and the removal effects that they are made with."""
    orders = lake.read(ORDER_TOTALS)
    once = orders.groupBy("source_system", "order_id").agg(
        F.min("customer_id").alias("customer_id"), F.min("ordered_at").alias("ordered_at")
    )
    days = rules.attribution.window_days
    # Cut off, since it is used for the steps of paths and, after a table is written, for credits.
    contacts = checkpointed(journeys(lake.read(CAMPAIGN_TOUCHES), once, window_days=days, as_of=lake.as_of))
    effects = effects_by_source(transitions(contacts))
    known = [(source, name, effect) for source, found in effects.items() for name, effect in found.items()]
    frame = lake.spark.createDataFrame(known, "source_system STRING, campaign_id STRING, removal_effect DOUBLE")
    shares = credits(contacts, frame, half_life_days=rules.attribution.half_life_days)
    return checkpointed(campaign_attribution(shares, orders)), effects


def _typed(column: Column, value: Any) -> Any:
    """Estimates of money as decimals, as all money is."""
    return money(value) if column.type == MONEY and isinstance(value, float) else value


def build(lake: Lake, settings: Settings) -> None:
    """Both tables whole: every credit by Markov depends on all paths. Rows that stay as they are are not written."""
    for table in WRITES:
        lake.ensure(table)
    if lake.is_empty(CAMPAIGN_TOUCHES) and lake.is_empty(CAMPAIGN_SPEND) and lake.is_empty(CAMPAIGN_ROI):
        return
    shares, effects = shares_of(lake, settings.analytics)
    rows = campaign_rows(evidence(lake, settings, shares, effects), settings.analytics)
    lake.replace_all(CAMPAIGN_ATTRIBUTION, shares.where("NOT is_open"))
    schema = ", ".join(f"{column.name} {column.type}" for column in CAMPAIGN_ROI.columns)
    values = [tuple(_typed(column, row.get(column.name)) for column in CAMPAIGN_ROI.columns) for row in rows]
    lake.replace_all(CAMPAIGN_ROI, lake.spark.createDataFrame(values, schema))


STEP = Step("campaign_roi", READS, WRITES, build, follows_as_of=True)
