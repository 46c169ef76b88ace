"""Which rules a row of a feed breaks, and when the rules are other ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.silver.rules import RowRule, broken_rules, rules_fingerprint

NEGATIVE = RowRule("negative", "orders", "quarantine", "must not be negative", lambda: F.col("n") < 0)
ODD = RowRule("odd", "orders", "quarantine", "must be even", lambda: F.col("n") % 2 != 0)
RULES = [
    NEGATIVE,
    ODD,
    replace(NEGATIVE, code="of another feed", feed="returns"),
    replace(NEGATIVE, code="a warning", severity="warn"),
]


@pytest.mark.parametrize(
    ("rules", "accept", "expected"),
    [
        (RULES, (), {-1: ["negative", "odd"], -2: ["negative"], 2: [], None: []}),
        (RULES, ("negative",), {-1: ["odd"], -2: [], 2: [], None: []}),
        (RULES[2:], (), {-1: [], -2: [], 2: [], None: []}),
    ],
)
def test_a_row_breaks_the_rules_of_its_feed_that_quarantine_and_are_not_accepted(
    spark: SparkSession, rules: list[RowRule], accept: tuple[str, ...], expected: dict[int | None, list[str]]
) -> None:
    rows = spark.createDataFrame([(n,) for n in expected], "n int").select("n", broken_rules(rules, "orders", accept))
    assert {row[0]: row[1] for row in rows.collect()} == expected


def test_rules_are_others_once_anything_but_their_sentence_is(spark: SparkSession) -> None:
    known = rules_fingerprint([NEGATIVE, ODD])
    assert known == rules_fingerprint([ODD, replace(NEGATIVE, sentence="is below zero")])
    others = [
        [NEGATIVE],
        [ODD, replace(NEGATIVE, code="below_zero")],
        [ODD, replace(NEGATIVE, feed="returns")],
        [ODD, replace(NEGATIVE, severity="warn")],
        [ODD, replace(NEGATIVE, is_broken=lambda: F.col("n") <= 0)],
    ]
    assert len({known, *map(rules_fingerprint, others)}) == 1 + len(others)
