"""The first row of each page says what its rows say."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from dashboard.charts.base import Look
from dashboard.data import marketing as campaigns
from dashboard.data.answers import Answers
from dashboard.data.filters import Filters
from dashboard.formats import Formats
from dashboard.shell.kpi import Kpi
from dashboard.tokens import LIGHT
from dashboard.views import customers, marketing, models, seasons
from tests.dashboard.oracle import any_filters, of_market, some, total
from tests.dashboard.random_marts import PUBLISHED
from tests.dashboard.test_figures_of_people import people

FORMATS = Formats()


def page(answers: Answers, chosen: Filters) -> Any:
    return SimpleNamespace(answers=answers, filters=chosen, look=Look(LIGHT, FORMATS, chosen.currency))


def said(kpis: list[Kpi]) -> dict[str, str]:
    return {one.label: one.text for one in kpis}


@any_filters
@some
def test_models_say_what_is_ahead_who_may_leave_and_what_drifted(rows, marts, chosen):
    found = said(models.kpis(page(marts, chosen)))
    kept = people(rows, "customer_predictions", chosen)
    leaving = [one for one in kept if (one["churn_probability"] or 0) >= 0.5]
    week = {"series_level": "total", "measure": "revenue"}
    ahead = [one for one in of_market(rows["demand_forecast"], chosen) if week.items() <= one.items()]
    moved = [one for one in rows["model_monitoring"] if one["source_system"] == chosen.source
             and one["monitored"] == "psi" and one["measured_at"] == PUBLISHED]  # fmt: skip
    money = page(marts, chosen).look.money
    assert found == {
        "Revenue of the next 3 weeks": money(total(ahead, "forecast")),
        "Likely to leave": str(len(leaving)),
        "Lifetime value at stake": money(total(leaving, "clv")),
        "Lifetime value of all": money(total(kept, "clv")),
        "Features that drifted": f"{sum(one['figure'] >= 0.25 for one in moved)} of {len(moved)}",
    }


@any_filters
@some
def test_customers_say_what_those_of_the_segments_brought_and_champions_of_all(rows, marts, chosen):
    found = said(customers.kpis(page(marts, chosen)))
    kept = people(rows, "customer_rfm", chosen)
    whole = people(rows, "customer_rfm", chosen, in_segments=False)
    best = [one for one in whole if one["segment"] == "Champions"]
    each = total(kept, "monetary") / len(kept) if kept else None
    share = (total(best, "monetary") or 0) / total(whole, "monetary") if whole else None
    assert found["Customers so far"] == str(len(kept))
    assert found["Brought so far, each"] == page(marts, chosen).look.money_full(each)
    assert found["Orders so far, each"] == FORMATS.number(
        Decimal(total(kept, "frequency")) / len(kept) if kept else None, 1
    )
    assert found["Brought by Champions"] == FORMATS.percent(share)


@any_filters
@some
def test_marketing_says_what_was_spent_credited_and_added(rows, marts, chosen):
    kept = [one for one in of_market(rows["campaign_roi"], chosen) if one["campaign_id"] != "(none)"]
    now = page(marts, chosen)
    found = said(marketing.kpis(now, campaigns.campaigns(marts, chosen).frame()))
    held = [one["adjusted_roi_low"] for one in kept if one["adjusted_roi_low"] is not None]
    ratio = total(kept, "attributed_revenue") / total(kept, "spend")
    assert found == {
        "Campaigns": str(len(kept)),
        "Spend": now.look.money(total(kept, "spend")),
        "Attributed revenue": now.look.money(total(kept, "attributed_revenue")),
        "Return on ad spend": FORMATS.number(ratio, 1),
        "Added margin": now.look.money(total(kept, "adjusted_margin")),
        "Surely paid off": f"{sum(low > 0 for low in held)} of {len(held)}",
    }


@any_filters
@some
def test_seasons_say_which_days_are_strong_and_what_trend_and_week_explain(rows, marts, chosen):
    whole = {"series": "total", "measure": "revenue", "series_outcome": "decomposed"}
    kept = [one for one in of_market(rows["sales_series"], chosen) if whole.items() <= one.items()]
    found = list(said(seasons.kpis(page(marts, chosen))).items())[2:]
    assert found == [
        pair
        for one in kept
        for pair in (
            ("Strength of trend", FORMATS.number(one["trend_strength"], 2)),
            ("Strength of the week", FORMATS.number(one["weekly_strength"], 2)),
            ("New levels", str(one["change_points"])),
            ("Days out of the ordinary", str(one["anomalies"])),
        )
    ]
