"""A recommendation is made where the tables carry it, and nowhere else. A case is a source of one lake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.data.answers import Answers, opened
from dashboard.data.choices import markets
from dashboard.report.desk import Desk, Register, scope
from dashboard.report.document import Recommendation
from dashboard.report.figures import say
from dashboard.report.parts import advice, headline, sureness
from tests.dashboard.shop import AS_OF, LAST, publication

MONDAY = AS_OF
CAMPAIGNS = {"earned": (5, 9, 20), "lost": (-20, -9, -5), "undecided": (-5, 9, 20), "touches": (0, 9, 20)}
"""Source -> margin less spend: low, itself, high."""
RETURNS = {"often": (60, 20), "as_others": (60, 6), "few_lines": (29, 20), "by_chance": (60, 10)}
"""Source -> lines and returned lines of its product P; others come back in one line of ten."""
MARGINS = {"cheap": Decimal(-9), "dear": Decimal(9)}
DEMAND = {"rising": (20, 30, 40), "falling": (1, 2, 3), "level": (9, 12, 30)}
"""Source -> units of each of two weeks ahead: low, expected, high; 10 were sold in each of the weeks before."""
WAITING = {"waits": "open", "decided": "replayed"}
SOURCES = (*CAMPAIGNS, *RETURNS, *MARGINS, *DEMAND, *WAITING)


def campaign(source: str) -> dict[str, Any]:
    low, net, high = CAMPAIGNS[source]
    return {"source_system": source, "currency": "GBP", "campaign_id": "A", "campaign_name": "Spring", "spend": 100,
            "adjusted_margin": 100 + net, "adjusted_margin_low": 100 + low, "adjusted_margin_high": 100 + high,
            "contacted": 50, "held_out": 20}  # fmt: skip


def rates(source: str) -> list[dict[str, Any]]:
    lines, returned = RETURNS[source]
    whole = {"source_system": source, "dimension": "product"}
    return [
        whole | {"dimension_value": name, "lines": n, "returned_lines": back, "line_return_rate": back / n}
        for name, n, back in (("P", lines, returned), ("others", 1000, 100))
    ]


def product(source: str) -> dict[str, Any]:
    return {"source_system": source, "currency": "GBP", "product_durable_key": 1, "product_id": "P",
            "product_name": "Teapot", "is_merchandise": True, "refund_amount": Decimal(500)}  # fmt: skip


def weeks(source: str) -> list[dict[str, Any]]:
    low, expected, high = DEMAND[source]
    return [
        {"source_system": source, "currency": "GBP", "series_level": "category", "series_value": "Cups",
         "measure": "units", "week_start": MONDAY + timedelta(days=7 * at), "low_80": float(low),
         "forecast": float(expected), "high_80": float(high)}
        for at in range(2)
    ]  # fmt: skip


def sales(source: str) -> list[dict[str, Any]]:
    return [
        {"source_system": source, "currency": "GBP", "full_date": MONDAY - timedelta(days=days), "category": "Cups",
         "country_name": "x", "sales_channel": "x", "customer_segment": "x", "payment_method": "x",
         "month_start": date(2024, 3, 1), "units": 10, "lines": 1, "leading_orders": 1, "orders": 1,
         "net_revenue": Decimal(100), "net_of_returns": Decimal(100)}
        for days in (1, 8, 15)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    lake: Path = tmp_path_factory.mktemp("advice")
    row = {"feed": "order_lines", "file_kind": "orders"}
    publication(
        lake,
        1,
        {
            "daily_sales": [one for source in SOURCES for one in sales(source)],
            "campaign_roi": [campaign(source) for source in CAMPAIGNS],
            "return_rates": [one for source in RETURNS for one in rates(source)],
            "product_performance": [product(source) for source in (*RETURNS, *MARGINS)],
            "product_days": [
                product(source) | {"full_date": LAST, "month_start": date(2024, 3, 1), "margin": margin, "units": 3,
                                   "costed_revenue": Decimal(30)}
                for source, margin in MARGINS.items()
            ],
            "demand_forecast": [one for source in DEMAND for one in weeks(source)],
            "quarantine": [row | {"source_system": source, "status": status} for source, status in WAITING.items()],
        },
    )  # fmt: skip
    return opened(lake)


@pytest.fixture
def titles(answers: Answers) -> Callable[[str], list[str]]:
    """The recommendations of a source, by title."""
    found = {one.source: one for one in markets(answers)}

    def of(source: str) -> list[str]:
        return [one.title.text for one in advice.ranked(desk_of(answers, found[source])).ranked]

    return of


def desk_of(answers: Answers, market: Any) -> Desk:
    return Desk(answers, scope(market), Register())


def test_a_campaign_is_repeated_only_where_its_whole_interval_earned(titles: Callable[[str], list[str]]) -> None:
    assert titles("earned") == ["Run the campaign Spring again."]
    assert titles("lost") == ["Do not repeat the campaign Spring as it was."]
    assert titles("undecided") == []
    assert titles("touches") == []


def test_a_product_is_called_out_only_where_chance_does_not_explain_its_returns(
    titles: Callable[[str], list[str]],
) -> None:
    assert titles("often") == ["Find out why Teapot comes back, and mend it."]
    assert [titles(one) for one in ("as_others", "few_lines", "by_chance")] == [[], [], []]


def test_what_is_sold_below_its_cost_is_named_and_what_earns_is_not(titles: Callable[[str], list[str]]) -> None:
    assert titles("cheap") == ["Raise the price of Teapot to its cost at least, or drop it."]
    assert titles("dear") == []


def test_demand_is_planned_for_only_where_it_leaves_its_level(titles: Callable[[str], list[str]]) -> None:
    assert titles("rising") == ["Plan for more units of Cups."]
    assert titles("falling") == ["Plan for fewer units of Cups."]
    assert titles("level") == []


def test_only_rows_that_wait_are_to_be_decided_about(titles: Callable[[str], list[str]]) -> None:
    assert titles("waits") == ["Decide about the 1 row in quarantine."]
    assert titles("decided") == []


def test_the_effect_of_a_campaign_is_its_margin_less_its_spend_with_its_interval(answers: Answers) -> None:
    found = {one.source: one for one in markets(answers)}
    [earned] = advice.campaigns(desk_of(answers, found["earned"]))
    assert [figure.value for figure in earned.effect.figures] == [9, 5, 20]
    [lost] = advice.campaigns(desk_of(answers, found["lost"]))
    assert [figure.value for figure in lost.effect.figures] == [9, 5, 20]


def test_refunds_are_spared_in_the_proportion_of_the_rates(answers: Answers) -> None:
    market = next(one for one in markets(answers) if one.source == "often")
    [found] = advice.returns(desk_of(answers, market))
    spared, refunds, low, high = (figure.value for figure in found.effect.figures)
    assert refunds == 500
    assert spared == pytest.approx(500 * (1 - 0.1 / (20 / 60)))
    assert 0 < low < spared < high < 500


def test_demand_ahead_is_held_against_as_many_weeks_before(answers: Answers) -> None:
    market = next(one for one in markets(answers) if one.source == "rising")
    [found] = advice.stock(desk_of(answers, market))
    assert [figure.value for figure in found.effect.figures] == [60 - 20, 40 - 20, 80 - 20]


def test_where_nothing_ever_came_back_no_rate_of_returns_is_told(answers: Answers, whole: Path) -> None:
    market = next(one for one in markets(answers) if one.source == "dear")
    silent = desk_of(answers, market)
    assert "Return rate" not in [one.label for one in headline.kpis(silent).kpis]
    assert "returns, so revenue is what was sold" in sureness.unknown(silent)[0].text
    telling = opened(whole)
    desk = desk_of(telling, markets(telling)[0])
    assert "Return rate" in [one.label for one in headline.kpis(desk).kpis]
    assert not sureness.unknown(desk)


def one_of(worth: float) -> Recommendation:
    return Recommendation(say(str(worth)), say(""), say(""), say(""), worth)


def test_the_most_money_comes_first_then_units_then_rows() -> None:
    found = [one_of(worth) for worth in (advice.IN_ROWS, 5.0, advice.IN_UNITS, 70.0)]
    assert [one.worth for one in advice.in_order(found, 1.0)] == [70.0, 5.0, advice.IN_UNITS, advice.IN_ROWS]


def test_what_is_hardly_worth_anything_is_left_out_and_no_more_than_seven_are_made() -> None:
    assert [one.worth for one in advice.in_order([one_of(1.0), one_of(0.9)], 1.0)] == [1.0]
    assert len(advice.in_order([one_of(float(at)) for at in range(1, 12)], 0.5)) == advice.MOST


def test_a_publication_that_lacks_the_tables_gives_no_advice_from_them(plain: Path) -> None:
    lacking = opened(plain)
    desk = desk_of(lacking, markets(lacking)[0])
    assert not any("units of" in one.title.text for one in advice.ranked(desk).ranked)
