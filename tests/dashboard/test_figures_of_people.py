"""Figures of customers and of models against the rows that were put in, for filters at random."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from dashboard.data import customers, scores
from dashboard.data.answers import opened
from dashboard.data.filters import Filters
from tests.dashboard.oracle import any_filters, named, of_market, some, table, total
from tests.dashboard.random_marts import Row, Rows


def people(rows: Rows, table: str, chosen: Filters, *, in_segments: bool = True) -> list[Row]:
    """Of a table of customers, those whom the filters let through: class and country as of their current version."""
    now = {one["customer_durable_key"]: one for one in rows["dim_customer"] if one["is_current"]}
    of_rfm = {(one["source_system"], one["currency"], one["customer_durable_key"]): one["segment"]
              for one in rows["customer_rfm"]}  # fmt: skip
    kept = []
    for one in of_market(rows[table], chosen):
        person = now[one["customer_durable_key"]]
        segment = of_rfm.get((one["source_system"], one["currency"], one["customer_durable_key"]))
        wanted = [(chosen.segment, person["customer_segment"] or "unknown"),
                  (chosen.country, person["country_name"] or "unknown"),
                  (chosen.rfm if in_segments else (), segment)]  # fmt: skip
        if all(not values or value in values for values, value in wanted):
            kept.append(one | {"segment": segment})
    return kept


@any_filters
@some
def test_segments_and_scores_are_of_the_customers_of_class_and_country(rows, marts, chosen):
    kept = people(rows, "customer_rfm", chosen, in_segments=False)
    by_segment = {name: [one for one in kept if one["segment"] == name] for name in {one["segment"] for one in kept}}
    found = customers.segments(marts, chosen)
    assert sorted(table(found, "segment", "customers", "revenue")) == sorted(
        (name, len(part), total(part, "monetary")) for name, part in by_segment.items()
    )
    for row in found.table.to_pylist():
        days = [one["recency_days"] for one in by_segment[row["segment"]]]
        assert row["recency"] == pytest.approx(sum(days) / len(days))
    counts = Counter((one["r_score"], one["f_score"]) for one in kept)
    assert table(customers.score_map(marts, chosen), "r_score", "f_score", "customers") == [
        (*place, number) for place, number in sorted(counts.items())
    ]


@any_filters
@some
def test_tenths_and_the_best_are_of_the_customers_in_the_rfm_segments_too(rows, marts, chosen):
    kept = sorted(people(rows, "customer_rfm", chosen), key=lambda one: (-one["monetary"], one["customer_id"]))
    found = customers.best(marts, chosen, named=False)
    assert table(found, "customer_id", "monetary", "segment") == named(kept, "customer_id", "monetary", "segment")
    tenths = customers.deciles(marts, chosen).table.to_pylist()
    sizes, larger = divmod(len(kept), 10)
    assert [one["customers"] for one in tenths] == [n for at in range(10) if (n := sizes + (at < larger))]
    first = 0
    for one in tenths:
        part = kept[first : first + one["customers"]]
        assert one["revenue"] == total(part, "monetary")
        first += one["customers"]


@any_filters
@some
def test_cohorts_newcomers_and_concentration_are_of_all_customers_of_the_market(rows, marts, chosen):
    kept = of_market(rows["cohort_retention"], chosen)
    names = ("cohort_month", "month_number", "cohort_size", "customers", "retention", "revenue_per_customer")
    assert table(customers.cohorts(marts, chosen), *names) == sorted(named(kept, *names), key=lambda one: one[:2])
    new: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for one in kept:
        if one["customers"] is not None:
            new[one["order_month"]][one["month_number"] > 0] += one["customers"]
    assert table(customers.newcomers(marts, chosen), "order_month", "newcomers", "returning") == [
        (month, *counts) for month, counts in sorted(new.items())
    ]
    curve = ("customer_percent", "revenue_share", "gini")
    assert table(customers.concentration(marts, chosen), *curve) == named(
        of_market(rows["customer_concentration"], chosen), *curve
    )


@any_filters
@some
def test_moves_count_each_customer_once_by_segment_then_and_now(rows, marts, marts_lake, chosen):
    now = of_market(rows["customer_rfm"], chosen)
    then = of_market([one for at, one in enumerate(rows["customer_rfm"]) if at % 3], chosen)
    segment = {one["customer_id"]: one["segment"] for one in then}
    found = customers.moves(opened(marts_lake, 1), marts, chosen)
    assert Counter({pair[:2]: pair[2] for pair in table(found, "before", "now", "customers")}) == Counter(
        (segment.get(one["customer_id"]), one["segment"]) for one in now
    )


@any_filters
@some
def test_risk_and_value_are_of_the_customers_whom_the_filters_let_through(rows, marts, chosen):
    kept = people(rows, "customer_predictions", chosen)
    told = [one for one in kept if one["churn_probability"] is not None]
    leaving = [one for one in told if one["churn_probability"] >= 0.5]
    assert scores.at_stake(marts, chosen).first() == {
        "scored": len(told), "leaving": len(leaving), "clv": total(kept, "clv"), "leaving_clv": total(leaving, "clv")
    }  # fmt: skip
    tenths = defaultdict(list)
    for one in told:
        tenths[9 if one["churn_probability"] == 1 else int(str(one["churn_probability"] * 10)[0])].append(one)
    assert table(scores.risk_and_value(marts, chosen), "tenth", "customers", "clv") == [
        (at, len(part), total(part, "clv")) for at, part in sorted(tenths.items())
    ]
    for order, column in (("churn", "churn_probability"), ("clv", "clv")):
        known = [one for one in kept if one[column] is not None]
        expected = sorted(known, key=lambda one: (-one[column], one["customer_id"]))
        names = ("customer_id", "segment", column)
        assert table(scores.customers(marts, chosen, order), *names) == named(expected, *names)


@any_filters
@some
def test_forecasts_are_those_of_their_series(rows, marts, chosen):
    kept = of_market(rows["demand_forecast"], chosen)
    whole = [one for one in kept if (one["series_level"], one["measure"]) == ("total", "revenue")]
    found = scores.ahead(marts, chosen).first()
    assert (found["weeks"], found["revenue"]) == (3, pytest.approx(total(whole, "forecast")))
    levels = scores.levels(marts, chosen).table.to_pylist()
    assert [one["series_level"] for one in levels] == ["total", "total", "category", "category", "product", "product"]
    for level in levels:
        part = [one for one in kept if all(one[name] == level[name] for name in ("series_level", "measure"))]
        assert level["forecast"] == pytest.approx(total(part, "forecast"))
        ahead = scores.forecast(marts, chosen, level["series_level"], level["series_value"], level["measure"])
        assert table(ahead, "week_start", "forecast") == named(part, "week_start", "forecast")


@any_filters
@some
def test_scores_and_curves_are_of_the_newest_version_on_the_test_window(rows, marts, chosen):
    mine = [one for one in rows["model_scores"] if one["source_system"] == chosen.source]
    newest = {problem: max(one["model_version"] for one in mine if one["problem"] == problem)
              for problem in ("churn", "demand")}  # fmt: skip
    kept = [one for one in mine if one["score_fold"] == "test" and one["model_version"] == newest[one["problem"]]]
    names = ("problem", "candidate", "score")
    assert sorted(table(scores.scores(marts, chosen), *names)) == sorted(named(kept, *names))
    wanted = {"source_system": chosen.source, "problem": "churn", "curve": "calibration", "model_version": 2}
    points = [one for one in rows["model_curves"] if wanted.items() <= one.items()]
    found = scores.curve(marts, chosen, "churn", "calibration")
    assert table(found, "place", "x", "y", "cases") == named(points, "place", "x", "y", "cases")
