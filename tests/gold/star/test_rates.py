"""Which months a rate that comes, goes or changes concerns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lakehouse.gold.star.rates import months_with_new_rates, rates_of, with_reporting_rate
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.silver import FX_RATES
from tests.gold.stars import frame, sale

FEBRUARY, MAY = date(2024, 2, 1), date(2024, 5, 1)


def rate(currency: str, day: str, value: int = 2, source: str = "s") -> dict[str, Any]:
    told = {"rate_date": date.fromisoformat(day), "exchange_rate": Decimal(value)}
    return {"source_system": source, "currency": currency} | told


@pytest.fixture
def since(lake: Lake) -> Lake:
    """The run after a publication of lines in two currencies, and of one rate."""
    lines = [
        sale("on the day before", 1, "2024-01-31", 1, currency="USD"),
        sale("on the day", 1, "2024-02-10", 1, currency="USD"),
        sale("later", 1, "2024-05-01", 1, currency="USD"),
        sale("in another currency", 1, "2024-03-05", 1, currency="EUR"),
        sale("of another source", 1, "2024-04-01", 1, currency="USD", source_system="t"),
    ]
    lake.overwrite(FACT_SALES, frame(lake.spark, FACT_SALES, lines))
    lake.append(FX_RATES, frame(lake.spark, FX_RATES, [rate("USD", "2024-02-10")]))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    return Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)


def months(lake: Lake) -> set[date]:
    return months_with_new_rates(lake, FACT_SALES, day="order_date", month="order_month")


def test_a_rate_concerns_its_currency_in_its_source_from_its_own_day_on(since: Lake) -> None:
    assert months(since) == set()
    came = [rate("USD", "2024-02-01"), rate("EUR", "2024-03-06"), rate("GBP", "2024-01-01", source="t")]
    since.append(FX_RATES, frame(since.spark, FX_RATES, came))
    assert months(since) == {FEBRUARY, MAY}
    since.release()


def test_a_rate_for_a_day_on_which_alone_there_are_lines_builds_its_month_again(since: Lake) -> None:
    wanted = frame(since.spark, FX_RATES, [rate("USD", "2024-02-10", 3), rate("EUR", "2024-03-06")])
    since.replace_rows(FX_RATES, wanted, since.read(FX_RATES))
    assert months(since) == {FEBRUARY, MAY}
    since.release()


def test_a_rate_that_is_taken_away_concerns_them_too_and_one_that_is_sent_again_none(since: Lake) -> None:
    present = since.read(FX_RATES)
    since.replace_rows(FX_RATES, frame(since.spark, FX_RATES, [rate("USD", "2024-02-10")]), present)
    assert months(since) == set()
    assert rates_of(since) is not None
    since.replace_rows(FX_RATES, present.limit(0), present)
    assert months(since) == {FEBRUARY, MAY}
    since.release()


@pytest.mark.parametrize(("told_on", "known"), [("2024-05-30", 2), ("2024-05-31", 2), ("2024-06-01", None)])
def test_the_rate_of_the_last_day_of_the_calendar_counts_and_none_after_it(
    lake: Lake, told_on: str, known: int | None
) -> None:
    rows = frame(lake.spark, FACT_SALES, [sale("A", 1, "2024-05-31", 1, currency="USD")]).drop("reporting_rate")
    rates = frame(lake.spark, FX_RATES, [rate("USD", told_on)])
    found = with_reporting_rate(
        rows, rates, day="order_date", month="order_month", reporting_currency="GBP", last_day=date(2024, 5, 31)
    )
    assert [row["reporting_rate"] for row in found.collect()] == [known]
