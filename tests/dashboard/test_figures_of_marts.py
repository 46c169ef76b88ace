"""Figures of campaigns, seasons and products against the rows that were put in, for filters at random."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from dashboard.data import marketing, products, seasons
from dashboard.data.filters import Filters
from tests.dashboard.oracle import any_filters, named, of_market, some, table, total
from tests.dashboard.random_marts import Row


@any_filters
@some
def test_campaigns_are_those_of_the_market_without_the_row_of_none(rows, marts, chosen):
    kept = [one for one in of_market(rows["campaign_roi"], chosen) if one["campaign_id"] != "(none)"]
    kept.sort(key=lambda one: (one["started_on"] or date.max, one["campaign_id"]))
    names = ("campaign_id", "spend", "attributed_revenue", "adjusted_margin")
    found = marketing.campaigns(marts, chosen)
    assert table(found, *names) == named(kept, *names)
    assert table(found, "campaign_name") == [(one["campaign_name"] or one["campaign_id"],) for one in kept]


@any_filters
@some
def test_spend_is_that_of_the_weeks_from_monday_at_the_newest_rate_of_its_day(rows, marts, chosen):
    called = {(one["source_system"], one["campaign_id"]): one["campaign_name"] for one in rows["dim_campaign"]}
    weeks: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for one in rows["campaign_spend"]:
        currency, amount = in_currency(one, rows["fx_rates"])
        if (one["source_system"], currency) == (chosen.source, chosen.currency):
            monday = one["spend_date"] - timedelta(days=one["spend_date"].weekday())
            name = called.get((one["source_system"], one["campaign_id"])) or one["campaign_id"]
            weeks[monday, name] += amount
    assert table(marketing.spend(marts, chosen), "week_start", "campaign", "spend") == [
        (*key, amount) for key, amount in sorted(weeks.items())
    ]


def in_currency(spent: Row, rates: list[Row]) -> tuple[str, Decimal]:
    """The shop converts into pounds where a rate of the day or before is known; the stall converts nothing."""
    mine = [one for one in rates if one["source_system"] == spent["source_system"]]
    known = sorted((one["rate_date"], one["exchange_rate"]) for one in mine if one["rate_date"] <= spent["spend_date"])
    if spent["source_system"] == "stall" or spent["currency"] == "GBP" or not known:
        return spent["currency"], spent["amount"]
    return "GBP", spent["amount"] * known[-1][1]


@any_filters
@some
def test_series_and_their_days_are_those_of_the_market(rows, marts, chosen):
    names = ("series", "series_value", "measure", "series_outcome", "trend_strength", "anomalies", "change_points")
    kept = of_market(rows["sales_series"], chosen)
    assert table(seasons.series(marts, chosen), *names) == sorted(named(kept, *names))
    wanted = {"series": "category", "series_value": "Cups", "measure": "orders"}
    days = [one for one in of_market(rows["sales_decomposition"], chosen) if wanted.items() <= one.items()]
    found = seasons.decomposition(marts, chosen, "category", "Cups", "orders")
    assert table(found, "full_date", "value", "is_anomaly") == named(days, "full_date", "value", "is_anomaly")


def wanted(chosen: Filters, category: str | None) -> bool:
    return not chosen.category or (category or "unknown") in chosen.category


@any_filters
@some
def test_classes_rates_and_pairs_are_those_of_the_categories_chosen(rows, marts, chosen):
    kept = [one for one in of_market(rows["product_performance"], chosen) if one["abc_class"]]
    kept = [one for one in kept if wanted(chosen, one["category"])]
    by_class = defaultdict(list)
    for one in kept:
        by_class[one["abc_class"]].append(one)
    assert table(products.classes(marts, chosen), "abc_class", "products", "net_revenue") == [
        (name, len(part), total(part, "net_revenue")) for name, part in sorted(by_class.items())
    ]
    for dimension in ("category", "reason"):
        rates = [one for one in rows["return_rates"] if one["source_system"] == chosen.source
                 and one["dimension"] == dimension and one["line_return_rate"] is not None and one["lines"] >= 30
                 and (dimension == "reason" or wanted(chosen, one["dimension_value"]))]  # fmt: skip
        rates.sort(key=lambda one: -one["line_return_rate"])
        found = products.return_rates(marts, chosen, dimension)
        assert table(found, "value", "rate") == named(rates, "dimension_value", "line_return_rate")


@any_filters
@some
def test_a_pair_comes_once_where_either_product_is_of_the_categories_chosen(rows, marts, chosen):
    of = {one["product_id"]: one for one in rows["product_performance"] if one["source_system"] == chosen.source}
    name = {one: row["product_name"] or one for one, row in of.items()}
    sure = [one for one in rows["product_affinity"] if one["source_system"] == chosen.source and one["is_significant"]]
    pairs = {frozenset((one["product_id"], one["companion_id"])): one for one in sure}
    kept = [
        pair for pair in pairs
        if any(wanted(chosen, of[product]["category"]) for product in pair)
    ]  # fmt: skip
    found = table(products.pairs(marts, chosen), "product", "companion")
    assert len(found) == min(15, len(kept))
    assert len({frozenset(pair) for pair in found}) == len(found)
    assert {frozenset(pair) for pair in found} <= {frozenset(name[one] for one in pair) for pair in kept}
