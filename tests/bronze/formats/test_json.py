"""JSON arrays and objects over several lines: each object is a row, as in JSON lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection, RefusedError, Rejection
from lakehouse.bronze.formats import json_elements
from lakehouse.bronze.formats.json_elements import elements
from lakehouse.bronze.heads import copy_head
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with, refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

ROWS = [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]
MADE = [
    ("an array", json.dumps(ROWS)),
    ("an array over lines", json.dumps(ROWS, indent=2)),
    ("an array with a mark and blanks", "\ufeff \n" + json.dumps(ROWS) + "\n\n"),
    ("objects over lines", "\n".join(json.dumps(row, indent=1) for row in ROWS)),
    ("objects without anything between", "".join(json.dumps(row, indent=1) for row in ROWS)),
    ("objects over lines with commas", ",\n".join(json.dumps(row, indent=1) for row in ROWS)),
    ("JSON lines", "\n".join(map(json.dumps, ROWS))),
]


@pytest.mark.parametrize("declared", [{"format": "json"}, {"format": ["csv", "jsonl"]}, {"format": ["csv", "json"]}])
@pytest.mark.parametrize("size", [1, 7, 1_000_000])
@pytest.mark.parametrize("text", [one[1] for one in MADE], ids=[one[0] for one in MADE])
def test_objects_are_rows_however_they_stand(
    land: Land, read: Read, pieces: Callable[[int], None], text: str, size: int, declared: dict[str, Any]
) -> None:
    pieces(size)
    land("f.json", text)
    assert values(read(**declared), "a", "b", "_row_in_file") == [("1", "x", 1), ("2", "y", 2)]


def test_values_are_as_sent_and_what_is_no_object_is_a_corrupt_row(land: Land, read: Read) -> None:
    sent = '[{"a": 1.10, "b": [1, 2.50], "c": true}, 5, {"a": null}, [1], {"a": 1, "a": 2}, {"b": {"x": 1E3}}]'
    land("f.json", sent)
    assert values(read(format="json"), "a", "b", "_rescued", "_corrupt_record") == [
        ("1.10", "[1, 2.50]", {"c": "true"}, None),
        (None, None, None, "5"),
        (None, None, None, None),
        (None, None, None, "[1]"),
        (None, None, None, '{"a": 1, "a": 2}'),
        (None, '{"x": 1E3}', None, None),
    ]


def test_an_array_in_gzip_or_another_encoding_is_read(land: Land, read: Read) -> None:
    land("f.json.gz", gzip.compress(json.dumps(ROWS).encode()))
    assert values(read(format="json")) == [("1", "x"), ("2", "y")]
    land("f.json.gz", gzip.compress('[{"a": "ä"}]'.encode("utf-16")))
    assert values(read(format="json", encoding="utf-16")) == [("ä", None)]


REFUSED = [
    ("cut off between values", '[{"a": 1},', "may have come only in part"),
    ("cut off within a value", '[{"a": 1}, {"b": "x', "may have come only in part"),
    ("something after it", '[{"a": 1}] x', "something follows"),
    ("no comma", '[{"a": 1} {"a": 2}]', "no comma"),
    ("nothing after a comma", '[{"a": 1},,{"a": 2}]', "Expecting value"),
    ("broken within", '[{"a": 1},\n{"a" 2},\n' + '{"a": 3},\n' * 20 + '{"a": 4}]', "from line 2 on"),
    ("no object in it", "[1, 2]", "no object is in it"),
    ("nested without end", '[{"a": ' + "[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "said"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_text_that_is_no_json_from_some_place_on_is_refused(judge: Judge, text: str, said: str) -> None:
    outcome = judge(text, "f.json", format="json").outcome
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, said in outcome.detail) == (FileReason.NOT_JSON, True), outcome.detail


def test_objects_of_something_else_and_nothing_at_all_are_refused(judge: Judge) -> None:
    for text, reason in (('[{"x": 1}]', FileReason.MISSING_COLUMN), (" \n", FileReason.EMPTY_FILE)):
        assert refused(text.encode(), judge(text, "f.json", format="json")) == reason


def test_an_empty_array_is_a_delivery_without_rows(land: Land, read: Read) -> None:
    land("f.json", "[]\n")
    assert read(format="json") == []


def test_a_column_that_comes_under_another_name_is_known_and_one_under_two_is_corrupt(land: Land, read: Read) -> None:
    sent = [{"A!": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "A!": "4"}]
    for name, text in (("f.json", json.dumps(sent)), ("f.json", "\n".join(map(json.dumps, sent)))):
        land(name, text)
        found = values(read(format="json", aliases={"a": "A!"}), "a", "b", "_rescued", "_corrupt_record")
        assert found == [("1", "x", None, None), ("2", "y", None, None), (None, None, None, json.dumps(sent[2]))]


def test_a_value_that_never_ends_is_given_up_before_it_fills_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_elements, "LARGEST", 1000)
    given_up = 0

    def endless() -> Iterator[str]:
        nonlocal given_up
        yield '[{"a": "'
        while True:
            given_up += 1
            yield "x" * 100

    with pytest.raises(RefusedError):
        list(elements(endless()))
    assert 10 <= given_up < 40
    with pytest.raises(RefusedError):
        list(elements(repeat("1" * 100)))


def test_a_large_array_is_read_some_at_a_time() -> None:
    seen = 0

    def texts() -> Iterator[str]:
        nonlocal seen
        yield "["
        for number in range(100):
            seen += 1
            yield '{"a": 1}, ' if number < 99 else '{"a": 1}]'

    found = elements(texts())
    assert (next(found), seen) == ('{"a": 1}', 1)
    assert len(list(found)) == 99


def test_a_try_has_the_first_objects(tmp_path: Path, judge: Judge) -> None:
    whole, head = tmp_path / "whole", tmp_path / "head"
    for content in (json.dumps([{"a": "1"}] * 50).encode(), gzip.compress(json.dumps([{"a": "1"}] * 50).encode())):
        whole.write_bytes(content)
        copy_head(whole, head, 2, kind_with(format="json"))
        found = head.read_bytes()
        text = gzip.decompress(found) if found.startswith(b"\x1f\x8b") else found
        assert json.loads(text) == [{"a": "1"}] * 2
        assert text is not found or content[:1] == b"["


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
_value = _text | st.sampled_from(['"', "\\", "[", "]", "{", "}", ",", "\n", "é"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.fixed_dictionaries({"a": _value, "b": _value}), max_size=6),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
    size=st.integers(1, 30),
)
def test_any_texts_come_back_from_pieces_of_any_size(
    rows: list[dict[str, str]], indent: int | None, ascii_only: bool, size: int
) -> None:
    text = json.dumps(rows, indent=indent, ensure_ascii=ascii_only)
    parts = (text[place : place + size] for place in range(0, len(text), size))
    assert [json.loads(one) for one in elements(parts)] == rows


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text('[]{}",:\\ \n1e-tnu', max_size=30), size=st.integers(1, 5))
@example(text="1e1", size=1)
@example(text="[-1.5E+3, 1e]", size=1)
def test_any_text_is_values_or_is_refused(text: str, size: int) -> None:
    assert outcome([text[place : place + size] for place in range(0, len(text), size)]) == outcome([text])


def outcome(parts: list[str]) -> list[str] | FileReason:
    try:
        return list(elements(iter(parts)))
    except RefusedError as refusal:
        return refusal.rejection.reason
