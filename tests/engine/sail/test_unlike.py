"""What Sail would work out otherwise than Spark is told before it is asked; what both take alike is not."""

from __future__ import annotations

import pytest

from lakehouse.engine.sail.unlike import unlike

DECIMAL, WHOLE = "CAST(a AS DECIMAL(18,4))", "CAST(a AS INT)"
ALIKE = [
    "coalesce(a, b)",
    "upper(trim(a)) || '-' || b",
    "number(a) * (1 - number(b))",
    "number(a) / 100",
    "coalesce(number(a), minor(b)) / 2",
    "round(number(total) / nullif(number(quantity), 0), 4)",
    "round(number(a) / 3 * 2, 2) + 1",
    "CAST(number(a) / number(b) AS DECIMAL(18,4))",
    "number(a) * 1.5BD",
    "coalesce(number(a), 0) * 2",
    "nvl(number(a), 0) - ifnull(number(b), 0)",
    "encode(a, 'utf-8')",
    "date_part('year', to_date(a))",
    f"{DECIMAL} * {WHOLE}",
    f"{WHOLE} * {DECIMAL} + 1",
    f"-{DECIMAL}",
    "`<number 0>` * `<number 1>`",
    "length(a) - 1 + _position",
    "year(to_date(a)) + 1",
    "date_add(to_date(a), 1)",
    "to_date(a) - 1",
    "to_date(a) + INTERVAL 1 DAY",
    "CASE WHEN a = 'x' THEN -1 WHEN b THEN 2 ELSE 0 END",
    "a IN (-1, 2) AND b BETWEEN -5 AND 5",
    "transform(split(a, ','), x -> upper(x))",
    "left(a, 2)",
    "right(a, 10)",
    "substring(a, 2, 3)",
    "substring(a FROM 2 FOR 1)",
    "locate('x', a)",
    "locate('x', a, 1)",
    "a RLIKE '^[0-9]+'",
    r"a RLIKE 'a\%b\nc\\nd\\.e'",
    "DATE '2024-01-01' + 1 - 2",
    "regexp_replace(a, '[^0-9,]+', '')",
    "regexp_extract(a, '^([A-Z]{2,3})-([0-9]+?)x', 1)",
    "split(a, ',')[0]",
    "split(a, '[.]')",
    r"split(a, '\\.')",
    "extract(YEAR FROM to_date(a))",
    "CAST(a AS BIGINT)",
    "CAST(try_to_timestamp(a) AS DATE)",
    "date_format(try_to_timestamp(a, 'M/d/yyyy'), 'yyyyMMdd') || b",
    "concat_ws('-', date_format(try_to_timestamp(a), 'yyyy'), b)",
    "'a - b * c / 1e5 DOUBLE left(x)'",
    "`double` || `1e5`",
    "1e",
]
UNLIKE = [
    (f"{WHOLE} * 2", "DECIMAL"),
    (f"{WHOLE} + {WHOLE}", "DECIMAL"),
    (f"coalesce({WHOLE} * {WHOLE}, 0)", "DECIMAL"),
    (f"{WHOLE} * {WHOLE} * {DECIMAL}", "DECIMAL"),
    (f"{WHOLE} - {DECIMAL} * 2 - {WHOLE} % 3", "DECIMAL"),
    (f"{WHOLE} / 2", "DECIMAL"),
    (f"{WHOLE} / {DECIMAL}", "DECIMAL"),
    ("length(a) * length(b)", "DECIMAL"),
    ("length(a) + 100001", "DECIMAL"),
    ("to_date(a) - to_date(b)", "DECIMAL"),
    ("to_date(a) - 100001", "DECIMAL"),
    ("a * 2", "DECIMAL"),
    ("x.a DIV 2", "DECIMAL"),
    ("(a) % 2", "DECIMAL"),
    ("CASE WHEN b THEN a END * 2", "DECIMAL"),
    ("if(b, number(a), c) * 2", "DECIMAL"),
    ("aggregate(x, 0, (s, y) -> s + y)", "DECIMAL"),
    ("number(a) / number(b)", "digits"),
    ("number(a) / 3", "digits"),
    ("number(a) / 8", "digits"),
    ("CAST(number(a) / number(b) AS STRING)", "digits"),
    ("abs(number(a) / number(b))", "digits"),
    ("concat(number(a) / number(b), c)", "digits"),
    ("round(length(a) / 3, 2)", "DECIMAL"),
    ("encode(a, 'UTF-16')", "UTF-16"),
    ("date_part('dow', to_date(a))", "dayofweek"),
    ("to_time(a)", "times of day"),
    ("try_divide(number(a), number(b))", "nullif"),
    ("CAST(a AS DOUBLE)", "double"),
    ("cast(a AS float)", "double"),
    ("a > 1e3", "double"),
    ("a > 1.5D", "double"),
    ("TRY_CAST(a AS DECIMAL(18,4))", "exponent"),
    ("try_cast(a AS NUMERIC)", "exponent"),
    ("CAST(a AS DATE)", "to_date"),
    ("try_cast(a  as\tdate)", "to_date"),
    ("CAST(timestamp AS DATE)", "to_date"),
    ("CAST(to_timestamp(a) AS BIGINT)", "1970"),
    ("CAST(_file_modified_at AS LONG)", "1970"),
    ("left(a, -1)", "below zero"),
    ("right(a, b)", "below zero"),
    ("substring(a, -2, 1)", "in front"),
    ("substr(a, b)", "in front"),
    ("substring(a FROM -2 FOR 1)", "in front"),
    ("locate('x', a, 0)", "before the text"),
    ("position('x', a, b)", "before the text"),
    ("extract(DOW FROM to_date(a))", "dayofweek"),
    ("extract(dayofweek FROM to_date(a))", "dayofweek"),
    ("initcap(a)", "letters behind"),
    ("INITCAP (a)", "letters behind"),
    ("`initcap`(a)", "letters behind"),
    ("upper(lower(initcap(a)))", "letters behind"),
    ("split(a, '')", "nothing at all"),
    ("regexp_replace(a, 'x*', '')", "nothing at all"),
    (r"regexp_replace(a, '\\s', '')", r"\\s"),
    (r"a RLIKE '\\d'", r"^\\d in a regular"),
    (r"a RLIKE 'a\.b'", r"^[.] in a regular"),
    (r"a RLIKE 'a\\qb'", r"^\\q in a regular"),
    ("'2' * 3", "DECIMAL"),
    ("DATE '2024-01-01' * 2", "DECIMAL"),
    (r"a RLIKE '[\\w-]'", r"\["),
    ("a RLIKE '.'", "[.]"),
    ("a RLIKE 'x$'", "[$]"),
    ("regexp_like(a, '(?i)x')", r"\("),
    ("a RLIKE '[[:alpha:]]'", r"\["),
    ("a RLIKE 'x++'", r"\+"),
    ("regexp_like(a, b)", "no text"),
    ("a || to_timestamp(b)", "date_format"),
    ("concat(a, _file_modified_at)", "date_format"),
    ("date_format(to_timestamp(a), 'yyyy') || to_timestamp(b)", "date_format"),
]


@pytest.mark.parametrize("sql", ALIKE)
def test_what_both_engines_take_alike_is_sail_s_to_do(sql: str) -> None:
    assert unlike(sql) == ""


@pytest.mark.parametrize(("sql", "why"), UNLIKE)
def test_what_sail_takes_otherwise_is_told(sql: str, why: str) -> None:
    import re

    assert re.search(why, unlike(sql)), unlike(sql)


@pytest.mark.parametrize("sql", ["a /* b */", '"a"', "left(a", "'a"])
def test_what_cannot_be_split_is_not_guessed(sql: str) -> None:
    with pytest.raises(ValueError, match=r"comment|quote|bracket"):
        unlike(sql)
