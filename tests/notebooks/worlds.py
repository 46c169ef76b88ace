"""Small published lakes for notebooks: one that has everything, one that has next to nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lakehouse.tables import ops
from tests.dashboard.shop import Line, key_of, lines_of, shop
from tests.dashboard.shop import marts as shop_marts
from tests.lakes import write
from tests.notebooks import models
from tests.notebooks.marts import analytics
from tests.notebooks.people import features, order_totals

SHA = "f" * 64
DETAILS = json.dumps({"reason": "empty_file", "detail": "There is nothing in the file"})
FEEDS = {"accepted": 0, "superseded": 4, "quarantined": 3}
"""Rows of the shop's one file that are no lines of orders, by what became of them."""


def came_in(lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
    """Silver: the lines as rows of one file, what became of its rows, three of them refused."""
    [source] = {line.source for line in lines}
    place = {"source_system": source, "feed": "order_lines", "file_kind": "orders", "_file_sha256": SHA}
    return {
        "order_lines": [
            {"source_system": source, "order_id": line.order, "line_number": line.number, "order_date": line.day,
             "order_month": line.day.replace(day=1), "order_status": "completed", "quantity": line.units,
             "gross_revenue": line.revenue, "net_revenue": line.revenue, "currency": line.currency,
             "_file_sha256": SHA, "_row_in_file": at}
            for at, line in enumerate(lines, 1)
        ],
        "lineage": [
            place | {"unit_key": outcome, "outcome": outcome, "rows": rows or len(lines)}
            for outcome, rows in FEEDS.items()
        ],
        "quarantine": [
            place | {"reasons": reasons, "status": status, "raw_row": "{}", "_row_in_file": at,
                     "_source_file": "/landing/shop/orders.csv"}
            for at, (reasons, status) in enumerate(
                [(["negative_quantity"], "open"), (["negative_quantity", "unparsable:ordered_at"], "open"),
                 (["unparsable:ordered_at"], "replayed")], 1000)
        ],
    }  # fmt: skip


def came_back(lines: list[Line]) -> list[dict[str, Any]]:
    """Rows of gold.fact_returns."""
    return [
        {"source_system": line.source, "return_id": f"r{at}", "order_id": line.order, "line_number": line.number,
         "order_date": line.day, "return_date": line.returned_on, "order_status": "completed", "is_matched": True,
         "return_month": line.returned_on.replace(day=1), "quantity": line.returned, "refund_amount": line.refund,
         "currency": line.currency, "product_key": key_of("p", line.source, line.category)}
        for at, line in enumerate(lines) if line.returned
    ]  # fmt: skip


def files(lake: Path, source: str, rows: int) -> None:
    """One file that was loaded, came twice, and one that could not be read."""
    loaded = {"source_system": source, "path": "orders.csv", "sha256": SHA, "file_kind": "orders", "rows": rows}
    at = {"_ingested_at": datetime(2024, 4, 1, tzinfo=UTC)}
    write(
        lake,
        ops.INGESTED_FILES,
        [
            loaded | at | {"status": "loaded"},
            loaded | at | {"status": "duplicate", "path": "again.csv", "rows": None},
            loaded | at | {"status": "rejected", "path": "bad.csv", "rows": None, "details": DETAILS, "sha256": "e"},
        ],
    )


def rates() -> list[dict[str, Any]]:
    """Return rates of two categories, of which one is above that of the shop beyond chance."""
    return [
        {"source_system": "shop", "dimension": dimension, "dimension_value": value, "lines": lines,
         "line_return_rate": rate, "rate_low": rate - 0.02, "rate_high": rate + 0.02}
        for dimension, value, lines, rate in [
            ("all", "all", 300, 0.1), ("category", "Cups", 90, 0.15), ("category", "Plates", 90, 0.09)]
    ]  # fmt: skip


def everything(lake: Path) -> list[Line]:
    """A shop with costs, customers, returns, refusals, campaigns and models; returns its lines."""
    lines = lines_of("shop", 160, seed=0, costs=True, customers=True, dimensions=True)
    more = came_in(lines) | analytics() | {
        "fact_returns": came_back(lines),
        "return_rates": rates(),
        "order_totals": [*shop_marts(lines)["order_totals"], *order_totals()],
        "customer_features": features(),
        "customer_predictions": models.predictions(),
        "model_scores": models.scores(),
        "model_curves": models.curves(),
    }  # fmt: skip
    assert shop(lake, more=more) == lines
    write(lake, ops.MODEL_MONITORING, models.monitoring())
    files(lake, "shop", len(lines) + sum(FEEDS.values()))
    return lines


NOT_THERE = ("gold.customer_features", "gold.customer_predictions", "gold.demand_forecast", "gold.model_scores",
             "gold.model_curves")  # fmt: skip


def next_to_nothing(lake: Path) -> list[Line]:
    """A merchant of one source: no costs, customers, dimensions, campaigns, returns or models, nothing refused."""
    found = shop(lake, costs=False, customers=False, dimensions=False, more={"return_rates": []}, without=NOT_THERE)
    files(lake, "shop", len(found))
    return found
