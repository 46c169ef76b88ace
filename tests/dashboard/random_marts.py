"""Rows of marts at random, for two sources of two currencies each; what pages say is worked out from the rows."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


class Rows(dict[str, list[Row]]):
    """Short name of a table -> its rows."""

    def __repr__(self) -> str:
        return f"rows of {', '.join(self)}"


SOURCES, CURRENCIES = ("shop", "stall"), ("GBP", "EUR")
SEGMENTS, CLASSES, PLACES = ("Champions", "Loyal", "Lost"), ("VIP", "Regular", None), ("France", "Spain", None)
CATEGORIES = ("Cups", "Plates", None)
PUBLISHED = datetime(2024, 4, 1, 6, tzinfo=UTC)
JUST_AFTER = PUBLISHED + timedelta(microseconds=1)
MOMENTS = (PUBLISHED - timedelta(days=30), PUBLISHED - timedelta(hours=1), PUBLISHED, JUST_AFTER)
"""Of what ops noted: the third is the last that a publication of `PUBLISHED` knows."""
FEEDS = ("order_lines", "returns", "customers")


def cents(rng: random.Random, most: int = 99_999) -> Decimal:
    return Decimal(rng.randint(0, most)) / 100


def markets() -> list[Row]:
    return [{"source_system": source, "currency": currency} for source in SOURCES for currency in CURRENCIES]


def people(rng: random.Random) -> Rows:
    """Customers in RFM and predictions; a former version of each lived elsewhere and was of another class."""
    found = Rows(dim_customer=[], customer_rfm=[], customer_predictions=[])
    for at in range(80):
        whole = {"source_system": rng.choice(SOURCES), "customer_durable_key": at, "customer_id": f"C{at:02}"}
        for version in (0, 1):
            found["dim_customer"].append(
                whole | {"customer_key": at * 2 + version, "is_current": bool(version), "email": f"c{at}@example.com",
                         "customer_segment": rng.choice(CLASSES), "country_name": rng.choice(PLACES)}
            )  # fmt: skip
        for currency in rng.choice((CURRENCIES, CURRENCIES[:1], CURRENCIES[1:])):
            scored = {"r_score": rng.randint(1, 5), "f_score": rng.randint(1, 5), "segment": rng.choice(SEGMENTS)}
            spent = {"monetary": cents(rng), "recency_days": rng.randint(1, 400), "frequency": rng.randint(1, 9)}
            found["customer_rfm"].append(whole | {"currency": currency} | scored | spent)
        risk = rng.choice((None, 0.0, 0.1, 0.4999, 0.5, 0.95, 1.0, rng.random()))
        found["customer_predictions"].append(
            whole | {"currency": rng.choice(CURRENCIES), "churn_probability": risk,
                     "clv": rng.choice((None, cents(rng))), "churn_reason_1": "long ago"}
        )  # fmt: skip
    return found


def cohorts(rng: random.Random) -> Rows:
    months = [date(2023, at, 1) for at in range(1, 7)]
    found = [
        market | {"cohort_month": months[first], "month_number": after, "order_month": months[first + after],
                  "cohort_size": 10 + first,
                  "customers": rng.choice((None, rng.randint(0, 9))) if after else 10 + first,
                  "retention": rng.random(), "revenue_per_customer": cents(rng), "is_partial": rng.random() < 0.2}
        for market in markets() for first in range(6) for after in range(6 - first)
    ]  # fmt: skip
    curve = [
        market | {"customer_percent": percent, "revenue_share": rng.random(), "customers": 9, "gini": rng.random()}
        for market in markets() for percent in (1, 50, 100)
    ]  # fmt: skip
    return Rows({"cohort_retention": found, "customer_concentration": curve})


def campaigns(rng: random.Random) -> Rows:
    names = {at: rng.choice((None, f"Campaign {at}")) for at in range(6)}
    roi = [
        market | {"campaign_id": f"M{at}", "campaign_name": name, "spend": cents(rng), "attributed_revenue": cents(rng),
                  "adjusted_margin": rng.choice((None, cents(rng))),
                  "adjusted_roi_low": rng.choice((None, -0.5, 0.0, 0.5)),
                  "started_on": rng.choice((None, date(2023, 1 + at, 1)))}
        for market in markets() for at, name in names.items()
    ]  # fmt: skip
    spend = [
        rng.choice(markets()) | {"campaign_id": f"M{rng.randrange(7)}", "amount": cents(rng),
                                 "spend_date": date(2023, 1, 1) + timedelta(days=rng.randrange(60)),
                                 "impressions": rng.randint(0, 99), "clicks": rng.randint(0, 9)}
        for _ in range(200)
    ]  # fmt: skip
    known = [
        {"source_system": source, "campaign_id": f"M{at}", "campaign_name": name, "campaign_key": key * 10 + at}
        for key, source in enumerate(SOURCES) for at, name in names.items()
    ]  # fmt: skip
    converted = [{"source_system": source, "is_converted": source == "shop", "reporting_currency": "GBP"}
                 for source in SOURCES]  # fmt: skip
    rates = [
        {"source_system": source, "currency": "EUR", "rate_date": date(2023, 1, day), "exchange_rate": Decimal(rate)}
        for source in SOURCES for day, rate in ((10, "0.8"), (20, "0.9"))
    ]  # fmt: skip
    nobody = [market | {"campaign_id": "(none)", "attributed_revenue": cents(rng)} for market in markets()]
    return Rows(campaign_roi=[*roi, *nobody], campaign_spend=spend, dim_campaign=known, mart_currencies=converted,
                fx_rates=rates)  # fmt: skip


def series(rng: random.Random) -> Rows:
    named = [("total", "all"), ("category", "Cups"), ("country", "France")]
    apart = [
        market | {"series": kind, "series_value": value, "measure": measure, "trend_strength": rng.random(),
                  "series_outcome": rng.choice(("decomposed", "too short")), "weekly_strength": rng.random(),
                  "anomalies": rng.randint(0, 9), "change_points": rng.randint(0, 4),
                  "year_on_year": rng.choice((None, rng.random()))}
        for market in markets() for kind, value in named for measure in ("revenue", "orders")
    ]  # fmt: skip
    days = [
        {name: one[name] for name in ("source_system", "currency", "series", "series_value", "measure")}
        | {"full_date": date(2024, 1, day), "value": rng.random(), "trend": rng.random(), "weekly": rng.random(),
           "remainder": rng.random(), "is_anomaly": rng.random() < 0.3}
        for one in apart for day in (1, 2, 3)
    ]  # fmt: skip
    return Rows({"sales_series": apart, "sales_decomposition": days})


def models(rng: random.Random) -> Rows:
    weeks = [
        market | {"series_level": level, "series_value": value, "measure": measure, "forecast": rng.random() * 100,
                  "week_start": date(2024, 4, 1) + timedelta(days=7 * at), "horizon_week": at + 1}
        for market in markets() for level, value in (("total", "all"), ("category", "Cups"), ("product", "P1"))
        for measure in ("revenue", "units") for at in range(3)
    ]  # fmt: skip
    tried = [
        {"source_system": source, "problem": problem, "model_version": version, "candidate": candidate,
         "candidate_role": role, "score_measure": measure, "score_level": level, "score_fold": fold,
         "score": rng.random()}
        for source in SOURCES
        for problem, measure, level in (("churn", "brier", "all"), ("demand", "wape", "total units"))
        for version in (1, rng.choice((2, 3))) for candidate, role in (("boost", "champion"), ("mean", "baseline"))
        for fold in ("test", "1")
    ]  # fmt: skip
    curves = [
        {"source_system": source, "problem": problem, "model_version": version, "candidate": "boost", "curve": curve,
         "place": at, "label": "", "x": rng.random(), "y": rng.random(), "cases": rng.randint(1, 9)}
        for source in SOURCES for problem in ("churn", "clv") for version in (1, 2)
        for curve in ("calibration", "lift") for at in range(3)
    ]  # fmt: skip
    return Rows({"demand_forecast": weeks, "model_scores": tried, "model_curves": curves})


def products(rng: random.Random) -> Rows:
    names = [rng.choice((None, f"Name {at}")) for at in range(12)]
    sold = [
        market | {"product_durable_key": at, "product_id": f"P{at}", "product_name": names[at],
                  "category": CATEGORIES[at % 3], "abc_class": rng.choice("ABC") if at % 4 else None,
                  "net_revenue": cents(rng)}
        for market in markets() for at in range(12)
    ]  # fmt: skip
    rates = [
        {"source_system": source, "dimension": dimension, "dimension_value": f"{dimension} {at}",
         "lines": rng.choice((29, 30, 31, 500)), "returned_lines": at,
         "line_return_rate": rng.choice((None, rng.random()))}
        for source in SOURCES for dimension in ("category", "reason", "product") for at in range(8)
    ]  # fmt: skip
    both = [(one, other) for one in range(12) for other in range(one + 1, 12) if rng.random() < 0.3]
    pairs = [
        {"source_system": source, "product_id": f"P{a}", "companion_id": f"P{b}", "orders_together": one + other,
         "is_significant": (one + other) % 5 > 0, "affinity_rank": one * 12 + other}
        for source in SOURCES for one, other in both for a, b in ((one, other), (other, one))
    ]  # fmt: skip
    return Rows({"product_performance": sold, "return_rates": rates, "product_affinity": pairs})


def trust(rng: random.Random) -> Rows:
    waiting = [
        {"source_system": rng.choice(SOURCES), "feed": rng.choice(FEEDS), "file_kind": "orders", "_row_in_file": at,
         "status": rng.choice(("open", "discarded")), "_source_file": f"file {rng.randrange(20)}",
         "reasons": rng.sample(["zero_price", "missing:quantity", "future_date"], rng.randint(1, 2))}
        for at in range(200)
    ]  # fmt: skip
    outcomes = [
        {"source_system": rng.choice(SOURCES), "feed": rng.choice(FEEDS), "file_kind": "orders",
         "outcome": rng.choice(("accepted", "superseded", "quarantined", "pending")), "rows": rng.randint(1, 9),
         "_file_delivery": f"D{rng.randrange(9)}"}
        for _ in range(200)
    ]  # fmt: skip
    return Rows({"quarantine": waiting, "lineage": outcomes})


def ops(rng: random.Random) -> Rows:
    """What ops noted, before and after the publication."""
    psi = [
        {"source_system": source, "problem": "churn", "monitored": "psi", "monitored_name": f"feature {at}",
         "figure": figure, "limit_value": 0.25, "is_alert": figure >= 0.25, "measured_at": moment}
        for source in SOURCES for moment in MOMENTS for at in range(6)
        for figure in [rng.choice((0.1, 0.25, rng.random()))]
    ]  # fmt: skip
    true = [
        {"source_system": source, "problem": problem, "monitored": measure, "figure": rng.random(),
         "monitored_name": f"{level}predicted on 2024-0{month}-01", "measured_at": moment}
        for source in SOURCES for moment in MOMENTS for month in (1, 2)
        for problem, measure, level in (("churn", "rate", ""), ("churn", "said_rate", ""), ("churn", "brier", ""),
                                        ("demand", "wape", "total units, "), ("demand", "coverage_95", "total units, "))
    ]  # fmt: skip
    moved = [
        {"source_system": source, "problem": "churn", "model_version": at, "decision": "promote", "decided_at": moment,
         "run_id": "of the publication" if moment == JUST_AFTER and source == "shop" else f"run {at}"}
        for source in SOURCES for at, moment in enumerate(MOMENTS)
    ]  # fmt: skip
    judged = [
        {"run_id": str(moment), "rule": f"{table}.{at}", "table_name": table, "judged_at": moment,
         "verdict": rng.choice(("passed", "passed", "warned", "waived", "failed"))}
        for table, moments in (("gold.a", MOMENTS), ("gold.b", MOMENTS[:2]), ("gold.c", MOMENTS[3:]))
        for moment in moments for at in range(5)
    ]  # fmt: skip
    files = [
        {"source_system": rng.choice(SOURCES), "path": f"path {at}", "delivery": f"D{at % 9}",
         "rows": rng.randint(1, 99), "file_kind": rng.choice(("orders", "returns")),
         "status": rng.choice(("loaded", "duplicate", "rejected")), "batch_id": rng.choice((1, 2)),
         "_ingested_at": rng.choice(MOMENTS)}
        for at in range(60)
    ]  # fmt: skip
    return Rows(model_monitoring=psi + true, model_decisions=moved, quality_results=judged, ingested_files=files)


def marts(seed: int = 11) -> Rows:
    """Tables of silver and gold by short name."""
    rng = random.Random(seed)
    found = Rows()
    for part in (people, cohorts, campaigns, series, models, products, trust):
        found |= part(rng)
    return found
