"""Tables are opened once for each version, and never an old one for a new."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import TableNotFoundError

from lakehouse.delta.log import head_version, opened


def write(path: Path, value: int) -> None:
    write_deltalake(path, pa.table({"a": pa.array([value])}), mode="append")


def test_the_newest_version_is_seen_at_once(tmp_path: Path) -> None:
    for version in range(12):
        write(tmp_path, version)
        assert head_version(tmp_path) == opened(tmp_path).version() == version
    assert opened(tmp_path) is opened(tmp_path, 11)
    assert opened(tmp_path, 3).to_pyarrow_table().num_rows == 4


def test_a_table_made_again_at_its_place_is_another(tmp_path: Path) -> None:
    path = tmp_path / "t"
    write(path, 1)
    assert opened(path).to_pyarrow_table()["a"].to_pylist() == [1]
    rmtree(path)
    write(path, 2)
    assert opened(path).to_pyarrow_table()["a"].to_pylist() == [2]


def test_a_version_of_which_only_the_checkpoint_is_left_is_found(tmp_path: Path) -> None:
    write(tmp_path, 1)
    DeltaTable(tmp_path).create_checkpoint()
    (tmp_path / "_delta_log" / f"{0:020d}.json").unlink()
    assert head_version(tmp_path) == 0
    assert opened(tmp_path).to_pyarrow_table().num_rows == 1


def test_no_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableNotFoundError):
        head_version(tmp_path / "nothing")
    with pytest.raises(TableNotFoundError):
        opened(tmp_path / "nothing")
