"""Figures of pages against the lines that were put in, for filters at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.data import choices, customers, places, products, sales, seasons
from dashboard.data.answers import Answers, opened
from dashboard.data.filters import Compare, Filters, Grain, Period, buckets
from tests.dashboard.shop import CATEGORIES, CHANNELS, COUNTRIES, FIRST, LAST, SEGMENTS, Line, shop

KNOWN = Period(FIRST, LAST)
some = settings(deadline=None, max_examples=25)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return shop(tmp_path_factory.getbasetemp() / "figures", sources=("shop", "stall"))


@pytest.fixture(scope="module")
def answers(lines: list[Line], tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return opened(Path(tmp_path_factory.getbasetemp() / "figures"))


def subsets(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    first = draw(st.integers(0, (LAST - FIRST).days))
    length = draw(st.integers(0, 200))
    since = FIRST + timedelta(days=first)
    return Filters(
        draw(st.sampled_from(["shop", "stall"])), "GBP",
        Period(since, min(since + timedelta(days=length), LAST)), KNOWN,
        draw(st.sampled_from(list(Compare))), draw(subsets(CATEGORIES)), draw(subsets(SEGMENTS)),
        draw(subsets(tuple(COUNTRIES))), draw(subsets(CHANNELS)),
    )  # fmt: skip


def passes(line: Line, chosen: Filters) -> bool:
    return line.source == chosen.source and all(
        not wanted or value in wanted
        for wanted, value in (
            (chosen.category, line.category),
            (chosen.segment, line.segment),
            (chosen.country, line.country),
            (chosen.channel, line.channel),
        )
    )


def sold(lines: list[Line], chosen: Filters, period: Period | None = None) -> list[Line]:
    days = period or chosen.period
    return [line for line in lines if passes(line, chosen) and days.since <= line.day <= days.until]


def back(lines: list[Line], chosen: Filters, period: Period | None = None) -> list[Line]:
    days = period or chosen.period
    return [x for x in lines if x.returned and passes(x, chosen) and days.since <= x.returned_on <= days.until]


def net(lines: list[Line], chosen: Filters, period: Period | None = None) -> Decimal:
    revenue = sum((line.revenue for line in sold(lines, chosen, period)), Decimal(0))
    return revenue - sum((line.refund for line in back(lines, chosen, period)), Decimal(0))


@given(chosen=filters())
@some
def test_totals_are_those_of_the_lines_that_the_filters_let_through(lines, answers, chosen):
    found = sales.totals(answers, chosen).first()
    kept, returned = sold(lines, chosen), back(lines, chosen)
    assert (found["net_of_returns"] or 0) == net(lines, chosen)
    assert (found["units"] or 0) == sum(line.units for line in kept)
    assert (found["returned_units"] or 0) == sum(line.returned for line in returned)
    assert (found["margin"] or 0) == sum(line.revenue - line.cost for line in kept)


@given(chosen=filters())
@some
def test_orders_and_customers_are_counted_once_each_with_any_filters(lines, answers, chosen):
    kept = sold(lines, chosen)
    found = sales.reach(answers, chosen).first()
    assert found == {
        "orders": len({line.order for line in kept}),
        "customers": len({line.customer for line in kept if line.customer}),
    }


@given(chosen=filters(), grain=st.sampled_from(list(Grain)))
@some
def test_points_of_a_line_add_up_to_the_period_and_are_among_its_buckets(lines, answers, chosen, grain):
    found = sales.series(answers, chosen, grain)
    assert found.total("net_of_returns") == net(lines, chosen)
    assert set(found.table.column("point").to_pylist()) <= set(buckets(chosen.period, grain))
    whole, *people = sales.reach_by_point(answers, chosen, grain).table.to_pylist()
    assert whole == {"point": None} | sales.reach(answers, chosen).first()
    assert sum(row["orders"] for row in people) == len({line.order for line in sold(lines, chosen)})
    assert {row["point"] for row in people} <= set(buckets(chosen.period, grain))


@given(chosen=filters(), dimension=st.sampled_from(["category", "segment", "country", "channel"]))
@some
def test_parts_are_those_of_their_lines_now_and_in_the_period_compared_with(lines, answers, chosen, dimension):
    found = {row["value"]: row for row in sales.by(answers, chosen, dimension).table.to_pylist()}
    for value, row in found.items():
        part = [line for line in lines if getattr(line, dimension) == value]
        assert row["revenue"] == net(part, chosen)
        assert row["former_revenue"] == (net(part, chosen, chosen.former) if chosen.former else 0)
    assert sum(row["revenue"] for row in found.values()) == net(lines, chosen)


@given(chosen=filters())
@some
def test_changes_are_differences_of_the_two_periods_the_greatest_first(lines, answers, chosen):
    rows = sales.changes(answers, chosen).table.to_pylist()
    if chosen.former is None:
        assert rows == []
    for row in rows:
        part = [line for line in lines if getattr(line, row["dimension"]) == row["value"]]
        assert row["difference"] == net(part, chosen) - net(part, chosen, chosen.former)
    sizes = [abs(row["difference"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert "unknown" not in {row["value"] for row in rows}


@given(chosen=filters())
@some
def test_countries_and_cities_are_those_of_their_lines(lines, answers, chosen):
    for row in places.countries(answers, chosen).table.to_pylist():
        part = [line for line in lines if line.country == row["country"]]
        assert row["revenue"] == net(part, chosen)
        assert row["country_code"] == COUNTRIES[row["country"]]
    for row in places.cities(answers, chosen).table.to_pylist():
        part = [line for line in sold(lines, chosen) if line.country == row["country"]]
        assert row["city"] == f"City of {COUNTRIES[row['country']]}"
        assert row["net_revenue"] == sum(line.revenue for line in part)
        assert row["orders"] == len({line.order for line in part})


@given(chosen=filters())
@some
def test_products_are_those_of_the_period_in_the_categories_chosen(lines, answers, chosen):
    alone = chosen.only("category")
    for row in products.products(answers, chosen).table.to_pylist():
        part = [line for line in lines if line.category == row["category"]]
        kept = sold(part, alone)
        assert row["units"] == sum(line.units for line in kept)
        assert not chosen.category or row["category"] in chosen.category


@given(chosen=filters())
@some
def test_days_of_the_week_count_days_without_sales_as_zero(lines, answers, chosen):
    rows = seasons.weekdays(answers, chosen).table.to_pylist()
    assert sum(row["days"] for row in rows) == chosen.period.days
    found = sum(Decimal(str(row["mean_revenue"])) * row["days"] for row in rows)
    assert float(found) == pytest.approx(float(net(lines, chosen)), abs=0.01)


@given(chosen=filters())
@some
def test_payments_add_up_to_the_net_revenue(lines, answers, chosen):
    found = seasons.payments(answers, chosen)
    assert found.total("net_revenue") == sum(line.revenue for line in sold(lines, chosen))


@given(chosen=filters())
@some
def test_segments_hold_every_customer_of_the_class_once(lines, answers, chosen):
    found = customers.segments(answers, chosen)
    mine = {x.customer: x for x in lines if x.source == chosen.source and x.customer}
    kept = [x for x in mine.values() if not chosen.segment or x.segment in chosen.segment]
    lives_there = not chosen.country or "France" in chosen.country
    assert found.total("customers") == (len(kept) if lives_there else 0)
    assert customers.deciles(answers, chosen).total("customers") == found.total("customers")


def test_names_and_addresses_are_read_only_where_they_are_asked_for(answers):
    chosen = Filters("shop", "GBP", KNOWN, KNOWN)
    masked = customers.best(answers, chosen, named=False)
    assert not {"name", "email"} & set(masked.table.column_names)
    assert "example.com" not in str(masked.table.to_pylist())
    shown = customers.best(answers, replace(chosen, rfm=("Loyal",)), named=True).table.to_pylist()
    assert {row["segment"] for row in shown} == {"Loyal"}
    assert all(row["email"].endswith("@example.com") for row in shown)


def test_sources_come_with_the_days_they_cover_and_values_by_revenue(lines, answers):
    found = choices.markets(answers)
    assert [(one.source, one.currency) for one in found] == [("shop", "GBP"), ("stall", "GBP")]
    mine = [line for line in lines if line.source == "shop"]
    assert found[0].known.since == min(line.day for line in mine)
    values = choices.values(answers, found[0], "channel")
    every = Filters("shop", "GBP", Period(date(2022, 1, 1), date(2025, 1, 1)), KNOWN)
    assert values == sorted(CHANNELS, key=lambda name: -net([x for x in lines if x.channel == name], every))


def test_a_value_that_looks_like_sql_is_a_value(answers):
    chosen = Filters("shop", "GBP", KNOWN, KNOWN, category=("' OR true --", "Cups"))
    only = Filters("shop", "GBP", KNOWN, KNOWN, category=("Cups",))
    assert sales.totals(answers, chosen).first() == sales.totals(answers, only).first()
