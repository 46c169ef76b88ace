"""Figures of models in use, of quality and of lineage against what was noted, up to the publication and not after."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard import words
from dashboard.data import lineage, monitoring, trust
from dashboard.data.answers import opened
from dashboard.data.filters import Filters, Period
from lakehouse.tables import ops
from tests.dashboard.oracle import table
from tests.dashboard.random_marts import FEEDS, JUST_AFTER, MOMENTS, PUBLISHED, SOURCES, Row
from tests.dashboard.shop import publication
from tests.lakes import write

DAYS = Period(date(2023, 1, 1), date(2024, 3, 31))
each_source = pytest.mark.parametrize("source", SOURCES)
each_publication = pytest.mark.parametrize(("number", "known"), [(1, MOMENTS[0]), (2, PUBLISHED)])


def of(source: str) -> Filters:
    return Filters(source, "GBP", DAYS, DAYS)


def mine(found: list[Row], source: str, **also: Any) -> list[Row]:
    return [one for one in found if {"source_system": source, **also}.items() <= one.items()]


@each_source
@each_publication
def test_drift_is_that_of_the_latest_scoring_that_the_publication_knows(rows, marts_lake, source, number, known):
    kept = mine(rows["model_monitoring"], source, monitored="psi", measured_at=known)
    expected = sorted(((one["monitored_name"], one["figure"], one["is_alert"]) for one in kept),
                      key=lambda one: (-one[1], one[0]))  # fmt: skip
    assert table(monitoring.drift(opened(marts_lake, number), of(source)), "feature", "figure", "is_alert") == expected


@each_source
@each_publication
def test_what_came_true_stands_beside_what_was_told_or_scored(rows, marts_lake, source, number, known):
    noted = {
        (one["monitored"], one["monitored_name"]): one["figure"]
        for one in mine(rows["model_monitoring"], source, measured_at=known) if one["monitored"] != "psi"
    }  # fmt: skip
    scored: dict[str, float] = {}
    for one in mine(rows["model_scores"], source, score_fold="test", candidate_role="champion"):
        scored[one["score_measure"]] = max(one["score"], scored.get(one["score_measure"], 0))
    expected = []
    for (measure, name), figure in noted.items():
        told = noted[("said_rate", name)] if measure == "rate" else 0.95 if measure == "coverage_95" else None
        expected.append((measure, name[-10:], scored.get(measure) if told is None else told, figure))
    found = table(monitoring.came_true(opened(marts_lake, number), of(source)), "measure", "predicted_on", "expected",
                  "figure")  # fmt: skip
    assert sorted((one[0], one[1].isoformat(), *one[2:]) for one in found) == sorted(
        one for one in expected if one[0] != "said_rate"
    )
    assert [one[1] for one in found] == sorted((one[1] for one in found), reverse=True)


@each_source
def test_decisions_are_those_up_to_the_publication_and_its_own(rows, marts, source):
    own = {"shop": [3], "stall": []}[source]
    assert table(monitoring.decisions(marts, of(source)), "model_version") == [(at,) for at in (*own, 2, 1, 0)]


@each_publication
def test_verdicts_are_the_latest_of_each_table_that_the_publication_knows(rows, marts_lake, number, known):
    latest: dict[str, datetime] = {}
    for one in rows["quality_results"]:
        if one["judged_at"] <= known:
            latest[one["table_name"]] = max(one["judged_at"], latest.get(one["table_name"], MOMENTS[0]))
    kept = [one for one in rows["quality_results"] if one["judged_at"] == latest.get(one["table_name"])]
    counts = Counter((one["table_name"], one["verdict"]) for one in kept)
    answers = opened(marts_lake, number)
    for row in trust.verdicts(answers).table.to_pylist():
        for verdict in ("passed", "waived", "warned", "failed"):
            assert row[verdict] == counts.pop((row["table_name"], verdict), 0)
    assert not counts
    broken = trust.broken_rules(answers)
    assert sorted(table(broken, "rule", "verdict")) == sorted(
        (one["rule"], one["verdict"]) for one in kept if one["verdict"] != "passed"
    )
    grave = {"failed": 0, "waived": 1, "warned": 2}
    order = [grave[one] for (one,) in table(broken, "verdict")]
    assert order == sorted(order)


@each_source
def test_rows_in_quarantine_are_the_open_ones_by_each_of_their_reasons_and_by_file(rows, marts, source):
    waiting = mine(rows["quarantine"], source, status="open")
    reasons = Counter((one["feed"], reason) for one in waiting for reason in one["reasons"])
    assert sorted(table(trust.reasons(marts, source), "feed", "reason", "rows")) == sorted(
        (*key, number) for key, number in reasons.items()
    )
    files = Counter(one["_source_file"] for one in waiting)
    expected = sorted(files.items(), key=lambda one: (-one[1], one[0]))[:15]
    assert table(trust.files(marts, source), "file", "rows") == expected


@each_source
@each_publication
def test_files_that_came_in_are_counted_by_what_became_of_them(rows, marts_lake, source, number, known):
    came = [one for one in mine(rows["ingested_files"], source) if one["_ingested_at"] <= known]
    found = trust.deliveries(opened(marts_lake, number), source)
    counts = Counter((one["file_kind"], one["status"]) for one in came)
    for row in found.table.to_pylist():
        loaded = [one for one in came if (one["file_kind"], one["status"]) == (row["file_kind"], "loaded")]
        assert row["rows"] == sum(one["rows"] for one in loaded)
        assert row["last_loaded"] == max((one["_ingested_at"] for one in loaded), default=None)
        for column, status in (("loaded", "loaded"), ("duplicates", "duplicate"), ("rejected", "rejected")):
            assert row[column] == counts.pop((row["file_kind"], status), 0)
    assert not counts


def test_a_publication_brought_the_loaded_files_of_its_batches(rows, marts):
    for number, files, brought in table(trust.publications(marts), "publication", "files", "rows"):
        loaded = [one for one in rows["ingested_files"] if (one["batch_id"], one["status"]) == (number, "loaded")]
        assert (files, brought) == (len(loaded), sum(one["rows"] for one in loaded))


@each_source
def test_rows_of_a_file_are_told_by_what_became_of_them_behind_the_tables_chosen(rows, marts, source):
    assert {one["feed"] for one in rows["lineage"]} == set(FEEDS)
    outcomes = mine(rows["lineage"], source)
    assert sorted(table(trust.outcomes(marts, source), "feed", "outcome", "rows")) == sorted(
        (*key, sum(one["rows"] for one in outcomes if (one["feed"], one["outcome"]) == key))
        for key in {(one["feed"], one["outcome"]) for one in outcomes}
    )
    loaded = mine(rows["ingested_files"], source, status="loaded")
    path = {one["delivery"]: max(two["path"] for two in loaded if two["delivery"] == one["delivery"]) for one in loaded}
    for names, feeds in ((("silver.returns",), {"returns"}), (("gold.fact_sales",), {"order_lines", "customers"})):
        expected: dict[tuple[str | None, str], Counter[str]] = defaultdict(Counter)
        for one in outcomes:
            if one["feed"] in feeds:
                outcome = {"pending": "other"}.get(one["outcome"], one["outcome"])
                expected[path.get(one["_file_delivery"]), one["feed"]][outcome] += one["rows"]
        for row in lineage.files(marts, source, names).table.to_pylist():
            counts = expected.pop((row["file"], row["feed"]))
            assert row["rows"] == counts.total()
            assert all(row[name] == counts[name] for name in ("accepted", "superseded", "quarantined", "other"))
        assert not expected


def test_tables_behind_a_table_come_with_their_rows_the_nearest_first(rows, marts):
    found = lineage.behind(marts, ("gold.customer_predictions",))
    names = [name for (name,) in table(found, "table_name")]
    assert names[0] == "gold.customer_predictions"
    assert names.index("gold.order_totals") < names.index("gold.fact_sales") < names.index("silver.order_lines")
    for name, number, made_from in table(found, "table_name", "rows", "made_from"):
        assert number == len(rows.get(name.split(".")[1], ()))
        assert made_from == {"gold.dim_date": "the calendar", "silver.order_lines": "files of order_lines"}.get(
            name, made_from
        )
    assert lineage.behind(marts, ()).is_empty


def test_tables_grew_against_the_publication_that_this_one_was_built_on(rows, marts, marts_lake):
    found = {one[0]: one[1:] for one in table(lineage.growth(opened(marts_lake, 1), marts), "table_name", "rows",
                                             "former_rows", "difference")}  # fmt: skip
    scored = len(rows["customer_rfm"])
    before = sum(1 for at in range(scored) if at % 3)
    assert found["gold.customer_rfm"] == (scored, before, scored - before)
    assert found["gold.campaign_roi"] == (len(rows["campaign_roi"]), None, None)
    assert found["gold.dim_customer"][2] == 0
    first = table(lineage.growth(None, opened(marts_lake, 1)), "table_name", "former_rows")
    assert "gold.campaign_roi" not in {name for name, _ in first}
    assert {former for _, former in first} == {None}


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([("refused", PUBLISHED)], None),
        ([("refused", JUST_AFTER)], "refused"),
        ([("failed", JUST_AFTER)], "failed"),
        ([("refused", JUST_AFTER), ("done", JUST_AFTER + timedelta(hours=1))], None),
        ([("done", JUST_AFTER), ("failed", JUST_AFTER + timedelta(hours=1))], "failed"),
    ],
)
def test_a_run_that_was_refused_after_the_publication_is_told_unless_a_later_one_is_done(tmp_path: Path, runs, told):
    publication(tmp_path, 1, {}, published_at=PUBLISHED)
    noted = [{"run_id": str(at), "stage": "run", "status": one, "ended_at": end} for at, (one, end) in enumerate(runs)]
    noted.append({"run_id": "x", "stage": "gold", "status": "failed", "ended_at": datetime(2030, 1, 1, tzinfo=UTC)})
    write(tmp_path, ops.JOB_RUNS, noted)
    assert trust.later_refusal(opened(tmp_path)).first().get("status") == told


def test_a_run_that_published_some_sources_and_was_refused_others_is_told_with_its_publication(tmp_path: Path):
    publication(tmp_path, 1, {}, published_at=PUBLISHED, run_id="r")
    details = '{"refused": ["cafe"], "not_taken": ["kiosk", "stall"]}'
    noted = {"run_id": "r", "stage": "run", "status": "refused", "ended_at": JUST_AFTER, "details": details}
    other = {"run_id": "x", "stage": "run", "status": "refused", "ended_at": PUBLISHED, "details": "{}"}
    write(tmp_path, ops.JOB_RUNS, [noted, other])
    answers = opened(tmp_path)
    assert trust.later_refusal(answers).first() == {}
    said = words.left_behind(trust.left_behind(answers).first()["details"])
    assert said.startswith("The gate refused what cafe brought")
    assert "rows of kiosk, stall" in said
    assert (words.left_behind("{}"), words.left_behind(None)) == ("", "")


def test_rows_that_are_left_out_are_counted_by_kind_of_file_and_reason_of_the_source(tmp_path: Path):
    rows = [
        {"source_system": source, "file_kind": "sales", "left_out_why": why, "rows": rows, "_file_delivery": file}
        for source, why, rows, file in [
            ("shop", "fee", 2, "d1"), ("shop", "fee", 3, "d2"), ("shop", "total", 1, "d1"), ("cafe", "fee", 9, "d3")
        ]
    ]  # fmt: skip
    publication(tmp_path, 1, {"left_out": rows}, published_at=PUBLISHED)
    found = trust.left_out(opened(tmp_path), "shop")
    assert table(found, "file_kind", "why", "rows", "files") == [("sales", "fee", 5, 2), ("sales", "total", 1, 1)]


def test_a_publication_of_older_code_left_nothing_out(tmp_path: Path):
    publication(tmp_path, 1, {}, published_at=PUBLISHED, without=("silver.left_out",))
    assert trust.left_out(opened(tmp_path), "shop").is_empty


def test_freshness_is_the_days_from_the_last_order_to_as_of(tmp_path: Path):
    sold = [{"source_system": source, "currency": "GBP", "full_date": day, "lines": lines}
            for source, day, lines in (("shop", date(2024, 3, 1), 2), ("shop", date(2024, 3, 30), 1),
                                       ("shop", date(2024, 3, 31), 0), ("stall", date(2024, 3, 31), 5))]  # fmt: skip
    publication(tmp_path, 1, {"daily_sales": sold}, as_of=date(2024, 4, 1))
    assert table(trust.freshness(opened(tmp_path)), "source_system", "days") == [("shop", 2), ("stall", 1)]
