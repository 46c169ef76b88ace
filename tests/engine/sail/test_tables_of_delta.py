"""What Sail makes of Delta's tables, and of columns that come out as one value for a whole batch of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.delta.log import head_version
from lakehouse.engine.sail.engine import SailEngine
from lakehouse.frames import surrogate_key
from lakehouse.lake import arrow_ddl
from lakehouse.lake.arrow_keeper import ArrowKeeper
from lakehouse.lake.arrow_writer import append_made
from lakehouse.lake.changes import as_frame, net_changes
from lakehouse.tables.ops import BATCH_DECISIONS

AT = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def decisions(tmp_path: Path) -> str:
    """A Delta table with comments, and a column that is NULL in each of its rows."""
    path = str(tmp_path / "decisions")
    arrow_ddl.create(path, BATCH_DECISIONS)
    row = {"decision": "hold", "run_id": "r", "decided_at": AT}
    append_made(path, [row | {"batch_id": number} for number in (1, 2, 3)])
    return path


def test_a_key_of_parts_that_are_constants_is_the_same_for_all_rows(sail: SparkSession, decisions: str) -> None:
    rows = sail.read.format("delta").load(decisions).where("batch_id < 5")
    assert rows.select(surrogate_key(F.col("details"), F.col("details"))).collect() == [(4127520186310068885,)] * 3
    assert rows.selectExpr("xxhash64(coalesce(details, '-'))").collect() == [(-6675415317249969828,)] * 3


def test_the_way_round_leaves_hashes_as_they_are(sail: SparkSession, bare: SparkSession) -> None:
    ours, theirs = (session.range(50).select(F.xxhash64("id", F.lit("a"))) for session in (sail, bare))
    assert ours.collect() == theirs.collect()
    nothing = sail.range(1).select(F.xxhash64(F.lit(None).cast("int")))
    assert nothing.collect() == [(42,)], "as by Spark, NULL alone leaves the seed"


def test_sail_still_stops_at_hashes_of_constants(bare: SparkSession, decisions: str) -> None:
    rows = bare.read.format("delta").load(decisions).where("batch_id < 5")
    hashes = rows.selectExpr("xxhash64(coalesce(details, '-'))")
    with pytest.raises(PySparkException, match="access an element"):
        hashes.collect()


def _with_others(rows: DataFrame) -> DataFrame:
    known = rows.select(F.coalesce("run_id", F.lit("-")).alias("run_id"))
    return known.unionByName(known.select(F.lit("other").alias("run_id"))).groupBy("run_id").count()


def test_rows_of_tables_whose_columns_are_explained_join_others(engine: SailEngine, decisions: str) -> None:
    assert _with_others(ArrowKeeper(engine).rows(decisions, None)).count() == 2


def test_so_do_those_of_tables_without_rows_and_what_changed_in_one(engine: SailEngine, tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    arrow_ddl.create(path, BATCH_DECISIONS)
    keeper = ArrowKeeper(engine)
    assert _with_others(keeper.rows(path, None)).count() == 0
    base = head_version(path)
    append_made(path, [{"batch_id": 1, "decision": "hold", "run_id": "r", "decided_at": AT}])
    net = net_changes(path, base, head_version(path))
    assert net is not None
    changed = [keeper.changed_rows(path, base), as_frame(engine.session, path, net)]
    assert [_with_others(rows).count() for rows in changed] == [2, 2]


def test_sail_still_takes_comments_for_part_of_a_type(bare: SparkSession, decisions: str) -> None:
    with pytest.raises(PySparkException, match="metadata"):
        _with_others(bare.read.format("delta").load(decisions)).count()
