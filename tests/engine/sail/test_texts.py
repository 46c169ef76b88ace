"""Expressions split into words, and calls in them said in other words."""

from __future__ import annotations

import pytest

from lakehouse.engine.sail.texts import rewritten, tokens

CALLS = {"twice": lambda arguments: f"{arguments[0]} + {arguments[0]}", "kept": lambda arguments: None}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("twice(a)", "(a + a)"),
        ("TWICE (a)", "(a + a)"),
        ("1 + twice(b(c, d)) * 2", "1 + (b(c, d) + b(c, d)) * 2"),
        ("twice(twice(a))", "((a + a) + (a + a))"),
        ("other(twice(a), 'x')", "other((a + a), 'x')"),
        ("kept(twice(a), b)", "kept((a + a), b)"),
        ("twice(')')", "(')' + ')')"),
        ("twice(`a,b(`)", "(`a,b(` + `a,b(`)"),
        ("twice(a[f(1)])", "(a[f(1)] + a[f(1)])"),
    ],
)
def test_a_call_is_said_in_other_words_wherever_it_stands(sql: str, said: str) -> None:
    assert rewritten(sql, CALLS) == said


@pytest.mark.parametrize("sql", ["'twice(a)'", "`twice`(a)", "twice", "twice_more(a)", "a.twice", "twice('open)"])
def test_what_is_no_such_call_stays_as_it_is(sql: str) -> None:
    assert rewritten(sql, CALLS) == sql


@pytest.mark.parametrize("sql", ["a -- b", "a /* b */", '"a"', "'open", "r'a'", "'it\\'s'", "'a''b", "`a"])
def test_what_engines_may_split_otherwise_is_not_split(sql: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        tokens(sql)


@pytest.mark.parametrize("sql", ["a - -b", "a / b * c", "'it''s'", "'\\d+'", "1e5", "0.1BD", "5L", "x -> x + 1"])
def test_what_all_split_alike_is(sql: str) -> None:
    assert "".join(token.text for token in tokens(sql)) == sql
