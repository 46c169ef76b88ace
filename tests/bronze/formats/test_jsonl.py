"""Each field of a line of JSON becomes the text that was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection
from lakehouse.bronze.formats.json_fields import json_fields
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

REFUSED: list[tuple[str, bytes, FileReason, dict[str, Any]]] = [
    ("no JSON", b"a,b\n1,2\n", FileReason.NOT_JSON, {"format": "jsonl"}),
    ("one JSON array", b'[{"a": 1},\n{"a": 2}]\n', FileReason.NOT_JSON, {"format": "jsonl", "name": "f.jsonl"}),
    (
        "JSON over several lines",
        b'{\n"a": 1,\n"b": 2\n}\n',
        FileReason.NOT_JSON,
        {"format": "jsonl", "name": "f.jsonl"},
    ),
    ("JSON of something else", b'{"x": 1}\n', FileReason.MISSING_COLUMN, {"format": "jsonl"}),
]
LOADED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("JSON with a bad line", b'{"a": 1}\n{"a":\n', {"format": "jsonl"}),
    ("JSON of one very long line", b'{"a": "' + b"x" * 2_000_000 + b'"}\n', {"format": "jsonl"}),
]


@pytest.mark.parametrize(
    ("content", "reason", "declared"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_json_that_would_be_misread_is_refused(
    judge: Judge, content: bytes, reason: FileReason, declared: dict[str, Any]
) -> None:
    assert refused(content, judge(content, **declared)) == reason


@pytest.mark.parametrize(("content", "declared"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_json_that_can_be_read_is_not_refused(judge: Judge, content: bytes, declared: dict[str, Any]) -> None:
    assert refused(content, judge(content, **declared)) is None


def test_json_lines_keep_their_texts(land: Land, read: Read) -> None:
    land(
        "f.jsonl",
        b'\xef\xbb\xbf{"a": 1.10, "b": {"x": [1.0]}, "c": true, "d": null}\r\n\r\nnot json\n{"b": "\xc3\xa9"}\n',
    )
    rows = read(format="jsonl")
    assert values(rows, "a", "b", "_rescued", "_corrupt_record", "_row_in_file") == [
        ("1.10", '{"x": [1.0]}', {"c": "true"}, None, 1),
        (None, None, None, "not json", 2),
        (None, "é", None, None, 3),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("-0.0", "-0.0"),
        ("12345678901234567890123", "12345678901234567890123"),
        ('"x"', "x"),
        ('""', ""),
        ('"\\u00e9\\n"', "é\n"),
        ("null", None),
        ("true", "true"),
        ("NaN", "NaN"),
        ('{"x": 1.0, "y" :[1,  2.50]}', '{"x": 1.0, "y" :[1,  2.50]}'),
        ("[]", "[]"),
    ],
)
def test_a_value_is_the_text_that_was_sent(value: str, text: str | None) -> None:
    assert json_fields(f'{{"a": {value}}}') == {"a": text}
    assert json_fields(f' {{ "t" : true ,"a":{value} , "n":{{}} }} \r') == {"t": "true", "a": text, "n": "{}"}


@pytest.mark.parametrize(
    "line",
    [
        *("", "x", "1", "null", '"a"', "[1]", '[{"a": 1}]', '{"a":', '{"a": 1} x', '{"a": 1}{"a": 2}', "{'a': 1}"),
        *('{"a": 01}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', '{"a": "\t"}', "[" * 100_000, '{"a": 1,}'),
    ],
)
def test_a_line_that_is_not_one_object_is_unreadable(line: str) -> None:
    assert json_fields(line) is None


_values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_nested = st.recursive(_values, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.dictionaries(st.text(), _nested))
def test_what_python_writes_comes_back(sent: dict[str, object]) -> None:
    fields = json_fields(json.dumps(sent, ensure_ascii=False).replace("\n", " "))
    if fields is None:  # a text that is no Unicode
        assert "\\ud" in json.dumps(sent)
        return
    assert fields.keys() == sent.keys()
    for name, value in sent.items():
        text = fields[name]
        assert text == value if value is None or isinstance(value, str) else json.loads(text or "") == value
