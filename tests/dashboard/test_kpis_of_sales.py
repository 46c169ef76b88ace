"""The first row of the pages of sales and of quality says what the lines say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from dashboard.charts.base import Look
from dashboard.charts.heat import WEEKDAYS
from dashboard.data.answers import Answers, opened
from dashboard.data.filters import Filters
from dashboard.formats import Formats
from dashboard.tokens import LIGHT
from dashboard.views import geography, products, quality, seasons
from tests.dashboard.lines import AS_OF
from tests.dashboard.shop import COUNTRIES, Line, shop
from tests.dashboard.test_figures import back, filters, net, sold, some

FORMATS = Formats()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kpis")


@pytest.fixture(scope="module")
def lines(lake: Path) -> list[Line]:
    lineage = [
        {"source_system": source, "feed": "order_lines", "file_kind": "orders", "outcome": outcome, "rows": rows}
        for source, outcome, rows in (("shop", "accepted", 990), ("shop", "quarantined", 10), ("stall", "accepted", 5))
    ]
    return shop(lake, sources=("shop", "stall"), more={"lineage": lineage})


@pytest.fixture(scope="module")
def answers(lines: list[Line], lake: Path) -> Answers:
    return opened(lake)


def said(kpis: Any, answers: Answers, chosen: Filters) -> dict[str, str]:
    page = SimpleNamespace(answers=answers, filters=chosen, look=Look(LIGHT, FORMATS, chosen.currency))
    return {one.label: one.text for one in kpis(page)}


@given(chosen=filters())
@some
def test_geography_names_the_country_that_brought_and_grew_most(lines, answers, chosen):
    found = said(geography.kpis, answers, chosen)
    known = [name for name in COUNTRIES if name != "unknown"]
    of = {name: [line for line in lines if line.country == name] for name in COUNTRIES}
    countries = {name for name in known if sold(of[name], chosen)}
    assert found["Countries sold to"] == str(len(countries))
    periods = [chosen.period, *([chosen.former] if chosen.former else [])]
    seen = [
        name
        for name in known
        if any(sold(of[name], chosen, period) or back(of[name], chosen, period) for period in periods)
    ]
    if seen and len({net(of[name], chosen) for name in seen}) == len(seen):
        first = max(seen, key=lambda name: net(of[name], chosen))
        whole = net(lines, chosen)
        assert found[f"Brought by {first}"] == FORMATS.percent(net(of[first], chosen) / whole if whole > 0 else None)
        assert found["Brought by all others"] == FORMATS.money(whole - net(of[first], chosen), "GBP")


@given(chosen=filters())
@some
def test_products_say_what_was_sold_earned_and_came_back_in_the_categories_chosen(lines, answers, chosen):
    found = said(products.kpis, answers, chosen)
    alone = chosen.only("category")
    kept = sold(lines, alone)
    units = sum(line.units for line in kept)
    revenue = sum((line.revenue for line in kept), Decimal(0))
    cost = sum((line.cost for line in kept if line.cost is not None), Decimal(0))
    assert found["Products sold"] == str(len({line.product for line in kept}))
    assert found["Units sold"] == FORMATS.count(units)
    assert found["Margin rate"] == FORMATS.percent((revenue - cost) / revenue if revenue else None)
    returned = sum(line.returned for line in kept)  # the mart of these tests books what came back on the day of sale
    assert found["Return rate of units"] == FORMATS.percent(returned / units if units else None)


@given(chosen=filters())
@some
def test_seasons_name_the_strongest_and_the_weakest_day_of_the_week(lines, answers, chosen):
    period = chosen.period
    days = [period.since + timedelta(days=at) for at in range(period.days)]
    of_day: dict[int, Decimal] = {}
    for at in sorted({day.weekday() for day in days}):
        mine = [line for line in lines if line.day.weekday() == at]
        came = [line for line in lines if line.returned_on.weekday() == at]
        amount = sum((x.revenue for x in sold(mine, chosen)), Decimal(0)) - sum(
            (x.refund for x in back(came, chosen)), Decimal(0)
        )
        of_day[at] = amount / sum(day.weekday() == at for day in days)
    found = said(seasons.kpis, answers, chosen)
    texts = list(found.items())
    for text, value in ((texts[0][1], max(of_day.values())), (texts[1][1], min(of_day.values()))):
        # Half a unit of the last place may be rounded either way once it is a float.
        assert text in {FORMATS.money(float(value) + by, "GBP") for by in (-1e-9, 0, 1e-9)}
    if list(of_day.values()).count(max(of_day.values())) == 1:
        best = max(of_day, key=lambda at: of_day[at])
        assert texts[0][0] == f"Strongest day: {WEEKDAYS[best]}"


@pytest.mark.parametrize(("source", "rows"), [("shop", "10"), ("stall", "0")])
def test_quality_says_what_waits_and_how_fresh_the_source_is(lines, answers, source, rows):
    whole = (min(line.day for line in lines), max(line.day for line in lines))
    last = max(line.day for line in lines if line.source == source)
    page = SimpleNamespace(source=source, currency="GBP", period=whole)
    found = said(quality.kpis, answers, page)  # type: ignore[arg-type]  # quality asks for nothing else
    assert found["Rows in quarantine"] == rows
    days = (AS_OF - last).days
    assert found["Last order before as-of"] == f"{days} {'day' if days == 1 else 'days'}"
    assert found["Expectations met"] == "1 of 1"
