"""Any table of texts comes back the same in whichever form it is sent, and no bytes do harm to who reads them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.bronze import streams
from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts, Rejection
from lakehouse.bronze.formats import pieces as text_pieces
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.members import opened_up
from lakehouse.bronze.read import parts_of
from lakehouse.settings import Archives
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with, rows_read

Table = Sequence[tuple[str, str]]
Found = list[tuple[Any, ...]]
NAMES = ("_row_in_file", "n", "a", "b", "_corrupt_record")
ALL_FORMATS = ["csv", "json", "parquet", "xlsx"]


@dataclass(frozen=True)
class Sent:
    """A table as a file, and what is declared of it."""

    name: str
    content: bytes
    declared: dict[str, Any]


_few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
_odd = st.sampled_from(
    ['"', '""', "'", ",", ";", "||", "|", "~", "#", "\\", "NULL", "é", "ä€", "=1", "007", "1.0", "sep=;"]
)
_plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
_values = st.lists(_odd | _plain, max_size=3).map("".join)
_tables = st.lists(st.tuples(_values, _values), max_size=8)


def quoted(row: Sequence[str], delimiter: str) -> str:
    return delimiter.join('"{}"'.format(value.replace('"', '""')) for value in row)


@st.composite
def csv_files(draw: st.DrawFn, table: Table) -> Sent:
    """In some of the forms that can be declared of CSV."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "||", "~|~", "blanks"]))
    has_end, has_header = draw(st.booleans()) and delimiter != "blanks", draw(st.booleans())
    comment, footer = draw(st.sampled_from(["", "#", "//"])), draw(st.integers(0, 2))
    alias = has_header and draw(st.booleans())
    above = draw(st.sampled_from([0, 2, "to_header"])) if has_header else draw(st.sampled_from([0, 2]))
    between, end = (" " if delimiter == "blanks" else delimiter), draw(st.sampled_from(["\n", "\r\n"]))
    remark = [f"{comment} not a row{between}x"] if comment else []
    lines = ["Report", "of May, all of it"] if above else []
    rows = [quoted((str(place), *row), between) for place, row in enumerate(table)]
    header = [quoted(("n", "Alpha !" if alias else "a", "b"), between)] if has_header else []
    body = [line for row in [*header, *rows] for line in (*remark, row)] + ["Total"] * footer
    text = end.join([*lines, *(f"{line}{between}" if has_end else line for line in body), *remark, ""])
    declared = {
        "delimiter": delimiter, "trailing_delimiter": has_end, "comment": comment, "footer_lines": footer,
        "header": has_header, "skip_lines": above, "aliases": {"a": "Alpha !"} if alias else {},
        "encoding": draw(st.sampled_from(["utf-8", "utf-16"])),
    }  # fmt: skip
    return Sent("f.csv", text.encode(declared["encoding"]), declared)


def as_json(table: Table, indent: int | None, *, is_array: bool) -> Sent:
    rows = [{"n": str(place), "a": a or None, "b": b or None} for place, (a, b) in enumerate(table)]
    texts = [json.dumps(row, indent=indent) for row in rows]
    text = f"[{','.join(texts)}]" if is_array else "\n".join(texts)
    return Sent("f.json", text.encode(), {"format": ALL_FORMATS})


def as_parquet(table: Table) -> Sent:
    sink = io.BytesIO()
    # An empty text is one in Parquet and JSON, and nothing everywhere else.
    columns = {"n": map(str, range(len(table))), "b": [b or None for _, b in table], "a": [a or None for a, _ in table]}
    pq.write_table(pa.table({name: pa.array(list(values), pa.string()) for name, values in columns.items()}), sink)
    return Sent("f.csv", sink.getvalue(), {"format": ALL_FORMATS})


def as_workbook(table: Table, above: int, footer: int) -> Sent:
    sink = io.BytesIO()
    rows = [["Report"]] * above + [["n", "a", "b"]] + [[str(place), *row] for place, row in enumerate(table)]
    with xlsxwriter.Workbook(sink) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([*rows, *[["Total"]] * footer]):
            for column, value in enumerate(row):
                sheet.write_string(place, column, value)
    return Sent("f.csv", sink.getvalue(), {"format": ALL_FORMATS, "skip_lines": above, "footer_lines": footer})


def _sent(table: Table) -> st.SearchStrategy[Sent]:
    booleans = st.booleans()
    return st.one_of(
        csv_files(table),
        csv_files(table),
        st.builds(as_json, st.just(table), st.sampled_from([None, 1]), is_array=booleans),
        st.builds(as_parquet, st.just(table)),
        st.builds(as_workbook, st.just(table), st.integers(0, 2), st.integers(0, 2)),
    )


