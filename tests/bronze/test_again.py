"""What bronze lost is loaded again from the landing folder: the same rows, in the batch that they came with."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.bronze.again import Again, load_again
from lakehouse.bronze.ingest import ingest
from lakehouse.lake import Lake
from lakehouse.lake.durable import secure
from lakehouse.settings import Archives
from lakehouse.tables import ops
from tests.bronze.shops import AB, NOW, source_of
from tests.lakes import write

SHOP = source_of(
    lines=AB | {"pattern": "lines*"},
    heads={"pattern": "heads*.csv", "columns": ["h"], "from_name": r"_(?P<day>\d+)"},
)
Rows = list[dict[str, Any]]


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path, land: Callable[..., Path]) -> Lake:
    """Two batches: in the first two files and an archive of lines, and heads; in the second one file of lines."""
    found = Lake(spark, tmp_path / "lake", run_id="r", as_of=date(2024, 1, 1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/lines_9.csv", "a,b\n9,9\n")
    land("lines_1.csv", "a,b\n1,2\n3,4\n")
    land("lines_2.csv", "a,b\n5,6\n")
    land("all.zip", packed.getvalue())
    land("heads_7.csv", "h\nx\n")
    ingest(found, SHOP, tmp_path / "landing", batch_id=1, now=NOW)
    land("lines_3.csv", "a,b\n7,8\n")
    ingest(found, SHOP, tmp_path / "landing", batch_id=2, now=NOW + timedelta(days=1))
    names = {"bronze.shop_lines": DeltaTable(found.root / "bronze/shop_lines").version(), "bronze.shop_heads": 1}
    kept = [asdict(one) | {"publication": 1, "run_id": "r"} for one in secure(found.root, names, {})]
    write(found.root, ops.DATA_FILES, kept)
    return found


def _rows(lake: Lake, kind: str = "lines") -> Rows:
    table = DeltaTable(lake.root / f"bronze/shop_{kind}").to_pyarrow_table().to_pylist()
    return sorted(table, key=lambda row: (row["_source_file"], row["_row_in_file"]))


def _again(lake: Lake, wanted: set[str] | None = None) -> Again:
    return load_again(lake, SHOP, lake.root.parent / "landing", wanted, Archives())


def _file(lake: Lake, batch: int, kind: str = "lines") -> Path:
    return next((lake.root / f"bronze/shop_{kind}/_batch_id={batch}").glob("*.parquet"))


def _turn_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _empty_commit(lake: Lake, version: int) -> None:
    (lake.root / f"bronze/shop_lines/_delta_log/{version:020d}.json").write_bytes(b"")


LOSSES: dict[str, Callable[[Lake], Any]] = {
    "gone": lambda lake: _file(lake, 1).unlink(),
    "cut": lambda lake: os.truncate(_file(lake, 1), 100),
    "other bytes": lambda lake: _turn_a_bit(_file(lake, 1)),
    "log": lambda lake: _empty_commit(lake, 0),
    "folder": lambda lake: shutil.rmtree(lake.root / "bronze/shop_lines"),
    "commit": lambda lake: (lake.root / "bronze/shop_lines/_delta_log" / f"{2:020d}.json").unlink(),
    "part of a delivery": lambda lake: DeltaTable(lake.root / "bronze/shop_lines").delete("a = '3'"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_all_that_was_lost_is_there_again_as_it_was(lake: Lake, loss: str) -> None:
    before, heads = _rows(lake), _rows(lake, "heads")
    LOSSES[loss](lake)
    report = _again(lake)
    assert report.not_loaded == {}
    assert report.loaded
    assert _rows(lake) == before
    assert _rows(lake, "heads") == heads
    assert _again(lake).loaded == [], "what is whole is not loaded twice"
    assert _rows(lake) == before


def test_what_is_damaged_is_kept_aside(lake: Lake) -> None:
    file = _file(lake, 1)
    _turn_a_bit(file)
    _again(lake)
    assert (lake.root / "damaged/r/bronze.shop_lines/_batch_id=1" / file.name).is_file()


def test_a_batch_that_is_whole_is_left_alone(lake: Lake) -> None:
    whole = _file(lake, 2)
    _file(lake, 1).unlink()
    assert set(_again(lake).loaded) == {"all.zip/in/lines_9.csv", "lines_1.csv", "lines_2.csv"}
    assert whole.is_file()
    assert {row["_ingested_at"] for row in _rows(lake) if row["_batch_id"] == 2} == {NOW + timedelta(days=1)}


def test_files_that_are_not_named_stay_lost_and_are_told(lake: Lake) -> None:
    _file(lake, 1).unlink()
    report = _again(lake, {"lines_1.csv", "lines_3.csv"})
    assert (report.loaded, report.whole) == (["lines_1.csv"], ["lines_3.csv"])
    assert set(report.not_loaded) == {"all.zip/in/lines_9.csv", "lines_2.csv"}
    assert set(_again(lake).loaded) == {"all.zip/in/lines_9.csv", "lines_2.csv"}


@pytest.mark.parametrize(("content", "says"), [(b"a,b\n1,2\n3,5\n", "other bytes"), (None, "no such file")])
def test_a_file_that_is_not_as_it_was_is_not_loaded(
    lake: Lake, land: Callable[..., Path], content: bytes | None, says: str
) -> None:
    _file(lake, 1).unlink()
    if content is None:
        (lake.root.parent / "landing/shop/lines_1.csv").unlink()
    else:
        land("lines_1.csv", content)
    report = _again(lake)
    assert says in report.not_loaded["lines_1.csv"]
    assert set(report.loaded) == {"all.zip/in/lines_9.csv", "lines_2.csv"}


def test_a_copy_that_was_put_back_later_gives_the_time_that_the_file_had(lake: Lake, land: Callable[..., Path]) -> None:
    land("lines_1.csv", "a,b\n1,2\n3,4\n", modified=1_800_000_000)
    _file(lake, 1).unlink()
    _again(lake)
    times = {row["_file_modified_at"] for row in _rows(lake) if row["_source_file"] == "lines_1.csv"}
    assert times == {datetime.fromtimestamp(1_700_000_000, UTC)}


def test_cut_short_it_goes_on_where_it_was(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _rows(lake)
    _file(lake, 1).unlink()
    with monkeypatch.context() as patch:
        patch.setattr("lakehouse.bronze.again.append", _dies)
        with pytest.raises(KeyboardInterrupt):
            _again(lake)
    _again(lake)
    assert _rows(lake) == before


def _dies(*_: object) -> None:
    raise KeyboardInterrupt
