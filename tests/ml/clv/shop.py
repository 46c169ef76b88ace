"""Orders of simulated customers, as gold.order_totals has them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from ml.clv.purchases import PurchaseModel
from ml.clv.value import ValueModel

MODEL = PurchaseModel("bg_nbd", 0.9, 40.0, 0.6, 2.5)
"""In days."""
VALUE = ValueModel(4.0, 5.0, 60.0)
START, AS_OF = date(2023, 1, 1), date(2024, 1, 1)
_SCHEMA = (
    "source_system string, order_id string, order_date date, customer_durable_key bigint, customer_id string,"
    " currency string, units bigint, net_revenue decimal(18,4), costed_revenue decimal(18,4),"
    " net_of_returns decimal(18,4), margin_net_of_returns decimal(18,4)"
)


def orders(spark: SparkSession, number: int, *, seed: int = 1, costed: bool = True, currency: str = "GBP") -> DataFrame:
    """Of so many customers who come evenly over the first 250 days of a year; the margin is half of what is spent."""
    chance = np.random.default_rng(seed)
    rows = []
    for customer in range(number):
        day, rate, leaves = chance.uniform(0, 250), chance.gamma(MODEL.r, 1 / MODEL.alpha), chance.beta(0.6, 2.5)
        spends = chance.gamma(VALUE.q, 1 / VALUE.v)
        while day < 365:
            spent = Decimal(round(chance.gamma(VALUE.p, 1 / spends), 2))
            on = START + timedelta(days=int(day))
            key = ("s", f"{customer}-{day}", on, customer, f"c{customer}", currency, 1)
            rows.append((*key, spent, spent if costed else Decimal(0), spent, spent / 2 if costed else None))
            day += chance.exponential(1 / rate)
            if len(rows) > 1 and rows[-2][3] == customer and chance.random() < leaves:
                break
    return spark.createDataFrame(rows, _SCHEMA)
