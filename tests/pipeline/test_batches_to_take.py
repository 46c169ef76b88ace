"""Which batches of a source a run works with, and when all of them are derived again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.batches_to_take import batches_to_take
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.load import load_source
from lakehouse.tables.ops import BATCH_DECISIONS, INGESTED_FILES
from tests.lakes import publish, write

AS_IT_WAS = {"judged:shop": "j", "decided:shop": "d", "as_of:shop": "2024-03-01"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Of the shop batch 1 is published, 2 is new and 3 is held; batch 4 is of another source."""
    loaded = [
        {"source_system": source, "status": "loaded", "batch_id": number, "rows": 7}
        for number, source in ((1, "shop"), (2, "shop"), (3, "shop"), (4, "olist"))
    ]
    write(tmp_path, INGESTED_FILES, loaded)
    write(tmp_path, BATCH_DECISIONS, [{"batch_id": 3, "decision": "hold"}])
    publish(tmp_path, 1, {}, configuration=AS_IT_WAS)
    return tmp_path


def taken(spark: SparkSession, root: Path, *, rebuild: bool = False, **now: str) -> BatchSelection:
    lake = Lake(spark, root, run_id="r", as_of=date(2024, 3, 1), rebuild=rebuild)
    in_force = AS_IT_WAS | {f"{part}:shop": value for part, value in now.items()}
    return batches_to_take(lake, [load_source("shop")], in_force)["shop"]


def test_a_source_has_its_own_published_and_new_batches_and_none_that_is_held(spark: SparkSession, root: Path) -> None:
    assert taken(spark, root) == BatchSelection((1,), (2,))


def test_all_is_derived_again_where_it_is_judged_otherwise_or_a_rebuild_is_asked_for(
    spark: SparkSession, root: Path
) -> None:
    assert taken(spark, root, judged="other") == BatchSelection((1,), (2,), everything=True)
    assert taken(spark, root, rebuild=True) == BatchSelection((1,), (2,), everything=True)


def test_a_day_that_moved_and_decisions_that_changed_are_told_apart(spark: SparkSession, root: Path) -> None:
    assert taken(spark, root, as_of="2024-03-02") == BatchSelection((1,), (2,), as_of_moved=True)
    assert taken(spark, root, decided="other") == BatchSelection((1,), (2,), decisions_changed=True)


def test_of_a_source_of_which_nothing_is_published_nothing_is_derived_again(spark: SparkSession, root: Path) -> None:
    lake = Lake(spark, root, run_id="r", as_of=date(2024, 3, 1), rebuild=True)
    now = {f"{part}:olist": "first" for part in ("judged", "decided", "as_of")}
    assert batches_to_take(lake, [load_source("olist")], now) == {"olist": BatchSelection((), (4,))}
