"""Every query of the analyst's guide runs, and finds something in a small published lake."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lakehouse.published import open_published
from tests.lakes import published_star

PAGE = Path(__file__).parents[2] / "docs" / "analyst-guide.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
MONEY = {"source_system": "shop", "currency": "GBP", "net_revenue": Decimal(10)}
MONTH = MONEY | {"month_start": date(2024, 1, 1), "orders": 2}
COHORT = MONEY | {
    "cohort_month": date(2024, 1, 1), "month_number": 3, "cohort_size": 4, "customers": 1, "retention": 0.25,
    "cumulative_revenue": Decimal(80),
}  # fmt: skip
RATE = {"source_system": "shop", "lines": 100, "line_return_rate": 0.1, "rate_low": 0.05, "rate_high": 0.2}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    published_star(
        folder,
        daily_sales=[MONTH | {"full_date": date(2024, 1, 3), "leading_orders": 1}],
        customer_rfm=[MONEY | {"customer_id": "ann", "segment": "Champions"}],
        rfm_segments=[MONEY | {"segment": "Champions", "customers": 3, "f_bins": 2}],
        cohort_retention=[COHORT],
        cohort_breakdown=[COHORT | {"dimension": "acquisition_channel", "dimension_value": "search"}],
        product_performance=[MONEY | {"product_id": "cup", "abc_class": "A"}],
        return_rates=[
            RATE | {"dimension": "all", "dimension_value": "all"},
            RATE | {"dimension": "product", "dimension_value": "cup", "rate_low": 0.15, "line_return_rate": 0.2},
        ],
        geography_sales=[MONTH | {"country_name": "Italy"}],
        payment_mix=[MONTH | {"payment_method": "card"}],
        customer_concentration=[MONEY | {"customer_percent": 10, "revenue_share": 0.5}],
    )
    return folder


def test_there_are_ten() -> None:
    assert len(QUERIES) == 10


@pytest.mark.parametrize("query", QUERIES, ids=[f"question {number}" for number in range(1, len(QUERIES) + 1)])
def test_a_query_of_the_guide_finds_what_there_is(lake: Path, query: str) -> None:
    with open_published(lake) as published:
        assert published.sql(query).fetchall()


def test_retention_of_channels_is_weighted_by_their_cohorts(lake: Path) -> None:
    with open_published(lake) as published:
        assert published.sql(QUERIES[5]).fetchall() == [("search", "GBP", 4, 0.25, 20.0)]
