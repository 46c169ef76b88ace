"""Which expressions give NULL because their author says so, and which calls lose a value in silence."""

from __future__ import annotations

import pytest

from lakehouse.sources.mapping.losing import losing_calls, says_nothing_itself


@pytest.mark.parametrize(
    "sql",
    [
        "nullif(a, 'x')",
        "CASE WHEN a = 'x' THEN b END",
        "case when a = 'x' then case when b then 1 else 2 end end",
        "CASE WHEN a = (CASE WHEN b THEN 1 ELSE 2 END) THEN 1 END",
        "if(a = 'x', NULL, b)",
    ],
)
def test_words_that_mean_nothing_are_known(sql: str) -> None:
    assert says_nothing_itself(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "try_cast(a AS INT)",
        "CASE WHEN a IS NULL THEN b ELSE c END",
        "if(a IS NOT NULL, b, c)",
        "`nullif`",
        "concat(a, 'nullif CASE NULL')",
        "CASE WHEN a THEN CASE WHEN b THEN 1 ELSE 2 END ELSE 3 END",
        "'no end",
    ],
)
def test_other_words_mean_something(sql: str) -> None:
    assert not says_nothing_itself(sql)


@pytest.mark.parametrize(
    ("sql", "calls"),
    [
        ("nullif(try_cast(a AS INT), 1)", ["try_cast ( a AS INT )"]),
        ("TRY_DIVIDE(try_cast(a AS INT), b)", ["TRY_DIVIDE ( try_cast ( a AS INT ) , b )", "try_cast ( a AS INT )"]),
        ("nullif(to_date(a, 'x y'), b)", ["to_date ( a , 'x y' )"]),
        ("nullif(lower(a), `try_cast(b)`)", []),
        ("try_cast", []),
        ("transform(split(a, ','), x -> try_cast(x AS INT))", []),
        ("try_cast(a", []),
    ],
)
def test_calls_that_lose_are_found_each_by_itself(sql: str, calls: list[str]) -> None:
    assert losing_calls(sql) == calls
