"""What pages say of models in use, of filters that they leave aside, and of the files behind a tile."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import words
from dashboard.formats import THIN
from lakehouse.tables import ops
from tests.dashboard.conftest import Open
from tests.dashboard.shop import lines_of, marts, publication, star
from tests.dashboard.test_pages import charts, said
from tests.lakes import write


def test_models_in_use_are_shown_with_what_drifted_came_true_and_was_decided(page: Open, full: Path) -> None:
    test = page(full, "models")
    assert {one.label: one.value for one in test.metric}["Features that drifted"] == "1 of 2"
    shown = {tuple(one.value.columns): one.value for one in test.dataframe}
    [true] = [table for names, table in shown.items() if "Came true" in names]
    assert true[["To be expected", "Came true"]].to_numpy().tolist() == [[f"50.0{THIN}%", f"25.0{THIN}%"]]
    [decided] = [table for names, table in shown.items() if "Decision" in names]
    assert decided[["Decision", "By", "Why"]].to_numpy().tolist() == [
        ["Back to version 2", "A person", "the new one calls everybody lost"]
    ]


def test_where_nothing_was_noted_of_models_in_use_the_tiles_say_so(page: Open, several: Path) -> None:
    found = said(page(several, "models"))
    assert words.NOT_TRAINED in found


@pytest.mark.parametrize(
    ("name", "address", "aside"),
    [
        ("marketing", {"category": "Cups", "channel": "web"}, "category Cups, channel web"),
        ("quality", {"segment": "VIP"}, "customer class VIP"),
        ("customers", {"segment": "VIP", "channel": "web"}, "channel web"),
        ("models", {"country": "France", "rfm": "Lost"}, ""),
        ("overview", {"country": "France"}, ""),
    ],
)
def test_a_page_says_which_filters_in_force_it_does_not_follow(
    page: Open, full: Path, name: str, address: dict[str, str], aside: str
) -> None:
    found = said(page(full, name, **address))
    assert (words.not_followed(aside) in found) is bool(aside)
    assert ("does not follow" in found) is bool(aside)


def test_rfm_segments_narrow_the_pages_of_customers_and_stay_where_they_are_not_followed(
    page: Open, full: Path
) -> None:
    test = page(full, "customers", rfm="Lost")
    best = next(one.value for one in test.dataframe if "Days since last order" in one.value.columns)
    assert set(best["Segment"]) == {"Lost"}
    assert {one.label: one.value for one in test.metric}["Customers so far"] == str(len(best))
    people = page(full, "models", rfm="Lost").dataframe[0].value
    assert set(people["Segment"]) == {"Lost"}
    other = page(full, "overview")
    other.session_state["rfm"] = ["Lost"]
    other.run()
    assert words.not_followed("RFM segment Lost") in said(other)


def test_a_tile_leads_to_the_tables_and_files_behind_it(page: Open, full: Path) -> None:
    test = page(full, "overview")
    test.button(key="trace-by-country").click().run()
    assert test.session_state["lineage"] == ["gold.daily_sales"]
    assert test.session_state["_open"] == "quality"
    assert test.session_state["_traced"] is True
    traced = page(full, "quality", lineage="gold.customer_rfm")
    tables = next(one.value for one in traced.dataframe if "Made from" in one.value.columns)
    assert list(tables["Table"])[:2] == ["gold.customer_rfm", "gold.order_totals"]
    files = next(one.value for one in traced.dataframe if "Accepted" in one.value.columns)
    assert files[["Rows", "Accepted", "In quarantine"]].to_numpy().tolist() == [["20", "10", "10"]]
    nothing = page(full, "quality", lineage="gold.dim_date")
    assert words.NO_FILES_BEHIND in said(nothing)


def test_what_is_traced_comes_first_for_a_reader_who_came_from_a_tile(page: Open, full: Path) -> None:
    test = page(full, "quality")
    titles = [one.value for one in test.markdown]
    behind, verdicts = "**What the tables are made from**", "**Expectations, table by table**"
    assert titles.index(behind) > titles.index(verdicts)
    test.session_state["_traced"] = True
    test.run()
    titles = [one.value for one in test.markdown]
    assert titles.index(behind) < titles.index(verdicts)
    test.multiselect(key="lineage").set_value(["gold.dim_date"]).run()
    assert words.NO_FILES_BEHIND in said(test)


def test_candidates_are_drawn_at_one_level_alone(page: Open, tmp_path: Path) -> None:
    tried = [
        {"source_system": "shop", "problem": "clv", "model_version": 1, "candidate": "nbd", "candidate_role": role,
         "score_measure": "mae", "score_level": level, "score_fold": "test", "score": score}
        for role, level, score in (("champion", "value", 200.0), ("champion", "purchases", 0.5))
    ]  # fmt: skip
    lines = lines_of("shop", 20, seed=1, costs=True, customers=True, dimensions=True)
    publication(tmp_path, 1, star(lines) | marts(lines) | {"model_scores": tried})
    [drawn] = charts(page(tmp_path, "models"))
    assert len(drawn["data"][0]["y"]) == 1


def test_a_tile_that_reads_ops_alone_leads_nowhere(page: Open, full: Path) -> None:
    keys = {one.key for one in page(full, "quality").button}
    assert "trace-outcomes" in keys
    assert "trace-verdicts" not in keys


def test_rows_of_each_table_stand_beside_those_of_the_publication_before(page: Open, tmp_path: Path) -> None:
    few, more = (lines_of("shop", n, seed=1, costs=True, customers=True, dimensions=True) for n in (20, 50))
    publication(tmp_path, 1, star(few) | marts(few), without=("gold.customer_rfm",))
    publication(tmp_path, 2, star(more) | marts(more), parent=1)
    test = page(tmp_path, "quality")
    table = next(one.value for one in test.dataframe if "Rows before" in one.value.columns).set_index("Table")
    assert table.loc["gold.fact_sales", "Difference"] == f"+{len(more) - len(few)}"
    assert table.loc["gold.customer_rfm", "Difference"] == "new"
    assert table.loc["gold.dim_date", "Difference"] == "0"


def test_a_run_that_was_refused_after_the_publication_is_told(page: Open, tmp_path: Path) -> None:
    lines = lines_of("shop", 20, seed=1, costs=True, customers=True, dimensions=True)
    publication(tmp_path, 1, star(lines) | marts(lines))
    later = {
        "run_id": "later",
        "stage": "run",
        "status": "refused",
        "ended_at": datetime(2024, 4, 2, 7, 30, tzinfo=UTC),
    }
    write(tmp_path, ops.JOB_RUNS, [later])
    test = page(tmp_path, "quality")
    assert [one.value for one in test.warning] == [words.later_run("refused", "2 Apr 2024, 07:30 UTC", 1)]
