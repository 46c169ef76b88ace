"""Contacts and orders of a few customers, for tests of the marts of campaigns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.campaigns import arms
from lakehouse.gold.campaigns.campaign_attribution import campaign_attribution, credits, effects_by_source
from lakehouse.gold.campaigns.campaign_roi import all_orders, attributed
from lakehouse.gold.campaigns.campaign_rows import Evidence
from lakehouse.gold.campaigns.journeys import journeys, transitions
from lakehouse.settings import load_settings
from lakehouse.tables.gold import DIM_CAMPAIGN
from lakehouse.tables.gold.campaigns import MODELS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from tests.gold.stars import Row, frame, total

AS_OF = date(2024, 6, 1)
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
RULES = load_settings().analytics


def on(day: float) -> datetime:
    """So many days after New Year."""
    return NEW_YEAR + timedelta(days=day)


def touch(campaign: str, day: float, customer: str = "C", *, held: bool = False) -> Row:
    name = f"{campaign}{customer}{day}"
    return {
        "touch_id": name,
        "campaign_id": campaign,
        "customer_id": customer,
        "touched_at": on(day),
        "is_holdout": held,
    }


def bought(order: str, day: float, revenue: int = 100, customer: str | None = "C") -> Row:
    when = on(day)
    money = {"margin_net_of_returns": Decimal(revenue) / 4}
    return total(order, f"{when:%Y-%m-%d}", customer, revenue, ordered_at=when, **money)


class Case:
    """Contacts and orders of one test, and what is made of them."""

    def __init__(self, spark: SparkSession, touches: list[Row], orders: list[Row], as_of: date = AS_OF) -> None:
        self.touches = frame(spark, CAMPAIGN_TOUCHES, touches)
        self.orders = frame(spark, ORDER_TOTALS, orders)
        self.contacts = journeys(self.touches, self.orders, window_days=30, as_of=as_of).cache()
        self.effects = effects_by_source(transitions(self.contacts))
        known = [("s", name, effect) for name, effect in self.effects.get("s", {}).items()]
        effects = spark.createDataFrame(known, "source_system STRING, campaign_id STRING, removal_effect DOUBLE")
        shares = credits(self.contacts, effects, half_life_days=7)
        self.shares: DataFrame = campaign_attribution(shares, self.orders)

    def by_campaign(self, order: str) -> dict[str, list[float]]:
        rows = self.shares.where(f"order_id = '{order}'").collect()
        return {row["campaign_id"]: [row[name] for name in MODELS] for row in rows}


def evidence(spark: SparkSession, case: Case, as_of: date = AS_OF, spend: int = 50) -> Evidence:
    people = arms.members(case.touches, window_days=30, as_of=as_of)
    names = sorted({row["campaign_id"] for row in case.touches.select("campaign_id").collect()})
    frames = {
        "attributed": attributed(case.shares, "last_touch"),
        "sizes": arms.sizes(people),
        "sums": arms.sums(arms.outcomes(people, case.orders, pre_period_days=365)),
        "orders": all_orders(case.orders),
        "campaigns": frame(spark, DIM_CAMPAIGN, [{"campaign_id": name} for name in names]),
    }
    cost: list[dict[str, Any]] = [
        {"source_system": "s", "campaign_id": name, "currency": "GBP", "spend": Decimal(spend)} for name in names
    ]
    rows = {name: [row.asDict() for row in one.collect()] for name, one in frames.items()}
    return Evidence(**rows, spend=cost, effects=case.effects)
