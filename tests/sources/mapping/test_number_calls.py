"""Calls of number() are found where they are, and each knows when its value is asked for."""

from __future__ import annotations

import pytest

from lakehouse.sources.mapping.number_calls import calls_in, held

ONE, TWO, THREE = (held(place) for place in range(3))


@pytest.mark.parametrize(
    ("sql", "arguments"),
    [
        ("number(a)", ["a"]),
        ("NUMBER ( `a b` ) * Minor(c)", ["`a b`", "c"]),
        ("number(replace(a, ')', '('))", ["replace(a, ')', '(')"]),
        (r"concat('it\'s number(a)', number(b))", ["b"]),
        (r"concat(r'\', number(b))", ["b"]),
        ("concat(`number(a)`, \"number(c)\")", []),
        ("orders.number(a)", []),
        ("number + numbers(a)", []),
        ("number(orders.`a``b`)", ["orders.`a``b`"]),
    ],
)  # fmt: skip
def test_a_call_is_what_spark_takes_for_one(sql: str, arguments: list[str]) -> None:
    assert [call.argument for call in calls_in(sql).calls] == arguments


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("number(a)", [()]),
        ("coalesce(number(a), number(b))", [(), (f"({ONE}) IS NULL",)]),
        ("least(number(a), number(b))", [(), ()]),
        ("if(x, number(a), number(b))", [("coalesce((x), false)",), ("NOT coalesce((x), false)",)]),
        ("nvl2(x, number(a), number(b))", [("(x) IS NOT NULL",), ("(x) IS NULL",)]),
        ("t = 'x' AND number(a) > 0", [("coalesce((t = 'x' ), true)",)]),
        ("number(a) > 0 OR t", [("NOT coalesce(( t), false)",)]),
        ("number(a) BETWEEN 1 AND number(b)", [(), ()]),
        ("NOT (t AND number(a) > 0)", [("coalesce((t ), true)",)]),
    ],
)
def test_a_value_counts_only_where_it_is_asked_for(sql: str, asked: list[tuple[str, ...]]) -> None:
    assert [tuple(one.replace(", ", ", ") for one in call.asked) for call in calls_in(sql).calls] == [
        tuple(one for one in each) for each in _spaced(sql, asked)
    ]


def _spaced(sql: str, asked: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Texts keep the blanks of the expression."""
    return [tuple(one.replace("( x)", "(x)") for one in each) for each in asked]


def test_branches_of_a_case_are_asked_in_turn() -> None:
    found = calls_in("CASE WHEN x THEN number(a) WHEN number(b)=1 THEN 0 ELSE number(c) END").calls
    first, second = "coalesce(( x ), false)", f"coalesce(( {TWO}=1 ), false)"
    assert [call.asked for call in found] == [(first,), (f"NOT {first}",), (f"NOT {first}", f"NOT {second}")]


def test_a_case_with_a_subject_compares_it() -> None:
    (call,) = calls_in("CASE kind WHEN 'a' THEN number(a) END").calls
    assert call.asked == ("coalesce((kind) = ( 'a' ), false)",)


@pytest.mark.parametrize(
    "sql",
    [
        "number()",
        "number(a, b)",
        "number(number(a))",
        "number(a",
        "number(a) -- of the shop",
        "number(a) /* of the shop */",
        "CASE WHEN number(a)",
        "CASE WHEN end THEN number(a) END",
    ],
)
def test_what_cannot_be_told_is_an_error(sql: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        calls_in(sql)
