"""Rows of tables that have columns of each type among them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION
from lakehouse.tables.gold.customers import CUSTOMER_RFM
from lakehouse.tables.gold.sales import GEOGRAPHY_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.silver import CUSTOMERS, QUARANTINE

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
SCORES = {f"{name}_score": 3 for name in "rfm"} | {"frequency": 1, "recency_days": 1}
_ROWS: list[tuple[Table, list[dict[str, Any]]]] = [
    (DIM_DATE, [{"full_date": JANUARY, "holidays": {"GB": "New Year's Day"}}, {"full_date": FEBRUARY}]),
    (CUSTOMER_RFM, [SCORES | {"monetary": Decimal("12.3456"), "customer_id": "it's é"}]),
    (CAMPAIGN_ATTRIBUTION, [{"first_touched_at": datetime(2024, 1, 1, 1, 2, 3, 456789, UTC), "linear": 0.1}]),
    (GEOGRAPHY_SALES, [{"month_start": JANUARY}, {"month_start": FEBRUARY, "margin": None}]),
    (QUARANTINE, [{"status": "open", "reasons": ["one", "two"]}, {"status": "open", "reasons": ["three"]}]),
    (CUSTOMERS, []),
]
OF_EACH_TYPE = [pytest.param(table, rows, id=table.name) for table, rows in _ROWS]
