"""From files that land to figures that are published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jobs.wiring import pipeline, reconcile
from lakehouse.pipeline import stages
from lakehouse.pipeline.decisions import decide_batch, roll_back_to
from lakehouse.pipeline.finished import NotFinished
from lakehouse.published import newest, open_published
from lakehouse.published.batches import list_batches
from lakehouse.settings import Settings
from quality.report.folders import reports_folder
from tests.journeys.compare import contents, one

pytestmark = pytest.mark.journey
Run = Callable[..., stages.Outcome]
Deliver = Callable[..., None]
SettingsOf = Callable[..., Settings]
EVERY_DAY = ("2011-01-03", "2011-01-04", "2011-02-05", "2011-02-06")


def test_a_file_becomes_figures_and_again_nothing(tmp_path: Path, deliver: Deliver, run: Run) -> None:
    lake = tmp_path / "a"
    deliver("a", *EVERY_DAY)
    assert run("a").status == "done"
    # What is published stands whatever becomes of its report, so nothing else would tell.
    assert (reports_folder(lake) / "publication-1.html").is_file()

    assert one(lake, "SELECT count(*) FROM gold.fact_sales") == 7
    assert one(lake, "SELECT sum(net_revenue) FROM gold.fact_sales") == Decimal("83.6350")
    assert one(lake, "SELECT sum(refund_amount) FROM gold.fact_returns") == Decimal("2.5")
    with open_published(lake) as published:
        refused = published.sql("SELECT reasons, count(*) FROM silver.quarantine GROUP BY 1 ORDER BY 1").fetchall()
        bound = published.sql(
            "SELECT order_id, country_code FROM gold.fact_sales JOIN gold.dim_customer USING (customer_key)"
            " WHERE customer_id = '12431' ORDER BY order_id"
        ).fetchall()
    assert refused == [(["negative_price"], 1), (["zero_price"], 1)]
    assert bound == [("1003", "BE"), ("1007", "AU"), ("1008", "BE")]

    before = newest(lake)
    deliver("a", *EVERY_DAY, name="again.csv")
    again = run("a")
    assert (again.status, again.summary.files_duplicate) == ("nothing new", 1)
    assert newest(lake) == before


@pytest.mark.long
def test_any_split_and_order_of_delivery_ends_in_the_same_tables(
    tmp_path: Path, deliver: Deliver, run: Run, settings_of: SettingsOf
) -> None:
    deliver("whole", *EVERY_DAY)
    run("whole")
    for days in (("2011-02-06", "2011-01-03"), ("2011-02-05", "2011-01-04", "2011-01-03")):
        deliver("parts", *days)
        run("parts")
    # Lineage says which file a row came from: it tells splits apart, as it should.
    whole, parts = contents(tmp_path / "whole"), contents(tmp_path / "parts")
    assert {name for name in whole if whole[name] != parts[name]} <= {"silver.lineage"}
    assert reconcile(settings_of("parts")).holds

    run("parts", full=True)
    rebuilt = contents(tmp_path / "parts")
    assert {name for name in whole if rebuilt[name] != parts[name]} == set()


@pytest.mark.long
def test_rows_of_the_future_wait_until_it_is_past(tmp_path: Path, deliver: Deliver, run: Run) -> None:
    deliver("a", *EVERY_DAY)
    run("a", date(2011, 1, 31))
    lake = tmp_path / "a"
    assert one(lake, "SELECT max(order_date) FROM gold.fact_sales") == date(2011, 1, 4)
    assert one(lake, "SELECT count(*) FROM silver.quarantine WHERE list_contains(reasons, 'in_future:ordered_at')") == 2
    run("a", date(2011, 3, 1))
    assert one(lake, "SELECT max(order_date) FROM gold.fact_sales") == date(2011, 2, 6)
    assert one(lake, "SELECT count(*) FROM silver.quarantine WHERE list_contains(reasons, 'in_future:ordered_at')") == 0


@pytest.mark.long
def test_a_rollback_shows_the_older_tables_and_holds_what_came_after(
    tmp_path: Path, deliver: Deliver, run: Run, settings_of: SettingsOf
) -> None:
    lake = tmp_path / "a"
    deliver("a", "2011-01-03")
    run("a")
    first = contents(lake)
    deliver("a", "2011-01-04")
    run("a")
    second = contents(lake)
    roll_back_to(settings_of("a"), 1)
    assert contents(lake) == first
    assert [batch.status for batch in list_batches(lake)] == ["published", "held"]
    assert run("a").status == "nothing new"

    decide_batch(settings_of("a"), 2, "release", "it was right after all")
    run("a")
    assert contents(lake) == second


@pytest.mark.long
def test_stages_one_by_one_end_where_a_run_ends(
    tmp_path: Path, deliver: Deliver, run: Run, settings_of: SettingsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKEHOUSE_MODELS__ENABLED", "true")
    for lake in ("whole", "stages"):
        deliver(lake, "2011-01-03")
        run(lake)
        deliver(lake, "2011-01-04")
    with monkeypatch.context() as patch:
        patch.setenv("LAKEHOUSE_REPORT__ENABLED", "true")
        run("whole")
    told = sorted(one.suffix for one in (tmp_path / "whole" / "reports" / "executive").glob("executive_summary_*"))
    assert told == [".html", ".md", ".txt"]
    settings = settings_of("stages")
    pipeline.ingest(settings, ["online_retail"])
    with pytest.raises(NotFinished, match="lakehouse silver"):
        pipeline.gold(settings)
    pipeline.silver(settings, ["online_retail"])
    pipeline.gold(settings)
    features = contents(tmp_path / "stages")["gold.customer_features"]
    pipeline.train(settings_of("stages", date(2011, 12, 24)))  # features stay those of gold's day
    pipeline.score(settings)
    pipeline.publish(settings)
    assert contents(tmp_path / "stages") == contents(tmp_path / "whole")
    assert contents(tmp_path / "stages")["gold.customer_features"] != features
