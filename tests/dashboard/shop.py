"""A small shop that is published without Spark: the tables of gold that follow from its lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lakehouse.tables import gold, ops, silver
from lakehouse.tables.model import Table
from tests.dashboard.lines import (
    AS_OF,
    BEST,
    CATEGORIES,
    CHANNELS,
    COUNTRIES,
    FIRST,
    LAST,
    METHODS,
    SEGMENTS,
    Line,
    grouped,
    lines_of,
    totals,
)
from tests.lakes import publish, write

__all__ = ["CATEGORIES", "CHANNELS", "COUNTRIES", "FIRST", "LAST", "METHODS", "SEGMENTS", "Line", "lines_of", "marts",
           "publication", "shop", "star"]  # fmt: skip


def key_of(*parts: object) -> int:
    return int.from_bytes(repr(parts).encode()[:7] + bytes([sum(repr(parts).encode()) % 256]), "big") % 2**62


def daily_sales(lines: list[Line]) -> list[dict[str, Any]]:
    def cell(day: date, line: Line) -> tuple[Any, ...]:
        return (line.source, day, line.currency, line.category, line.country, line.channel, line.segment, line.method)

    sold = grouped(lines, lambda line: cell(line.day, line))
    back = grouped([line for line in lines if line.returned], lambda line: cell(line.returned_on, line))
    names = ("source_system", "full_date", "currency", "category", "country_name", "sales_channel", "customer_segment",
             "payment_method")  # fmt: skip
    return [
        dict(zip(names, key, strict=True))
        | totals(sold.get(key, []), back.get(key, []))
        | {
            "month_start": key[1].replace(day=1),
            "orders": len({line.order for line in sold.get(key, [])}),
            "leading_orders": sum(1 for line in sold.get(key, []) if line.number == 1),
        }
        for key in {*sold, *back}
    ]


def star(lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
    """Facts and dimensions."""
    people = {(line.source, line.customer, line.segment) for line in lines}
    return {
        "fact_sales": [
            {
                "source_system": line.source, "order_id": line.order, "line_number": line.number,
                "customer_key": key_of("c", line.source, line.customer, line.segment),
                "product_key": key_of("p", line.source, line.category), "geography_key": key_of("g", line.country),
                "order_date": line.day, "order_month": line.day.replace(day=1), "order_status": "completed",
                "sales_channel": None if line.channel == "unknown" else line.channel, "quantity": line.units,
                "gross_revenue": line.revenue, "net_revenue": line.revenue, "cost": line.cost,
                "currency": line.currency,
            }
            for line in lines
        ],
        "dim_customer": [
            {
                "customer_key": key_of("c", *person), "customer_durable_key": key_of("d", *person[:2]),
                "source_system": person[0], "customer_id": person[1], "email": f"{person[1]}@example.com",
                "first_name": f"First{person[1]}", "customer_segment": person[2], "is_current": True,
                "country_name": "France",
            }
            for person in people
        ],
        "dim_product": [
            {"product_key": key_of("p", *one), "source_system": one[0], "product_id": f"P-{one[1]}", "category": one[1]}
            for one in {(line.source, line.category) for line in lines}
        ],
        "dim_geography": [
            {"geography_key": key_of("g", name), "country_name": name, "country_code": code,
             "city": None if code is None else f"City of {code}"}
            for name, code in COUNTRIES.items()
        ],
        "mart_currencies": [{"source_system": one} for one in {line.source for line in lines}],
    }  # fmt: skip


def marts(lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
    """What pages read besides the star."""
    orders = grouped(lines, lambda line: (line.source, line.order, line.day, line.currency, line.customer))
    known = grouped([line for line in lines if line.customer], lambda line: (line.source, line.currency, line.customer))
    return of_products(lines) | {
        "daily_sales": daily_sales(lines),
        "order_totals": [
            {"source_system": key[0], "order_id": key[1], "order_date": key[2], "currency": key[3],
             "order_month": key[2].replace(day=1), "customer_id": key[4],
             "customer_durable_key": key_of("d", key[0], key[4])} | totals(rows, rows)
            for key, rows in orders.items()
        ],
        "customer_rfm": [
            {"source_system": key[0], "currency": key[1], "customer_id": key[2],
             "customer_durable_key": key_of("d", key[0], key[2]),
             "recency_days": (AS_OF - max(r.day for r in rows)).days,
             "frequency": len({row.order for row in rows}), "monetary": sum(row.revenue - row.refund for row in rows),
             "r_score": at % 5 + 1, "f_score": at % 3 + 1, "m_score": 1, "segment": BEST[at % 3],
             "last_ordered_on": max(row.day for row in rows)}
            for at, (key, rows) in enumerate(known.items())
        ],
        "customer_concentration": [
            {"source_system": source, "currency": "GBP", "customer_percent": percent, "gini": 0.4, "customers": 11,
             "revenue_share": (percent / 100) ** 0.5}
            for source in {key[0] for key in known} for percent in range(1, 101)
        ],
    }  # fmt: skip


def of_products(lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
    products = grouped(lines, lambda line: (line.source, line.currency, line.category))
    by_day = grouped(lines, lambda line: (line.source, line.currency, line.category, line.day))
    places = {(line.source, line.day.replace(day=1), line.currency, line.country) for line in lines}
    return {
        "product_performance": [
            {"source_system": key[0], "currency": key[1], "product_durable_key": key_of("pd", *key),
             "product_id": f"P-{key[2]}", "product_name": f"Name of {key[2]}", "category": key[2],
             "is_merchandise": True, "abc_class": "ABC"[at % 3]} | totals(rows, rows)
            for at, (key, rows) in enumerate(products.items())
        ],
        "product_days": [
            {"source_system": key[0], "currency": key[1], "product_durable_key": key_of("pd", *key[:3]),
             "full_date": key[3], "month_start": key[3].replace(day=1)} | totals(rows, [r for r in rows if r.returned])
            for key, rows in by_day.items()
        ],
        "geography_sales": [
            {"source_system": key[0], "month_start": key[1], "currency": key[2], "country_name": key[3],
             "country_code": COUNTRIES[key[3]]}
            for key in places
        ],
        "return_rates": [
            {"source_system": key[0], "dimension": "category", "dimension_value": key[2], "lines": 100,
             "returned_lines": 10, "line_return_rate": 0.1, "rate_low": 0.05, "rate_high": 0.17}
            for key in products
        ],
    }  # fmt: skip


def publication(
    lake: Path,
    number: int,
    rows: Mapping[str, list[dict[str, Any]]],
    *,
    without: tuple[str, ...] = (),
    **more: Any,
) -> None:
    """Publishes all tables of silver and gold, with these rows by short name, but for those named in `without`."""
    tables: tuple[Table, ...] = (*silver.TABLES, *gold.TABLES)
    versions = {
        table.name: write(lake, table, rows.get(table.short_name, ())) for table in tables if table.name not in without
    }
    at = datetime.fromisoformat("2024-04-01T06:00:00+00:00")
    publish(lake, number, versions, **({"as_of": AS_OF, "published_at": at} | more))


def shop(
    lake: Path,
    *,
    sources: tuple[str, ...] = ("shop",),
    costs: bool = True,
    customers: bool = True,
    dimensions: bool = True,
    more: Mapping[str, list[dict[str, Any]]] | None = None,
    without: tuple[str, ...] = (),
) -> list[Line]:
    """Publishes a shop of 160 orders a source; returns its lines."""
    lines = [
        line
        for at, source in enumerate(sources)
        for line in lines_of(source, 160, seed=at, costs=costs, customers=customers, dimensions=dimensions)
    ]
    publication(lake, 1, star(lines) | marts(lines) | dict(more or {}), without=without)
    write(lake, ops.QUALITY_RESULTS, [{"rule": "r1", "table_name": "gold.fact_sales", "verdict": "passed"}])
    return lines
