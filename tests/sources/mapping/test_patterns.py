"""A regular expression in a declaration ends: what could keep Java at it for ever is refused before a row is read."""

from __future__ import annotations

import time

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.sources.mapping.refuse import refused
from tests.sources.declared import declared

pytestmark = pytest.mark.spark


def said(spark: SparkSession, sql: str) -> str:
    source = declared({"columns.unit_price": sql})
    return "\n".join(refused(spark, source, "order_lines"))


ENDLESS = [
    ("(a+)+b", "(a+)+"),
    ("x(a|b)*y", "(a|b)*"),
    (r"(?:\\w+ )*", r"(?:\w+ )*"),
    ("(ab?c)+", "(ab?c)+"),
    ("(a{2,})*", "(a{2,})*"),
    ("(a{1,9}){5}", "(a{1,9}){5}"),
    ("(a{1,9}){2,}", "(a{1,9}){2,}"),
    ("(a+?)*?", "(a+?)*?"),
    ("((a|b))+", "((a|b))+"),
    ("(?<n>a+)*", "(?<n>a+)*"),
    ("(?i:a+)*", "(?i:a+)*"),
    ("(?=a+)*", "(?=a+)*"),
    ("((?i)a+)*", "((?i)a+)*"),
    ("((a+){3})*", "((a+){3})*"),
    ("(b(?>c)a+)*", "(b(?>c)a+)*"),
    (r"\\Q(\\E(a+)+", "(a+)+"),
    (r"[\\]](a+)+", "(a+)+"),
    ("[a[b]c](a+)+", "(a+)+"),
]
ENDING = [
    r"^[A-Z]{2,3}-\\d+$",
    r"(\\d{3},)*\\d+",
    "(a|b)?",
    "(a{1,9}){4}",
    "(?:[^;]|;;)*+",
    r"(?:\\w++ )*+",
    r"(?:\\w++ )*",
    "((a+)*+b)*",
    "(?>a+)*",
    "[(a+)+]",
    r"[\\](a+)+]",
    "[a[(b+)+]c]",
    r"\\Q(a+)+\\E",
    r"\\(a+\\)+",
    "(?i)a+",
    "a*b*",
]


@pytest.mark.parametrize(("pattern", "part"), ENDLESS)
def test_a_repetition_of_what_divides_in_many_ways_is_refused(spark: SparkSession, pattern: str, part: str) -> None:
    told = said(spark, f"regexp_replace(price, '{pattern}', '')")
    assert told.startswith(f"feeds.order_lines.columns.unit_price: the regular expression {part} repeats what")


def test_patterns_that_end_are_taken_and_end(spark: SparkSession) -> None:
    calls = [f"regexp_replace(price, '{pattern}', '')" for pattern in ENDING]
    assert [said(spark, sql) for sql in calls] == [""] * len(calls)
    texts = [f"{text * 300}!" for text in ("a", "ab", "a ", "b ", ";", "1", "abc")]
    started = time.monotonic()
    spark.createDataFrame([(text,) for text in texts], "price string").select(*map(F.expr, calls)).collect()
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "sql",
    [
        "CASE WHEN price RLIKE '(a+)+' THEN '1' END",
        "CASE WHEN rlike(price, '(a+)+') THEN '1' END",
        "CASE WHEN regexp(price, '(a+)+') THEN '1' END",
        "CASE WHEN REGEXP_LIKE(price, '(a+)+') THEN '1' END",
        "regexp_count(price, '(a+)+')",
        "regexp_extract(price, '(a+)+', 1)",
        "regexp_extract_all(price, '(a+)+', 1)[0]",
        "regexp_instr(price, '(a+)+')",
        "regexp_substr(upper(replace(price, 'a', 'b')), '(a+)+')",
        "split(price, '(a+)+')[0]",
        "str_to_map(price, '(a+)+')['a']",
        "str_to_map(price, ',', '(a+)+')['a']",
        "parse_url(price, 'QUERY', '(a+)+')",
        "try_parse_url(price, 'QUERY', '(a+)+')",
        "array_join(transform(array(price), x -> regexp_replace(x, '(a+)+', '')), '')",
        "coalesce(number(regexp_replace(price, '(a+)+', '')), 0)",
    ],
)
def test_each_function_that_takes_a_pattern_is_looked_at(spark: SparkSession, sql: str) -> None:
    assert "the regular expression (a+)+ repeats" in said(spark, sql)


def test_a_text_that_is_no_pattern_may_look_like_one(spark: SparkSession) -> None:
    for sql in ("replace(price, '(a+)+', '')", "regexp_replace('(a+)+', 'b', '(a+)+')", "parse_url(price, '(a+)+')"):
        assert said(spark, sql) == ""


def test_a_pattern_that_a_file_could_write_and_one_with_comments_are_refused(spark: SparkSession) -> None:
    for sql in ("regexp_replace('a', price, '')", "split(price, 'a' || 'b')[0]", "price RLIKE lower('A')"):
        assert "a regular expression is written out" in said(spark, sql)
    for pattern in ("(?x)a # [", "(?ix:a)"):
        assert "write it without (?x)" in said(spark, f"regexp_replace(price, '{pattern}', '')")
