"""Steps wait for what they read, and for nothing else."""

from __future__ import annotations

import io
import threading
from datetime import date
from graphlib import CycleError
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rich.console import Console

from lakehouse.gold import STEPS
from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.steps import run_steps, waits_for
from lakehouse.settings import Settings, load_settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_GEOGRAPHY, FACT_SALES


def ran(spark: SparkSession, root: Path, *steps: Step) -> list[str]:
    lake = Lake(spark, root, run_id="r", as_of=date(2024, 1, 1))
    with Events(root, "r", progress=Console(file=io.StringIO())) as events:
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
