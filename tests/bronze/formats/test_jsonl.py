from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.bronze.formats.json_fields import json_fields


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
