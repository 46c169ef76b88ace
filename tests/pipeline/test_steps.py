"""Steps wait for what they read, and for nothing else."""

from __future__ import annotations

import io
import threading
from datetime import date
from graphlib import CycleError
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold import STEPS
from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.steps import run_steps, waits_for
from lakehouse.settings import Settings, load_settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_DATE, DIM_GEOGRAPHY, FACT_SALES
from lakehouse.terminal import Terminal
from tests.lakes import publish, write

AS_OF = date(2024, 1, 1)


def ran(spark: SparkSession, root: Path, *steps: Step, rebuild: bool = False) -> list[str]:
    lake = Lake(spark, root, run_id="r", as_of=AS_OF, rebuild=rebuild)
    with Events(root, "r", progress=Terminal(file=io.StringIO())) as events:
        return run_steps(steps, lake, load_settings(), events, stage="gold")


def test_a_step_comes_after_those_that_write_what_it_reads(spark: SparkSession, tmp_path: Path) -> None:
    sales = Step("sales", (), (FACT_SALES,), lambda lake, settings: None)
    places = Step("places", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: None)
    assert ran(spark, tmp_path, places, sales) == ["sales", "places"]


def test_a_step_does_not_wait_for_one_that_it_reads_nothing_of(spark: SparkSession, tmp_path: Path) -> None:
    places_done = threading.Event()

    def last(lake: Lake, settings: Settings) -> None:
        assert places_done.wait(60)

    sales = Step("sales", (), (FACT_SALES,), lambda lake, settings: None)
    slow = Step("customers", (), (DIM_CUSTOMER,), last)
    places = Step("places", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: places_done.set())
    # The last two end together: which of them is told first is chance.
    first, *others = ran(spark, tmp_path, slow, sales, places)
    assert (first, sorted(others)) == ("sales", ["customers", "places"])


def test_what_waits_for_a_step_that_fails_does_not_begin(spark: SparkSession, tmp_path: Path) -> None:
    begun = []

    def fail(lake: Lake, settings: Settings) -> None:
        raise RuntimeError("no sales")

    sales = Step("sales", (), (FACT_SALES,), fail)
    places = Step("places", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: begun.append("places"))
    with pytest.raises(RuntimeError, match="no sales"):
        ran(spark, tmp_path, sales, places)
    assert begun == []


def test_steps_that_wait_for_each_other_are_refused(spark: SparkSession, tmp_path: Path) -> None:
    one = Step("one", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: None)
    other = Step("other", (DIM_GEOGRAPHY,), (FACT_SALES,), lambda lake, settings: None)
    with pytest.raises(CycleError, match="one"):
        ran(spark, tmp_path, one, other)


def test_every_step_waits_for_steps_of_gold_alone() -> None:
    waiting = waits_for(STEPS)
    assert set().union(*waiting.values()) <= set(waiting) == {step.name for step in STEPS}
    assert waiting["dim_geography"] == {"fact_sales"}


def build_nothing(lake: Lake, settings: Settings) -> None:
    """What a step writes is of no matter to whether it runs."""


READS_NOTHING = Step("days", (), (DIM_GEOGRAPHY,), build_nothing)
FOLLOWS_AS_OF = Step("cohorts", (), (FACT_SALES,), build_nothing, follows_as_of=True)
READS_DAYS = Step("weeks", (DIM_DATE,), (DIM_CUSTOMER,), build_nothing)
STEPS_OF_DAYS = (READS_NOTHING, FOLLOWS_AS_OF, READS_DAYS)


def published(root: Path, as_of: date = AS_OF, *, but: str = "") -> None:
    """A publication of all that the steps above read and write, but for the table of that name."""
    versions = {table.name: 0 for table in (DIM_GEOGRAPHY, FACT_SALES, DIM_CUSTOMER)}
    versions[DIM_DATE.name] = write(root, DIM_DATE, [{"date_key": 20240101}])
    publish(root, 1, {name: version for name, version in versions.items() if name != but}, as_of=as_of)


def test_a_second_run_of_the_same_day_has_nothing_to_do(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path)
    assert ran(spark, tmp_path, *STEPS_OF_DAYS) == []


def test_where_the_day_alone_moved_only_steps_that_follow_it_run(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path, date(2023, 12, 31))
    assert ran(spark, tmp_path, *STEPS_OF_DAYS) == ["cohorts"]


def test_a_day_that_moved_back_is_another_day_too(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path, date(2024, 1, 2))
    assert ran(spark, tmp_path, *STEPS_OF_DAYS) == ["cohorts"]


def test_a_rebuild_runs_every_step_even_those_that_read_nothing(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path)
    assert sorted(ran(spark, tmp_path, *STEPS_OF_DAYS, rebuild=True)) == ["cohorts", "days", "weeks"]


def test_a_step_runs_where_what_it_reads_has_changed(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path)
    write(tmp_path, DIM_DATE, [{"date_key": 20240102}])
    assert ran(spark, tmp_path, *STEPS_OF_DAYS) == ["weeks"]


def test_a_step_whose_table_was_never_published_runs(spark: SparkSession, tmp_path: Path) -> None:
    published(tmp_path, but=DIM_GEOGRAPHY.name)
    assert ran(spark, tmp_path, *STEPS_OF_DAYS) == ["days"]
