"""The types of the lake's columns, as Spark SQL writes them, and the unit of money."""

from __future__ import annotations

TEXT = "STRING"
MONEY = "DECIMAL(18,4)"
RATE = "DECIMAL(18,8)"
INSTANT = "TIMESTAMP"
KEY = "BIGINT"
COUNT = "BIGINT"
CURRENCY_UNIT = "currency"
FIRST_INSTANT, LAST_INSTANT = "0001-01-01 00:00:00", "9999-12-31 00:00:00"
"""What the earliest version of a member is valid from, and the current one to."""
MASK = "***"
"""Stands where a value identifies a person."""
