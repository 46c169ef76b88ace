"""A source with one expression in every place that may hold one."""

from __future__ import annotations

from collections.abc import Mapping

from lakehouse.sources.model import Source

PLACES = (
    "filter", "columns.unit_price", "version", "position_within", "join.people.on", "join.people.version",
)  # fmt: skip


def declared(changed: Mapping[str, str]) -> Source:
    """Order lines of a tea shop with other expressions in some places."""
    sql = {
        "filter": "price IS NOT NULL", "columns.unit_price": "price", "version": "updated", "position_within":
        "order_id", "join.people.on": "person", "join.people.version": "since",
    } | dict(changed)  # fmt: skip
    join = {"file": "people", "role": "lookup", "on": {sql["join.people.on"]: "id"}}
    lines = {
        "file": "orders",
        "filter": sql["filter"],
        "columns": {
            "order_id": "order_id", "line_number": "_position", "product_id": "article", "ordered_at": "updated",
            "quantity": "1", "unit_price": sql["columns.unit_price"],
        },
        "version": sql["version"],
        "position_within": sql["position_within"],
        "join": [join | {"version": sql["join.people.version"]}],
    }  # fmt: skip
    orders = ["order_id", "article", "price", "updated", "person", "user"]
    files = {
        "orders": {"pattern": "orders.csv", "columns": orders},
        "people": {"pattern": "people.csv", "columns": ["id", "country", "since"]},
    }
    return Source.model_validate(
        {"name": "teashop", "currency": "EUR", "time_zone": "Europe/Berlin", "fingerprint": "of its text"}
        | {"files": files, "feeds": {"order_lines": lines}}
    )
