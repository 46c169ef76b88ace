"""Lakes that reports are written of, each made once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dashboard.data.answers import opened
from dashboard.report.compose import document, wanted
from dashboard.report.document import Document
from lakehouse.tables import gold, ops, silver
from tests.dashboard.extras import everything
from tests.dashboard.shop import AS_OF, lines_of, marts, shop, star
from tests.lakes import publish, write

HOSTILE = "<script>alert(1)</script> | [x](http://evil.example) *bold*"
PUBLISHED = datetime(2024, 4, 1, 6, tzinfo=UTC)
_LATER = PUBLISHED + timedelta(days=1)
MODELS = ("gold.customer_predictions", "gold.demand_forecast", "gold.model_scores", "gold.model_curves")


def cohorts() -> list[dict[str, Any]]:
    whole = {"source_system": "shop", "currency": "GBP", "is_partial": False, "orders": 1}
    return [
        whole | {"cohort_month": date(2023, month, 1), "month_number": at, "order_month": date(2023, month + at, 1),
                 "cohort_size": 10, "customers": 10 if at == 0 else at, "retention": 1.0 if at == 0 else at / 10,
                 "net_revenue": Decimal(100), "cumulative_revenue": Decimal(100 * (at + 1)),
                 "revenue_per_customer": Decimal(10 * (at + 1))}
        for month in range(1, 6) for at in range(7)
    ]  # fmt: skip


def segments() -> list[dict[str, Any]]:
    whole = {"source_system": "shop", "currency": "GBP"}
    return [
        whole | {"segment": name, "customers": 5 + at, "customer_share": (5 + at) / 18, "orders": 9,
                 "net_revenue": Decimal(900), "refund_amount": Decimal(0), "monetary": Decimal(900 - 100 * at),
                 "revenue_share": 0.3, "mean_recency_days": 12.4 + at, "mean_frequency": 2.0}
        for at, name in enumerate(("Champions", "Loyal", "Lost"))
    ]  # fmt: skip


def second(lake: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Publishes again, a day later, with these rows; all others as they are."""
    tables = {table.short_name: table for table in (*silver.TABLES, *gold.TABLES)}
    first = opened(lake).publication
    assert first is not None
    versions = dict(first.table_versions) | {tables[name].name: write(lake, tables[name], rows[name]) for name in rows}
    publish(lake, 2, versions, parent=1, as_of=AS_OF + timedelta(days=1), published_at=_LATER)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that tells everything, published twice: of the second publication there are more orders."""
    lake = tmp_path_factory.mktemp("whole")
    lines = shop(lake, more=everything() | {"cohort_retention": cohorts(), "rfm_segments": segments()})
    more = [*lines, *lines_of("shop", 20, seed=99, costs=True, customers=True, dimensions=True)]
    changed = star(more) | marts(more)
    changed["product_performance"][0]["product_name"] = HOSTILE
    grown = [row | {"customers": row["customers"] + 2} for row in segments()]
    second(lake, {name: changed[name] for name in ("daily_sales", "order_totals", "product_days",
                                                   "product_performance")} | {"rfm_segments": grown})  # fmt: skip
    verdict = {"rule": "r2", "table_name": "gold.fact_sales", "judged_at": PUBLISHED - timedelta(hours=1)}
    write(lake, ops.QUALITY_RESULTS, [verdict | {"verdict": "passed"},
                                      verdict | {"rule": "r3", "verdict": "warned", "observed": "3 rows"}])  # fmt: skip
    return lake


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One source without costs, customers, dimensions, campaigns and models."""
    lake = tmp_path_factory.mktemp("plain")
    shop(lake, sources=("stall",), costs=False, customers=False, dimensions=False, without=MODELS)
    return lake


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources."""
    lake = tmp_path_factory.mktemp("two")
    shop(lake, sources=("shop", "stall"))
    return lake


@pytest.fixture(scope="session", params=["whole", "plain", "two"])
def named(request: pytest.FixtureRequest, whole: Path, plain: Path, two: Path) -> tuple[Path, Document]:
    """Each of the lakes with the report of its newest publication, without pictures."""
    lake = {"whole": whole, "plain": plain, "two": two}[request.param]
    return lake, report(lake)


@cache
def report(lake: Path) -> Document:
    """The report of the newest publication, without pictures."""
    answers = opened(lake)
    return document(lake, answers, wanted(answers, None), {})
