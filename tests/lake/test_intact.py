"""A run starts from what was published, or, where all is made anew, without what is damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from lakehouse.delta.damage import Damaged
from lakehouse.delta.notes import note_of
from lakehouse.lake import Lake
from lakehouse.lake.durable import secure
from lakehouse.lake.intact import delete_rows, drop_damaged_files, refuse_damaged, set_aside
from tests.lakes import ops, publish, write

NAMES = ("bronze.shop_orders", "gold.dim_date", "gold.fact_sales")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    notes = {}
    for name in NAMES:
        path = tmp_path / name.replace(".", "/")
        write_deltalake(path, pa.table({"n": [1]}))
        notes[name] = str(note_of(path, 0))
    publish(tmp_path, 1, dict.fromkeys(NAMES[1:], 0), table_notes=notes)
    return tmp_path


def lake_of(root: Path) -> Lake:
    return Lake(cast(Any, None), root, run_id="r", as_of=date(2024, 1, 1))


def spoil(root: Path, name: str) -> None:
    next((root / name.replace(".", "/")).glob("*.parquet")).unlink()


def test_a_lake_as_published_is_let_through_and_nothing_moves(root: Path) -> None:
    found = refuse_damaged(root)
    assert found is not None
    assert (found.tables, found.damaged) == (3, [])
    assert set_aside(lake_of(root)) == []
    assert not (root / "damaged").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_run_does_not_start_from_a_damaged_table(root: Path, name: str) -> None:
    spoil(root, name)
    with pytest.raises(Damaged, match=name):
        refuse_damaged(root)


def test_the_newest_publication_counts(root: Path) -> None:
    notes = {name: str(note_of(root / name.replace(".", "/"), 0)) for name in NAMES[:2]}
    publish(root, 2, {NAMES[1]: 0}, table_notes=notes)
    spoil(root, "gold.fact_sales")
    found = refuse_damaged(root)
    assert found is not None
    assert (found.publication, found.tables) == (2, 2)
    spoil(root, "gold.dim_date")
    with pytest.raises(Damaged, match=r"gold\.dim_date"):
        refuse_damaged(root)


def test_a_lake_that_never_published_has_nothing_to_refuse(tmp_path: Path) -> None:
    assert refuse_damaged(tmp_path) is None


def test_a_rebuild_goes_without_the_damaged_table_as_if_it_never_was(root: Path) -> None:
    spoil(root, "gold.fact_sales")
    lake = lake_of(root)
    assert set_aside(lake) == ["gold.fact_sales"]
    assert (root / "damaged/r/gold.fact_sales/_delta_log").is_dir()
    assert not (root / "gold/fact_sales").exists()
    assert lake.publication is not None
    assert set(lake.publication.table_versions) == {"gold.dim_date"}
    assert set(lake.publication.notes) == {"bronze.shop_orders", "gold.dim_date"}


def test_a_rebuild_reads_all_bytes_first(root: Path) -> None:
    kept = [vars(one) | {"publication": 1} for one in secure(root, dict.fromkeys(NAMES, 0), {})]
    write(root, ops.DATA_FILES, kept)
    file = next((root / "gold/fact_sales").glob("*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert refuse_damaged(root) is not None
    assert set_aside(lake_of(root)) == ["gold.fact_sales"]


def test_nothing_is_made_anew_from_damaged_bronze(root: Path) -> None:
    spoil(root, "bronze.shop_orders")
    spoil(root, "gold.fact_sales")
    with pytest.raises(Damaged, match=r"bronze\.shop_orders"):
        set_aside(lake_of(root))
    assert (root / "gold/fact_sales").exists()


def test_a_table_whose_log_does_not_read_is_set_aside_whole(root: Path) -> None:
    log = root / "gold/fact_sales/_delta_log" / f"{0:020}.json"
    log.write_bytes(b"")
    assert drop_damaged_files(lake_of(root), "gold.fact_sales") == ["gold.fact_sales"]
    assert not (root / "gold/fact_sales").exists()
    assert (root / "damaged/r/gold.fact_sales").is_dir()


def test_rows_are_deleted_where_there_is_a_table_and_none_is_missed_where_there_is_not(root: Path) -> None:
    for name in ("gold.fact_sales", "gold.nothing"):
        delete_rows(lake_of(root), name, "n = 1")
    assert DeltaTable(root / "gold/fact_sales").to_pyarrow_table().num_rows == 0
    assert not (root / "gold/nothing").exists()


@pytest.mark.parametrize("rebuild", [False, True], ids=["from what is published", "anew"])
def test_a_run_does_not_start_where_notes_of_runs_say_nothing(root: Path, rebuild: bool) -> None:
    write(root, ops.JOB_RUNS, [])
    commit = root / "ops" / "job_runs" / "_delta_log" / f"{0:020d}.json"
    text = commit.read_bytes()
    commit.write_bytes(b"")
    with pytest.raises(Damaged, match=r"ops\.job_runs is damaged: the commit .* says nothing"):
        set_aside(lake_of(root)) if rebuild else refuse_damaged(root)
    commit.write_bytes(text)
    assert set_aside(lake_of(root)) == []
