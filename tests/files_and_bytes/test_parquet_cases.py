"""Every column of parquet_cases.py comes to what it says, in bronze, in drafts and in tries of a source."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection, Rejection
from lakehouse.bronze.heads import copy_head
from lakehouse.sources.parquet.first_rows import first_rows
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with
from tests.files_and_bytes.parquet_cases import COLUMNS, NUMBERS, SPARK_3, TIME, Column, parquet_file

REFUSED = [one for one in COLUMNS if one.refused]
READ = [one for one in COLUMNS if not one.refused]
ROWS = max(len(one.texts) for one in READ)


def padded(values: pa.Array) -> pa.Array:
    """As long as the longest column."""
    nothing = pa.nulls(ROWS - len(values), values.type)
    return pa.concat_arrays([values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values, nothing])


@pytest.fixture
def far_west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in another time zone, within which the old calendar's times are others."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def texts(land: Callable[..., Path], read: Callable[..., list[Row]], far_west: None) -> dict[str, list[str | None]]:
    """What stands in bronze for each column, row by row. Columns written alike are read from one file."""
    groups: dict[str, list[Column]] = {}
    for one in READ:
        groups.setdefault(f"{one.written} {one.footer}", []).append(one)
    for number, group in enumerate(groups.values()):
        columns = {one.what: padded(one.values) for one in group}
        land(f"{number}.parquet", parquet_file(columns, group[0].written, group[0].footer))
    rows = read(format="parquet", columns=["a"], optional=["a"])
    found: dict[str, list[str | None]] = {}
    for number, group in enumerate(groups.values()):
        of_file = [row["_rescued"] or {} for row in rows if row["_source_file"] == f"{number}.parquet"]
        found |= {one.what: [row.get(one.what) for row in of_file] for one in group}
    return found


def test_each_column_stands_in_bronze_as_the_page_says(texts: dict[str, list[str | None]]) -> None:
    expected = {one.what: [*one.texts, *[None] * (ROWS - len(one.texts))] for one in READ}
    assert {what: values for what, values in texts.items() if values != expected[what]} == {}


@pytest.mark.parametrize("column", REFUSED, ids=lambda one: one.what)
def test_a_column_that_cannot_be_had_is_refused_by_name_and_type(
    judge: Callable[..., Inspection], column: Column
) -> None:
    outcome = judge(column.content, "f.parquet", format="parquet", columns=["c"]).outcome
    assert outcome == Rejection(FileReason.UNREADABLE_COLUMN, f"Column c{column.refused}")


@pytest.mark.parametrize("column", REFUSED, ids=lambda one: one.what)
def test_a_try_of_a_source_refuses_a_column_in_the_words_of_a_run(
    judge: Callable[..., Inspection], tmp_path: Path, column: Column
) -> None:
    """Also where the one row that is tried shows nothing."""
    whole, head = tmp_path / "whole", tmp_path / "head"
    whole.write_bytes(column.content)
    copy_head(whole, head, 1, kind_with(format="parquet"))
    outcome = judge(head.read_bytes(), "f.parquet", format="parquet", columns=["c"]).outcome
    assert outcome == Rejection(FileReason.UNREADABLE_COLUMN, f"Column c{column.refused}")


@pytest.mark.parametrize("column", [one for one in (*TIME, *NUMBERS) if one in READ], ids=lambda one: one.what)
def test_a_draft_sees_times_and_numbers_as_they_stand_in_bronze(tmp_path: Path, column: Column) -> None:
    path = tmp_path / "f"
    path.write_bytes(column.content)
    _, rows, _ = first_rows(path, 100)
    seen = dict(zip(column.texts, (row[0] for row in rows), strict=True))
    # Python has no years but 1 to 9999; nobody drafts by what is very large or of the calendar of old.
    plain = {text for text in seen if not text or not (text.startswith(("+", "-0001", "1500")) or "E" in text)}
    assert plain or column.footer or "9999" in column.what
    assert {text: seen[text] for text in plain} == {text: text for text in plain}


def test_a_column_without_a_name_is_refused(judge: Callable[..., Inspection]) -> None:
    content = parquet_file({"c": pa.array([1]), "": pa.array([2])}, {}, {})
    outcome = judge(content, "f.parquet", format="parquet", columns=["c"]).outcome
    detail = "Column 2 has no name: have the file written with one"
    assert outcome == Rejection(FileReason.UNREADABLE_COLUMN, detail)


def test_parquet_of_other_compressions_is_tried_by_its_first_rows(tmp_path: Path) -> None:
    whole, head = tmp_path / "whole", tmp_path / "head"
    whole.write_bytes(parquet_file({"a": pa.array([1, 2, 3])}, {"compression": "zstd"}, SPARK_3))
    copy_head(whole, head, 2, kind_with(format="parquet"))
    assert parquet.read_table(head).to_pydict() == {"a": [1, 2]}
