"""Expressions worked out without Spark."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lakehouse.sources.plain.evaluate import Names, UnreadError, Value, compiled
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.sources.plain.types import INT, TEXT

NAMES = Names(
    {"a": TEXT, "b": TEXT, "unit price": TEXT, "n": INT, "orders\0status": TEXT},
    lambda text: Decimal(text) if text.replace(".", "").lstrip("-").isdigit() else None,
)


@pytest.mark.parametrize(
    ("sql", "row", "value"),
    [
        ("a", {"a": "x"}, "x"),
        ("`Unit Price`", {"unit price": "9"}, "9"),
        ("orders.status", {"orders\0status": "paid"}, "paid"),
        ("'it''s'", {}, "it's"),
        ("CASE WHEN a = 'x' THEN 'yes' ELSE 'no' END", {"a": None}, "no"),
        ("CASE a WHEN 'x' THEN 'yes' END", {"a": "y"}, None),
        ("coalesce(a, b, 'c')", {"a": None, "b": "b"}, "b"),
        ("concat(a, b)", {"a": "x", "b": None}, None),
        ("a || '-' || b", {"a": "x", "b": "y"}, "x-y"),
        ("concat_ws('-', a, b, n)", {"a": "x", "b": None, "n": 3}, "x-3"),
        ("ltrim('-', a)", {"a": "--2"}, "2"),
        ("btrim(a, '*')", {"a": "*x*"}, "x"),
        ("trim(a)", {"a": " x\t "}, "x\t"),
        ("replace(a, ',', '.')", {"a": "1,5"}, "1.5"),
        ("split_part(a, '.', 1)", {"a": "17850.0"}, "17850"),
        ("split_part(a, '.', 3)", {"a": "17850.0"}, ""),
        ("lpad(a, 5, '0')", {"a": "140"}, "00140"),
        ("lpad(a, 2, '0')", {"a": "140"}, "14"),
        ("a IS NULL OR b = 'x'", {"a": None, "b": None}, True),
        ("a = 'x' AND b = 'x'", {"a": None, "b": "y"}, False),
        ("a = 'x' AND b = 'x'", {"a": None, "b": "x"}, None),
        ("NOT coalesce(startswith(a, '-'), false)", {"a": None}, True),
        ("a IN ('x', NULL)", {"a": "y"}, None),
        ("a NOT IN ('x', 'y')", {"a": "z"}, True),
        ("a <=> b", {"a": None, "b": None}, True),
        ("a <> b", {"a": "x", "b": None}, None),
        ("a LIKE '%-_'", {"a": "x-1"}, True),
        ("nullif(a, '0')", {"a": "0"}, None),
        ("number(a) > number('0')", {"a": "0"}, False),
        ("number(a) - number(b)", {"a": "2.5", "b": "1"}, Decimal("1.5")),
        ("number(a) * number(b)", {"a": "1.0000005", "b": "0.001"}, Decimal("0.001000001")),
        ("abs(number(a))", {"a": "-2"}, Decimal(2)),
        ("number(a)", {"a": None}, None),
    ],
)  # fmt: skip
def test_an_expression_has_the_value_that_spark_gives_it(sql: str, row: dict[str, Value], value: Value) -> None:
    assert compiled(sql, NAMES)(row) == value


@pytest.mark.parametrize(
    "sql",
    [
        "c", "a + b", "a > 1", "coalesce(a, 1)", "CAST(a AS INT)", "try_cast(a AS INT)",
        "reflect('java.lang.System', 'exit')",
        "a -- b", "'a\\n'", '"a"', "0.5", "a BETWEEN 'x' AND 'y'", "max(a) OVER (PARTITION BY b)", "(SELECT 1)", "a b",
        "split_part(a, '.', -1)", "rlike(a, 'x')", "number(a) * number(b) * number(a)",
        "number(n)", "a.b.c", "1.5e3", "",
    ],
)  # fmt: skip
def test_what_is_not_surely_the_same_is_left_to_spark(sql: str) -> None:
    with pytest.raises(Unsupported):
        compiled(sql, NAMES)


def test_a_text_that_is_no_number_is_no_null() -> None:
    with pytest.raises(UnreadError):
        compiled("coalesce(number(a), number('0'))", NAMES)({"a": "x"})
