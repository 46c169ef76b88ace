"""A shop of a few hundred customers in Spark: who buy at rates of their own, and of whom some leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.amounts import counted_returns
from lakehouse.settings.models import Churn, Models
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from ml.features.customer_features import customer_features
from tests.gold.stars import Row, frame
from tests.ml.features.shop import FIRST, LAST

START, AS_OF = date(2023, 1, 1), date(2023, 12, 1)
CUT_OFFS = [date(2023, month, 1) for month in range(4, 12)]
RULES = Churn(horizon_days=45, look_back_days=150, least_customers=50)
MODELS = Models(seed=7)


@dataclass(frozen=True)
class SmallShop:
    features: DataFrame
    orders: DataFrame


def small_shop(spark: SparkSession, customers: int = 400) -> SmallShop:
    """Features at month starts, and as of 1 December of everyone; the orders behind them."""
    orders = frame(spark, ORDER_TOTALS, _orders(customers)).persist()
    versions = [
        {
            "source_system": "s", "customer_key": key, "customer_durable_key": key, "customer_id": f"C{key}",
            "valid_from": FIRST, "valid_to": LAST, "customer_segment": "club" if key % 3 else "guest",
        }
        for key in range(customers)
    ]  # fmt: skip
    features = customer_features(
        orders,
        counted_returns(frame(spark, FACT_RETURNS, []), []),
        frame(spark, DIM_CUSTOMER, versions),
        frame(spark, CAMPAIGN_TOUCHES, []),
        cut_offs=[*CUT_OFFS, AS_OF],
        look_back_days=RULES.look_back_days,
        everyone_at=(AS_OF,),
    )
    return SmallShop(features.persist(), orders)


def _orders(customers: int) -> list[Row]:
    random = np.random.default_rng(11)
    rows = []
    for key in range(customers):
        day, gap = float(random.integers(0, 200)), random.gamma(1.5, 30) + 3
        leaves = 0.25 if key % 3 else 0.05
        while day < (AS_OF - START).days:
            on = START + timedelta(days=int(day))
            amount = Decimal(int(random.integers(5, 90)))
            rows.append(
                {
                    "order_id": f"{key}-{len(rows)}", "order_date": on, "order_month": on.replace(day=1),
                    "customer_id": f"C{key}", "customer_durable_key": key, "lines": 1, "units": 2,
                    "gross_revenue": amount, "net_revenue": amount, "margin": amount / 2,
                }
            )  # fmt: skip
            if random.random() < leaves:
                break
            day += random.exponential(gap) + 1
    return rows
