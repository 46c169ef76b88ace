"""Tables lie in folders that people name: Sail reads them all, those by a link whose names it could not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from lakehouse.engine.sail.engine import SailEngine
from lakehouse.engine.sail.hold import Scratch
from lakehouse.engine.sail.links import Links
from lakehouse.lake.arrow_keeper import ArrowKeeper
from lakehouse.settings.place import place_of_a_lake

NAMES = ("My Shop", "Büro", "#1", "100% ours", 'the "new" one', "日本", "a+b", "it's; $x & (y), z=1:2 ~@!")


def table(folder: Path) -> str:
    """Two versions: 0, then 0 and 1."""
    for number in range(2):
        write_deltalake(str(folder), pa.table({"x": [number], "p": ["2024-03"]}), mode="append", partition_by=["p"])
    return str(folder)


@pytest.mark.parametrize("name", NAMES)
def test_versions_are_read_whatever_the_folder_is_called(engine: SailEngine, tmp_path: Path, name: str) -> None:
    place_of_a_lake(tmp_path / name)
    path = table(tmp_path / name / "t")
    for version, numbers in ((0, [0]), (1, [0, 1]), (None, [0, 1])):
        rows = ArrowKeeper(engine).rows(path, version)
        assert sorted(map(tuple, rows.collect())) == [(number, "2024-03") for number in numbers]


def test_a_table_that_grows_is_read_as_it_is_then(engine: SailEngine, tmp_path: Path) -> None:
    path = table(tmp_path / "My Shop")
    assert ArrowKeeper(engine).rows(path, None).count() == 2
    table(Path(path))
    assert ArrowKeeper(engine).rows(path, None).count() == 4


@pytest.mark.parametrize("name", ["a*b", "a?b", "#1"])
def test_rows_are_held_in_such_folders_too(sail: SparkSession, tmp_path: Path, name: str) -> None:
    links, folder = Links(), tmp_path / name
    folder.mkdir()
    scratch = Scratch(sail, Path(links.to(str(folder))))
    assert scratch.hold(sail.range(3)).count() == 3
    assert any(folder.iterdir())
    scratch.close()
    links.close()


def test_sail_still_finds_no_table_below_a_blank(sail: SparkSession, tmp_path: Path) -> None:
    path = table(tmp_path / "My Shop")
    with pytest.raises(PySparkException, match="commit file"):
        sail.read.format("delta").load(path).count()


def test_a_plain_name_needs_no_link_and_the_same_folder_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = Links()
    assert links.to(str(tmp_path)) == str(tmp_path)
    folder = tmp_path / "My Shop"
    folder.mkdir()
    (folder / "kept").touch()
    with ThreadPoolExecutor(8) as many:
        found = set(many.map(links.to, [str(folder)] * 32))
    monkeypatch.chdir(folder)
    assert found | {links.to(".")} == found
    (link,) = (Path(one) for one in found)
    assert (link / "kept").exists()
    assert link.parent.stat().st_mode & 0o077 == 0
    links.close()
    assert not link.parent.exists()
    assert (folder / "kept").exists()
