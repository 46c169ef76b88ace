"""What is noted of a table tells it from any other list of files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lakehouse.delta.damage import Damaged
from lakehouse.delta.notes import TableNote, check, data_files, note_of

Add = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A table of two versions: a file of three rows, then one of one row, in folders whose names are escaped."""
    path = tmp_path / "gold" / "dim_date"
    write_deltalake(path, pa.table({"n": [1, 2, 3], "of": ["a b"] * 3}), partition_by=["of"])
    write_deltalake(path, pa.table({"n": [4], "of": ["c%d"]}), partition_by=["of"], mode="append")
    return path


def sizes(path: Path) -> dict[str, int]:
    return {str(file.relative_to(path)): file.stat().st_size for file in sorted(path.rglob("*.parquet"))}


def edit(path: Path, change: Callable[[Add], None]) -> None:
    """Each commit lists its file otherwise, from now on."""
    for commit in path.glob("_delta_log/*.json"):
        actions = [json.loads(line) for line in commit.read_text().splitlines()]
        for action in actions:
            if "add" in action:
                change(action["add"])
        commit.unlink()
        commit.write_text("\n".join(map(json.dumps, actions)))


def test_files_are_listed_as_they_lie_there(path: Path) -> None:
    assert data_files(path, 1) == sizes(path)
    assert check(path, 1, None) == sorted(sizes(path))
    assert len(data_files(path, 0)) == 1


def test_the_note_is_the_same_on_every_machine_and_for_ever(path: Path) -> None:
    """Lakes keep it: with another digest every publication of before would look damaged."""
    lines = "\n".join(f"{name}\t{size}" for name, size in sorted(sizes(path).items()))
    noted = note_of(path, 1)
    assert noted == TableNote(1, 4, 2, sum(sizes(path).values()), hashlib.sha256(lines.encode()).hexdigest())
    assert TableNote.read(str(noted)) == noted
    assert list(json.loads(str(noted))) == ["version", "rows", "files", "bytes", "digest"]


def test_files_that_swapped_their_sizes_are_other_files(path: Path) -> None:
    """Their names, their number, their rows and all bytes together are what they were."""
    noted, [one, other] = note_of(path, 1), sizes(path).values()
    assert one != other
    edit(path, lambda add: add.update(size=one + other - add["size"]))
    with pytest.raises(Damaged, match=r"gold\.dim_date is damaged: version 1 lists other files than were published\."):
        check(path, 1, noted)


def test_files_of_other_names_are_other_files(path: Path) -> None:
    noted = note_of(path, 1)
    edit(path, lambda add: add.update(path=add["path"].replace("part-", "other-")))
    with pytest.raises(Damaged, match="version 1 lists other files than were published"):
        check(path, 1, noted)


@pytest.mark.parametrize("figure", ["rows", "files", "bytes"])
def test_other_figures_are_told_beside_those_that_were_published(path: Path, figure: str) -> None:
    found = note_of(path, 1)
    noted = replace(found, **{figure: 1_234})
    there = f"4 rows in 2 files of {found.bytes:,} bytes"
    published = f"{noted.rows:,} rows in {noted.files:,} files of {noted.bytes:,} bytes"
    with pytest.raises(Damaged) as told:
        check(path, 1, noted)
    assert told.value.what == f"version 1 has {there}, published were {published}"


def test_a_file_of_another_size_or_none_is_named_though_the_log_is_whole(path: Path) -> None:
    names, noted = list(sizes(path)), note_of(path, 1)
    first, second = (path / name for name in names)
    size = second.stat().st_size
    second.write_bytes(second.read_bytes() + b" ")
    for note in (noted, None):
        with pytest.raises(Damaged, match=f"the data file .*{second.name} has {size + 1:,} bytes instead of {size:,}"):
            check(path, 1, note)
    first.unlink()
    with pytest.raises(Damaged, match=f"the data file {names[0]} is gone"):
        check(path, 1, noted)


def test_a_file_without_figures_has_no_rows_that_anyone_knows_of(path: Path) -> None:
    edit(path, lambda add: add.pop("stats"))
    assert note_of(path, 1).rows == 0


def test_a_version_that_is_not_there_is_damage(path: Path) -> None:
    with pytest.raises(Damaged, match=r"gold\.dim_date is damaged: there is no version 7 of it: "):
        check(path, 7, None)
