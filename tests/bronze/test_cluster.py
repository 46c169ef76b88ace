"""The tasks of a cluster read the rows that one machine reads."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyspark.sql import SparkSession

from lakehouse.bronze.ingest import ingest
from lakehouse.lake import Lake
from tests.bronze.shops import AB, NOW, Shop, source_of

pytestmark = pytest.mark.spark

Land = Callable[..., Path]
LINES = source_of(lines=AB | {"pattern": "*", "format": ["csv", "jsonl"], "columns": ["a", "b", "Unit Price (EUR)"],
                              "optional": ["Unit Price (EUR)"]})  # fmt: skip


class OfACluster(Lake):
    """A lake whose Spark has executors elsewhere."""

    is_on_one_machine = False  # type: ignore[assignment]


def test_rows_read_by_tasks_are_those_read_here(
    shop: Shop, spark: SparkSession, land: Land, pieces: Callable[[int], None], tmp_path: Path
) -> None:
    pieces(200)
    land("f.csv", 'a,b,x,"Unit Price (EUR)"\n' + '"1\t""é""",2,3,\n4,5,,6\n7\n' * 30)
    land("g.csv.gz", gzip.compress(b"b,a\n1,2\n1,2,3\n"))
    land("h.jsonl", '{"a": 1.10, "z": {"y": null}}\n{\n' * 20)
    shop.ingest(LINES)
    other = OfACluster(spark, tmp_path / "other", run_id="r1", as_of=shop.lake.as_of)
    ingest(other, LINES, shop.landing, batch_id=1, now=NOW)
    by_tasks = other.read(LINES.table("lines")).orderBy("_source_file", "_row_in_file").collect()
    here = sorted(shop.bronze(LINES, "lines"), key=lambda row: (row._source_file, row._row_in_file))
    assert len(here) == 90 + 2 + 40
    assert by_tasks == here


def test_without_executors_elsewhere_no_spark_is_asked_for_rows(land: Land, tmp_path: Path) -> None:
    """There is none here to ask: only its master is known."""
    land("f.csv", "a,b\n1,2\n")
    nobody = SimpleNamespace(sparkContext=SimpleNamespace(master="local[4]"))
    lake = Lake(nobody, tmp_path / "lake", run_id="r", as_of=NOW.date())  # type: ignore[arg-type]
    (tmp_path / "lake" / "ops").mkdir(parents=True)
    lake.append_rows = lambda table, rows, transaction=None: noted.extend(rows)  # type: ignore[method-assign]
    noted: list[object] = []
    report = ingest(lake, LINES, tmp_path / "landing", batch_id=1, now=NOW)
    assert (report.rows, len(noted)) == ({"lines": 1}, 1)
    assert lake.count(LINES.table("lines")) == 1