def packed(sent: Sent, how: str) -> Sent:
    if how == "gzip":
        return Sent(f"{sent.name}.gz", gzip.compress(sent.content), sent.declared)
    if how == "zip":
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(sent.name, sent.content)
        return Sent("f.zip", sink.getvalue(), sent.declared)
    return sent


def outcome(sent: Sent, size: int | None = None) -> Found | FileReason:
    """The rows of a file that is cut after so many bytes, not cut where None; or why it is not read."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        if size:
            patch.setattr(streams, "CHUNK", size)
            patch.setattr(text_pieces, "PIECE", size)
        Path(folder, sent.name).write_bytes(sent.content)
        kind = kind_with(**{"columns": ["n", "a", "b"]} | sent.declared)
        rows: Found = []
        for found, refusal in opened_up(scan(Path(folder)), Archives()):
            facts = refusal or inspect(found, kind).outcome
            if isinstance(facts, Rejection):
                return facts.reason
            assert isinstance(facts, FileFacts)
            # Parts are read in any order.
            for part in reversed(parts_of([Delivery(found, "rows", "", {}, "", facts)])):
                rows += [
                    (one["_row_in_file"], one["n"], one["a"], one["b"], one["_corrupt_record"])
                    for one in rows_read([part], kind)
                ]
        return sorted(rows, key=lambda row: row[0])


@_few
@given(data=st.data(), table=_tables, how=st.sampled_from(["", "gzip", "zip"]), size=st.integers(3, 80))
def test_a_table_comes_back_from_any_form_whole_and_in_pieces(
    data: st.DataObject, table: Table, how: str, size: int
) -> None:
    plain = data.draw(_sent(table))
    sent = packed(plain, how)
    expected = [(place + 1, str(place), a or None, b or None, None) for place, (a, b) in enumerate(table)]
    if not table and (not plain.content.strip() or not sent.declared.get("header", True)):
        return  # there is nothing in the file
    assert outcome(sent) == expected
    assert outcome(sent, size) == expected


def written(table: Table) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("n", "a", "b"), *(("1", *row) for row in table)])
    return text.getvalue().encode()


SOUND: Table = [("x", "é"), ("1,5", 'a "b"'), ("", "z")] * 5
OLD = (Path(__file__).parent / "formats" / "old.xls").read_bytes()
MARKED = b"n||a||b||\n" + "1||x y||é||\n#\n2||||z||\n".encode() * 5
FORMS: dict[str, Callable[[], Sent]] = {
    "csv": lambda: Sent("f.csv", written(SOUND), {}),
    "csv over lines": lambda: Sent("f.csv", written(SOUND), {"multiline": True}),
    "csv of marks": lambda: Sent("f.csv", MARKED, {"comment": "#", "trailing_delimiter": True, "delimiter": "||"}),
    "gzip": lambda: packed(Sent("f.csv", written(SOUND), {}), "gzip"),
    "zip": lambda: packed(Sent("f.csv", written(SOUND), {}), "zip"),
    "json": lambda: as_json(SOUND, None, is_array=True),
    "json over lines": lambda: as_json(SOUND, 1, is_array=False),
    "parquet": lambda: as_parquet(SOUND),
    "xlsx": lambda: as_workbook(SOUND, 0, 0),
    "xls": lambda: Sent("f.xls", OLD, {"format": "xlsx", "sheet": 2, "columns": ["a", "b", "n"], "optional": ["n"]}),
}  # fmt: skip
_changes = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 4)), max_size=6)


def changed(content: bytes, changes: Sequence[tuple[float, bytes, int]], cut: float) -> bytes:
    """With other bytes instead of some at those places, and cut off."""
    for share, put, taken in changes:
        place = int(share * len(content))
        content = content[:place] + put + content[place + taken :]
    return content[: int(cut * len(content))]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=10_000, suppress_health_check=list(HealthCheck))
@given(changes=_changes, cut=st.sampled_from([1.0, 1.0, 1.0, 0.99, 0.6, 0.1]))
def test_whatever_happened_to_its_bytes_a_file_has_rows_or_is_refused(
    form: str, changes: Sequence[tuple[float, bytes, int]], cut: float
) -> None:
    sent = FORMS[form]()
    found = outcome(Sent(sent.name, changed(sent.content, changes, cut), sent.declared))
    assert isinstance(found, FileReason | list)


@settings(max_examples=60, deadline=10_000, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"\x1f\x8b\x08", b"[", b"{", OLD[:8]]),
    rest=st.binary(max_size=600),
    name=st.sampled_from(["f.csv", "f.json", "f.xlsx", "f.xls", "f.parquet", "f.zip", "f.csv.gz"]),
)  # fmt: skip
def test_any_bytes_have_rows_or_are_refused(start: bytes, rest: bytes, name: str) -> None:
    assert isinstance(outcome(Sent(name, start + rest, {"format": ALL_FORMATS})), FileReason | list)
