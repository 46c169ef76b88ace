"""The rows of a file are the same however it is cut, and whichever reader reads them."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import Row

from lakehouse.bronze import streams
from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts
from lakehouse.bronze.formats import csv_rows
from lakehouse.bronze.formats import pieces as text_pieces
from lakehouse.bronze.formats.csv_rows import Layout, rows_of_lines, rows_over_lines
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.read import parts_of
from lakehouse.bronze.rows import Split
from tests.bronze.shops import kind_with, rows_read

Land = Callable[..., Path]
Read = Callable[..., list[Row]]

_odd = st.sampled_from(['"', '""', ",", ",,", " ", "\t", "\r", "\r\n", "\n", "\n\n", "\n \n", "é", "a", "1,2", '"x"'])
_few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
_texts = st.lists(_odd | st.text('ab,"\n\r é\ufeff', max_size=4), max_size=30).map("".join)
_tables = st.lists(st.tuples(_odd, _odd).map(lambda pair: ",".join(pair).replace("\n", " ")), max_size=20)
_files = _texts | _tables.map("\n".join)


def columns(split: Split) -> list[Any]:
    return [*(one.to_pylist() for one in split.values), split.corrupt.to_pylist(), split.kept.to_pylist()]


@_few
@given(text=_files, fields=st.sampled_from([1, 2, 3]))
def test_the_fast_reader_and_the_exact_one_split_lines_alike(text: str, fields: int) -> None:
    layout = Layout(",", '"', fields, " \t")
    lines = text.encode().removesuffix(b"\n").split(b"\n")
    exact = csv_rows._exact(lines, layout)
    assert columns(rows_of_lines(text.encode(), layout)) == columns(exact)


@_few
@given(text=_files, fields=st.sampled_from([1, 2, 3]), size=st.integers(1, 40))
def test_rows_over_lines_are_the_same_in_blocks_of_any_size_and_by_either_reader(
    text: str, fields: int, size: int
) -> None:
    layout = Layout(",", '"', fields, " \t")
    lines = text.encode().splitlines(keepends=True) if "\r" not in text else [text.encode()]
    blocks = [b"".join(lines[place : place + size]) for place in range(0, len(lines), size)]
    # What pyarrow does not know at all is left to the exact reader: the same text with another letter as the delimiter.
    exact = rows_over_lines([text.replace(",", "§").encode()], Layout("§", '"', fields, " \t"))
    assert joined(rows_over_lines(blocks, layout)) == [
        tuple(one.replace("§", ",") if isinstance(one, str) else one for one in row) for row in joined(exact)
    ]


def joined(parts: Iterable[Split]) -> list[tuple[Any, ...]]:
    """Row by row."""
    return [row for part in parts for row in zip(*columns(part), strict=True)]


def rows_of(content: bytes, size: int | None, **declared: Any) -> list[tuple[Any, ...]]:
    """Values and places of the rows of a file that is cut after so many bytes; not cut where None."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        if size:
            patch.setattr(streams, "CHUNK", size)
            patch.setattr(text_pieces, "PIECE", size)
        Path(folder, "f").write_bytes(content)
        [found] = scan(Path(folder))
        kind = kind_with(**declared)
        facts = inspect(found, kind).outcome
        if not isinstance(facts, FileFacts):
            return [(facts.reason,)]
        parts = parts_of([Delivery(found, "rows", "", {}, "", facts)])
        assert size or len(parts) == 1
        names = ("_row_in_file", "a", "b", "_rescued", "_corrupt_record")
        # Parts are read in any order.
        rows = [row for part in reversed(parts) for row in rows_read([part], kind)]
        return sorted((tuple(row[name] for name in names) for row in rows), key=lambda row: row[0])


@_few
@given(
    text=_files,
    size=st.integers(3, 60),  # a mark of byte order comes in one
    multiline=st.booleans(),
    encoding=st.sampled_from(["utf-8", "latin-1", "utf-16"]),
    mark=st.booleans(),
    blank=st.sampled_from(["", "\n", " \r\n"]),
)
def test_a_csv_file_in_pieces_has_the_rows_of_the_whole(
    text: str, size: int, multiline: bool, encoding: str, mark: bool, blank: str
) -> None:
    sent = blank + "a,c,b\n" + text.replace("\ufeff", "")
    content = b"\xef\xbb\xbf" * (mark and encoding == "utf-8") + sent.encode(encoding)
    how: dict[str, Any] = {"multiline": multiline, "encoding": encoding}
    assert rows_of(content, size, **how) == rows_of(content, None, **how)


_lines = st.sampled_from(['{"a": 1, "b": "é"}', '{"b": null, "c": [1, 2]}', "", " ", "{", '{"a": "\\n"}\r'])


@_few
@given(lines=st.lists(_lines, max_size=20), size=st.integers(1, 60))
def test_json_lines_in_pieces_have_the_rows_of_the_whole(lines: list[str], size: int) -> None:
    content = "\n".join(['{"a": 0}', *lines]).encode()
    found = rows_of(content, size, format="jsonl")
    assert found == rows_of(content, None, format="jsonl")
    assert [row[0] for row in found] == list(range(1, len(found) + 1))


def test_a_large_file_is_cut_and_what_is_not_lines_of_bytes_is_not(land: Land, pieces: Callable[[int], None]) -> None:
    pieces(100)
    text = "a,b\n" + "1,2\n" * 500

    def parts(content: bytes, **declared: Any) -> int:
        file = land("f", content)
        [found] = scan(file.parent)
        facts = inspect(found, kind_with(**declared)).outcome
        assert isinstance(facts, FileFacts)
        return len(facts.pieces)

    assert parts(text.encode()) > 10
    assert parts(text.encode("cp1252"), encoding="cp1252") > 10
    assert parts(text.encode("utf-16"), encoding="utf-16") == 0
    assert parts(gzip.compress(text.encode())) == 0
    assert parts(text.encode(), multiline=True) == 0
    assert parts((json.dumps({"a": 1}) + "\n").encode() * 500, format="jsonl") > 10


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ('"x" ', "x"),
        ('"5" pipe', '"5" pipe'),
        ('"a""b" c', '"a"b" c'),
        ('5" and 6"', '5" and 6"'),
        ('""', None),
        ('""""', '"'),
    ],
    ids=["blanks after", "letters after", "letters after doubled ones", "within", "nothing", "one quote"],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_a_value_whose_quotes_are_not_around_all_of_it_keeps_them(
    land: Land, read: Read, value: str, read_as: str | None, multiline: bool
) -> None:
    land("f.csv", f"a,b\n{value},1\n2,{value}\n")
    rows = read(multiline=multiline)
    assert [(row.a, row.b, row._corrupt_record) for row in rows] == [(read_as, "1", None), ("2", read_as, None)]
