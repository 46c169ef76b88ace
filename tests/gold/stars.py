"""Tiny stars for the marts: rows as gold holds them, by the columns that a test is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakehouse.tables.model import Table
from tests.lakes import arrow, frame_of

Row = dict[str, Any]
_USUAL = {"source_system": "s", "currency": "GBP", "reporting_currency": "GBP", "quantity": 1}


def frame(spark: SparkSession, table: Table, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """The rows of one source in one currency, where they do not say otherwise."""
    known = {name: value for name, value in _USUAL.items() if name in table.column_names}
    return frame_of(spark, arrow(table, [known | dict(row) for row in rows]))


def sale(order: str, line: int, day: str, revenue: int, **more: Any) -> Row:
    """A completed line without discount."""
    on = date.fromisoformat(day)
    money = {name: Decimal(revenue) for name in ("gross_revenue", "net_revenue", "unit_price")}
    key = {"order_id": order, "line_number": line, "order_date": on, "order_month": on.replace(day=1)}
    return key | money | {"order_status": "completed"} | more


def refund(name: str, day: str, amount: int | None, **more: Any) -> Row:
    """A counted return; of a known line where `order_id` and `line_number` are given."""
    on = date.fromisoformat(day)
    known = {"return_id": name, "return_date": on, "return_month": on.replace(day=1)}
    matched = {"is_matched": "order_id" in more, "order_status": "completed" if "order_id" in more else None}
    return known | matched | {"refund_amount": None if amount is None else Decimal(amount)} | more


def total(order: str, day: str, customer: str | None, revenue: int, **more: Any) -> Row:
    """A row of order_totals."""
    on = date.fromisoformat(day)
    number = None if customer is None else ord(customer[-1])
    key = {"order_id": order, "order_date": on, "order_month": on.replace(day=1), "customer_id": customer}
    return key | {"customer_durable_key": number or 0, "net_revenue": Decimal(revenue)} | more


def rows_of(found: DataFrame, names: str) -> list[tuple[Any, ...]]:
    """The named columns of all rows, sorted."""
    return sorted((tuple(row) for row in found.select(*names.split()).collect()), key=str)
