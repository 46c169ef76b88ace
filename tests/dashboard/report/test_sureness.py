"""How sure the report says that figures are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.data.answers import opened
from dashboard.data.choices import Market
from dashboard.data.filters import Period
from dashboard.report.desk import Desk, Register, scope
from dashboard.report.parts import sureness
from lakehouse.tables import ops, silver
from tests.dashboard.report.conftest import PUBLISHED
from tests.dashboard.shop import AS_OF
from tests.lakes import publish, write

TOTALS, AMOUNTS = "silver.order_lines.orders_beside_totals", "silver.order_lines.lines_beside_prices"
PAYMENTS = "silver.payments.orders_beside_payments"
LINES = [
    {"source_system": "shop", "order_id": order, "line_number": line, "stated_order_total": total, "gross_amount": None}
    for order, line, total in (("1", 1, Decimal(9)), ("1", 2, Decimal(9)), ("2", 1, Decimal(4)), ("3", 1, None))
] + [{"source_system": "stall", "order_id": "1", "line_number": 1, "gross_amount": Decimal(2)}]
PAID = [{"source_system": "shop", "order_id": "1", "payment_id": str(part), "amount": Decimal(1)} for part in (1, 2)]


def _said(lake: Path, source: str, **verdicts: tuple[str, float, str]) -> list[str]:
    rows: list[dict[str, Any]] = [
        {"rule": rule, "table_name": rule.rpartition(".")[0], "verdict": "passed", "figure": figure, "observed": words,
         "judged_at": PUBLISHED - timedelta(hours=1)}
        for rule, figure, words in verdicts.values()
    ]  # fmt: skip
    write(lake, ops.QUALITY_RESULTS, rows)
    tables = ((silver.ORDER_LINES, LINES), (silver.PAYMENTS, PAID))
    versions = {table.name: write(lake, table, held) for table, held in tables}
    publish(lake, 1, versions, published_at=PUBLISHED)
    market = Market(source, "GBP", Period(AS_OF, AS_OF))
    desk = Desk(opened(lake), scope(market), Register())
    return [one.text for one in sureness.beside_files(desk)]


def test_what_files_state_is_said_with_what_differs_of_the_source(tmp_path: Path) -> None:
    words = "shop: 1 of 2 orders differ: 1.00 GBP more here, 0.00 less; stall: 9 of 9 orders differ: 2.00 GBP more here"
    said = _said(tmp_path, "shop", totals=(TOTALS, 0.5, words), amounts=(AMOUNTS, 0, ""), paid=(PAYMENTS, 0, ""))
    assert said == [
        "Its files state the totals of 2 orders; shop: 1 of 2 orders differ: 1.00 GBP more here, 0.00 less.",
        "Its files state the payments of 1 order, and the lake has the same.",
    ]


@pytest.mark.parametrize(
    ("judged", "says"),
    [(AMOUNTS, ["Its files state the amounts of 1 line, and the lake has the same."]), (TOTALS, [])],
)
def test_what_was_not_compared_or_not_stated_is_not_spoken_of(tmp_path: Path, judged: str, says: list[str]) -> None:
    assert _said(tmp_path, "stall", one=(judged, 0, "")) == says
