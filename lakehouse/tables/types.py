"""The types of the lake's columns, as Spark SQL writes them, and the unit of money."""

from __future__ import annotations

TEXT = "STRING"
MONEY = "DECIMAL(18,4)"
RATE = "DECIMAL(18,8)"
INSTANT = "TIMESTAMP"
KEY = "BIGINT"
COUNT = "BIGINT"
CURRENCY_UNIT = "currency"
