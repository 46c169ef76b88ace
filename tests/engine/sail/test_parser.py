"""Sail hands out no tree: what an expression is made of is told from its words, rather too much than too little."""

from __future__ import annotations

import pytest

from lakehouse.engine.model import Node
from lakehouse.engine.sail.parser import nodes

CALL, COLUMN, SUB_QUERY = "UnresolvedFunction", "UnresolvedAttribute", "ScalarSubquery"


def parts(sql: str, kind: str) -> list[str]:
    return [node.name for node in nodes(sql) if node.kind == kind]


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("reflect('java.lang.System', 'getenv')", ["reflect"]),
        ("`reflect`('a')", ["reflect"]),
        ("REFLECT\n('a')", ["REFLECT"]),
        ("a.reflect('x')", ["a, reflect"]),
        ("CASE WHEN (a > 1) THEN upper(b) ELSE lower(c) END", ["upper", "lower"]),
        ("a IN (1, 2) AND NOT (b OR (c))", []),
        ("CAST(a AS DECIMAL(18, 4))", []),
        ("date(a)", ["date"]),
        ("transform(a, x -> f(x))", ["transform", "f"]),
    ],
)
def test_every_call_is_told(sql: str, names: list[str]) -> None:
    assert parts(sql, CALL) == names


@pytest.mark.parametrize(
    "sql",
    [
        "(SELECT 1)",
        "exists(SELECT * FROM parquet.`/etc`)",
        "a IN (\nselect b from c)",
        "(WITH t AS (SELECT 1) SELECT * FROM t)",
        "(TABLE t)",
        "(VALUES (1))",
        "(FROM t |> LIMIT 1)",
    ],
)
def test_every_sub_query_is_told(sql: str) -> None:
    assert Node(SUB_QUERY, "") in nodes(sql)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("sum(a) OVER (PARTITION BY b)", "WindowExpression"),
        ("IDENTIFIER('a')", "ExpressionWithUnresolvedIdentifier"),
        ("*", "UnresolvedStar"),
        ("count(*)", "UnresolvedStar"),
        ("t.*", "UnresolvedStar"),
        (":a", "the sign :"),
        ("a::int", "the sign :"),
        ("?", "the sign ?"),
        ("$a", "the sign $"),
    ],
)
def test_what_an_expression_may_not_be_is_told_as_that(sql: str, kind: str) -> None:
    assert kind in {node.kind for node in nodes(sql)}


@pytest.mark.parametrize("sql", ["a * b", "(a) * -b", "f(a) * (b + 1)", "2 * `a b`", "a[0] * 2"])
def test_a_product_is_no_star(sql: str) -> None:
    assert "UnresolvedStar" not in {node.kind for node in nodes(sql)}


def test_names_without_brackets_are_told_as_columns_and_fields_of_them_are_not() -> None:
    assert parts("current_user || `a``b`.user || upper(null)", COLUMN) == ["current_user", "a`b"]
