"""Files are appended as they were judged; one that changed meanwhile is left out, and the others are loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.bronze import load as load_module
from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts, Rejection, UnreadFileError
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.load import groups, is_in_normal_form, load, troubles_of
from lakehouse.bronze.workers import read_parts
from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.tables.model import Table
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import AB, NOW, source_of

Land = Callable[..., Path]
LINES = source_of(lines=AB, notes=AB | {"columns": ["c"]})
REJECTED = Rejection(FileReason.UNREADABLE_FILE, "said by the reader")


class Here(Lake):
    """A lake whose rows are read by this machine, without Spark."""

    is_on_one_machine = True  # type: ignore[assignment]


class OfACluster(Lake):
    """A lake whose Spark has executors elsewhere."""

    is_on_one_machine = False  # type: ignore[assignment]


def lake_of(folder: Path, kind: type[Lake] = Here, spark: SparkSession | None = None) -> Lake:
    return kind(spark, folder / "lake", run_id="r", as_of=NOW.date())  # type: ignore[arg-type]


@pytest.fixture
def judged(land: Land, tmp_path: Path) -> Callable[..., list[Delivery]]:
    """judged("a,b\\n1,2\\n", …): a delivery of a file of lines for each text, looked at already."""

    def look(*texts: str, kind: str = "lines") -> list[Delivery]:
        for number, text in enumerate(texts):
            land(f"{kind}_{number}.csv", text, modified=5)
        deliveries = []
        for found in scan(tmp_path / "landing" / "shop"):
            if found.name.startswith(kind):
                facts = inspect(found, LINES.files[kind]).outcome
                assert isinstance(facts, FileFacts)
                deliveries.append(Delivery(found, kind, found.name, {}, found.name, facts))
        return sorted(deliveries, key=lambda one: one.found.path)

    return look


def change(delivery: Delivery) -> None:
    """Other bytes, as many of them, of the same time."""
    file = Path(delivery.found.location)
    file.write_text(file.read_text().replace("1", "7"))
    os.utime(file, (5, 5))


def rows(lake: Lake, kind: str = "lines") -> list[tuple[str, ...]]:
    names = ["_source_file", *LINES.files[kind].columns]
    return sorted(tuple(row[name] for name in names) for row in small_rows(lake.root, LINES.table(kind), names))


def told(left_out: list[tuple[Delivery, Rejection]]) -> list[tuple[str, str]]:
    return sorted((one.found.path, why.reason) for one, why in left_out)


def bring(lake: Lake, deliveries: list[Delivery]) -> list[tuple[str, str]]:
    return told(load(lake, LINES, deliveries, 1, NOW, lambda _: None))


@pytest.mark.parametrize("changed", [(), (0,), (2,), (0, 2), (0, 1, 2)])
def test_files_that_changed_are_left_out_each_with_its_reason_and_the_others_are_loaded_once(
    judged: Callable[..., list[Delivery]], tmp_path: Path, changed: tuple[int, ...]
) -> None:
    lake, deliveries = lake_of(tmp_path), judged(*(f"a,b\n1,{number}\n" for number in range(3)))
    for number in changed:
        change(deliveries[number])
    assert bring(lake, deliveries) == [(f"lines_{number}.csv", "still_changing") for number in changed]
    kept = [number for number in range(3) if number not in changed]
    if kept:
        assert rows(lake) == [(f"lines_{number}.csv", "1", str(number)) for number in kept]
        assert lake.version(LINES.table("lines")) == 1, "in one commit behind the one that made the table"
    else:
        assert not lake.exists(LINES.table("lines")) or rows(lake) == []


def test_a_file_that_changes_while_the_others_are_read_again_is_left_out_as_well(
    judged: Callable[..., list[Delivery]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, deliveries = lake_of(tmp_path), judged(*(f"a,b\n1,{number}\n" for number in range(3)))
    changing = iter(deliveries[:2])

    def read_what_changes(*given: Any) -> Iterator[object]:
        for one in islice(changing, 1):
            change(one)
        yield from read_parts(*given)

    monkeypatch.setattr(load_module, "read_parts", read_what_changes)
    assert bring(lake, deliveries) == [("lines_0.csv", "still_changing"), ("lines_1.csv", "still_changing")]
    assert rows(lake) == [("lines_2.csv", "1", "2")]


def test_a_file_that_went_away_is_left_out_and_each_kind_goes_to_its_table(
    judged: Callable[..., list[Delivery]], tmp_path: Path
) -> None:
    lake, deliveries = lake_of(tmp_path), [*judged("a,b\n1,2\n"), *judged("c\n3\n", "c\n4\n", kind="notes")]
    Path(deliveries[1].found.location).unlink()
    assert bring(lake, deliveries) == [("notes_0.csv", "unreadable_file")]
    assert (rows(lake), rows(lake, "notes")) == ([("lines_0.csv", "1", "2")], [("notes_1.csv", "4")])


def test_an_error_for_which_no_file_is_to_blame_is_that_error(
    judged: Callable[..., list[Delivery]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks_room(*given: object) -> object:
        raise UnreadFileError("of another source.csv", REJECTED)

    monkeypatch.setattr(load_module, "read_parts", lacks_room)
    with pytest.raises(UnreadFileError, match="of another source"):
        bring(lake_of(tmp_path), judged("a,b\n1,2\n"))


def test_the_file_that_an_error_tells_of_has_the_reason_of_the_error_and_others_what_became_of_them(
    judged: Callable[..., list[Delivery]],
) -> None:
    deliveries = judged("a,b\n1,2\n", "a,b\n1,3\n", "a,b\n1,4\n")
    change(deliveries[2])
    changed, named = ("lines_2.csv", "still_changing"), ("lines_0.csv", "unreadable_file")
    error = UnreadFileError("lines_0.csv", REJECTED)
    assert told(troubles_of(deliveries, error)) == [named, changed]
    assert troubles_of(deliveries, error)[0] == (deliveries[0], REJECTED)
    assert told(troubles_of(deliveries, RuntimeError("an executor's"))) == [changed]
    assert troubles_of(deliveries[:2], RuntimeError("an executor's")) == []


def test_executors_that_meet_a_changed_file_are_asked_again_for_the_others(
    judged: Callable[..., list[Delivery]], spark: SparkSession, tmp_path: Path
) -> None:
    lake, deliveries = lake_of(tmp_path, OfACluster, spark), judged("a,b\n1,2\n", "a,b\n1,3\n")
    change(deliveries[1])
    assert bring(lake, deliveries) == [("lines_1.csv", "still_changing")]
    assert rows(lake) == [("lines_0.csv", "1", "2")]


@pytest.mark.parametrize("is_committed", [False, True])
def test_executors_are_not_asked_again_where_rows_were_committed_or_no_file_is_to_blame(
    judged: Callable[..., list[Delivery]],
    spark: SparkSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_committed: bool,
) -> None:
    """What was committed would come twice; what fails for another reason would fail for ever."""
    lake, deliveries = lake_of(tmp_path, OfACluster, spark), judged("a,b\n1,2\n", "a,b\n1,3\n")

    def append(table: Table, frame: DataFrame) -> None:
        if is_committed:
            Lake.append(lake, table, frame)
            change(deliveries[1])
        raise RuntimeError("the answer got lost")

    monkeypatch.setattr(lake, "append", append)
    with pytest.raises(RuntimeError, match="the answer got lost"):
        bring(lake, deliveries)
    assert [row[0] for row in rows(lake)] == (["lines_0.csv", "lines_1.csv"] if is_committed else [])


def test_files_are_appended_in_groups_that_are_full_at_so_many_files_or_bytes(
    judged: Callable[..., list[Delivery]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_module, "FILES_PER_APPEND", 3)
    monkeypatch.setattr(load_module, "BYTES_PER_APPEND", 10)
    [one] = judged("a,b\n")

    def cut(*sizes: int) -> list[list[int]]:
        deliveries = [replace(one, found=replace(one.found, bytes=size)) for size in sizes]
        return [[each.found.bytes for each in group] for group in groups(deliveries)]

    assert cut() == []
    assert cut(1, 1, 1, 1) == [[1, 1, 1], [1]]
    assert cut(1, 1, 1) == [[1, 1, 1]]
    assert cut(4, 6, 4, 5, 1) == [[4, 6], [4, 5, 1]]
    assert cut(4, 5, 9, 12, 2) == [[4, 5, 9], [12], [2]]


@pytest.mark.parametrize(
    ("texts", "is_normal"),
    [(["plain", "\u00e9"], True), (["plain", "e\u0301"], False), (["e\u0301", "plain"], False), ([], True)],
)
def test_text_of_a_batch_is_in_normal_form_where_all_of_it_is(
    judged: Callable[..., list[Delivery]], tmp_path: Path, texts: list[str], is_normal: bool
) -> None:
    lake, deliveries = lake_of(tmp_path), judged(*(f"a,b\n1,{text}\n" for text in texts), "a,b\n1,2\n")
    assert bring(lake, deliveries) == []
    assert is_in_normal_form(lake, LINES, "lines", 1) is is_normal
    assert is_in_normal_form(lake, LINES, "lines", 2)
