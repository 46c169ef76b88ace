"""Every page over lakes of every kind: it shows figures or a sentence, never an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import words
from dashboard.app import PAGES
from dashboard.data import sales
from dashboard.data.answers import opened
from dashboard.data.filters import Compare, Filters, Period
from dashboard.formats import Formats
from dashboard.shell.page import Page
from dashboard.views.overview import figures
from tests.dashboard.shop import FIRST, LAST, lines_of, marts, publication, star

NEVER = ("nan", "None", "NaT", "Traceback")
Open = Callable[..., AppTest]
every_page = pytest.mark.parametrize("name", list(PAGES))


def said(test: AppTest) -> str:
    """Everything that a reader reads, but for what charts draw."""
    kinds = (test.markdown, test.caption, test.info, test.header)
    metrics = [f"{one.label} {one.value} {one.delta}" for one in test.metric if one.delta]
    return "\n".join([*(str(one.value) for kind in kinds for one in kind), *metrics])


def charts(test: AppTest) -> list[dict[str, Any]]:
    return [json.loads(one.proto.spec) for one in test.get("plotly_chart")]


@every_page
def test_a_page_shows_what_there_is(page: Open, full: Path, name: str) -> None:
    test = page(full, name)
    assert len(test.get("plotly_chart")) + len(test.dataframe) >= 5
    assert not any(word in said(test).split() for word in NEVER)
    assert "Publication 1, as of 1 Apr 2024" in said(test)


def test_there_are_more_than_thirty_charts_and_each_says_what_it_shows(page: Open, full: Path) -> None:
    found = {name: [one.proto.alt for one in page(full, name).get("plotly_chart")] for name in PAGES}
    assert sum(map(len, found.values())) >= 40
    for texts in found.values():
        assert all(len(text) > 40 for text in texts)
        assert len(set(texts)) == len(texts)


@every_page
def test_a_source_without_costs_customers_campaigns_and_scores_has_figures_or_sentences(
    page: Open, plain: Path, name: str
) -> None:
    test = page(plain, name)
    assert not any(word in said(test).split() for word in NEVER)
    expected = {
        "overview": words.NO_COSTS,
        "customers": words.NO_CUSTOMERS,
        "marketing": words.NO_CAMPAIGNS,
        "models": words.NO_PREDICTIONS,
        "seasons": words.NO_SERIES,
        "products": words.NO_PAIRS,
        "geography": words.NO_CITIES,
    }
    assert expected.get(name, words.NO_QUARANTINE) in said(test)
    if name == "overview":
        assert words.NO_DIMENSION.format(dimension="country") in said(test)
        assert words.NOTHING_CHOSEN not in said(test)


@every_page
def test_of_five_sources_one_is_shown_at_a_time(page: Open, several: Path, name: str) -> None:
    test = page(several, name, source="stall")
    assert test.selectbox(key="source").value == "stall"
    assert len(test.selectbox(key="source").options) == 5


@every_page
def test_filters_that_leave_nothing_say_so(page: Open, full: Path, name: str) -> None:
    address = {"category": "Cups", "country": "France", "channel": "app", "segment": "VIP", "period": "Own days",
               "dates": ["2023-01-01", "2023-01-02"]}  # fmt: skip
    test = page(full, name, **address)
    if name == "overview":
        assert words.NOTHING_CHOSEN in said(test)
        assert words.NO_DIMENSION.format(dimension="country") not in said(test)


@every_page
@pytest.mark.parametrize(("lake", "sentence"), [("empty", words.NO_PUBLICATION), ("nowhere", words.NO_LAKE)])
def test_a_lake_without_publication_and_a_folder_without_lake_say_what_to_do(
    page: Open, tmp_path: Path, name: str, lake: str, sentence: str
) -> None:
    if lake == "empty":
        (tmp_path / lake / "bronze").mkdir(parents=True)
    assert sentence in said(page(tmp_path / lake, name))


@every_page
def test_a_publication_without_a_single_sale_says_so(page: Open, tmp_path: Path, name: str) -> None:
    publication(tmp_path, 1, {})
    assert words.NO_SALES in said(page(tmp_path, name))


def test_filters_of_the_address_rule_the_figures(page: Open, full: Path) -> None:
    test = page(full, "overview", category="Cups", country=["France", "unknown"], period="All days")
    chosen = Filters("shop", "GBP", Period(FIRST, LAST), Period(FIRST, LAST), Compare.NOTHING, ("Cups",), (),
                     ("France", "unknown"))  # fmt: skip
    asked = opened(full)
    seen = Page(asked, chosen, None)  # type: ignore[arg-type]  # no look is asked for
    expected = figures(seen, chosen, sales.reach(asked, chosen))
    shown = {one.label: one.value for one in test.metric}
    formats = Formats()
    assert shown["Revenue"] == formats.money(expected["revenue"], "GBP")
    assert shown["Orders"] == formats.count(expected["orders"])
    assert shown["Customers"] == formats.count(expected["customers"])
    assert shown["Average order value"] == formats.money_full(expected["order_value"], "GBP")
    assert "category Cups, country France or unknown" in said(test)


def test_a_filter_set_by_hand_rules_the_page_until_it_is_reset(page: Open, full: Path) -> None:
    test = page(full, "overview")
    test.multiselect(key="category").select("Cups").run()
    assert "category Cups" in said(test)
    test.button(key="reset").click().run()
    assert test.multiselect(key="category").value == []
    assert "category Cups" not in said(test)


def test_the_profit_line_is_that_of_the_points(page: Open, full: Path) -> None:
    line = next(one for one in charts(page(full, "overview", period="All days", compare="Nothing"))[1]["data"])
    chosen = Filters("shop", "GBP", Period(FIRST, LAST), Period(FIRST, LAST))
    asked = opened(full)
    seen = Page(asked, chosen, None)  # type: ignore[arg-type]
    total = figures(seen, chosen, sales.reach(asked, chosen))["margin"]
    drawn = charts(page(full, "overview", period="All days", compare="Nothing"))[1]["data"]
    values = [value for one in drawn[:1] for value in decoded(one["y"])]
    ends = decoded(drawn[1]["y"])[1:] if len(drawn) > 1 else []
    assert line["line"]["color"]
    assert sum(values) + sum(ends) == pytest.approx(total)


def decoded(values: Any) -> list[float]:
    """Plotly packs arrays of numbers; lists stay as they are."""
    assert isinstance(values, list)
    return [float(one) for one in values]


def test_who_customers_are_is_hidden_until_it_is_asked_for(page: Open, full: Path) -> None:
    test = page(full, "customers")
    assert "Name" not in str(list(test.dataframe[0].value.columns))
    assert "E-mail" not in test.dataframe[0].value.columns
    test.toggle(key="masked").set_value(False).run()
    assert "E-mail" in test.dataframe[0].value.columns
    assert test.dataframe[0].value["E-mail"].str.endswith("@example.com").all()


def test_an_older_publication_can_be_chosen_and_a_new_one_shows_by_itself(page: Open, tmp_path: Path) -> None:
    lines = lines_of("shop", 20, seed=1, costs=True, customers=True, dimensions=True)
    publication(tmp_path, 1, star(lines) | marts(lines))
    test = page(tmp_path, "overview", period="All days")
    before = {one.label: one.value for one in test.metric}["Orders"]
    more = lines_of("shop", 50, seed=1, costs=True, customers=True, dimensions=True)
    publication(tmp_path, 2, star(more) | marts(more))
    test.run()
    assert {one.label: one.value for one in test.metric}["Orders"] != before
    assert "Publication 2" in said(test)
    test.selectbox(key="publication").set_value("1").run()
    assert {one.label: one.value for one in test.metric}["Orders"] == before
    assert "Publication 1" in said(test)
    moved = page(tmp_path, "customers")
    assert words.ONE_PUBLICATION not in said(moved)


def test_no_two_currencies_are_added_up(page: Open, tmp_path: Path) -> None:
    pounds = lines_of("shop", 30, seed=1, costs=True, customers=True, dimensions=True)
    euros = [replace(line, currency="EUR", order=f"E{line.order}") for line in pounds[:10]]
    publication(tmp_path, 1, star(pounds + euros) | marts(pounds + euros))
    values = {}
    for currency in ("GBP", "EUR"):
        test = page(tmp_path, "overview", period="All days", currency=currency)
        values[currency] = next(one.value for one in test.metric if one.label == "Revenue")
    total = {name: sum((x.revenue - x.refund for x in rows), Decimal(0)) for name, rows in
             (("GBP", pounds), ("EUR", euros))}  # fmt: skip
    assert values == {name: Formats().money(amount, name) for name, amount in total.items()}
