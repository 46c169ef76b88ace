"""Text to typed values: strict, and never a guess."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.prepared import WHITE_SPACE, trimmed
from lakehouse.sources.mapping.values import has_offset, marks
from lakehouse.tables.model import Field
from tests.sources.mapping.typed_at_once import typed

PLAIN = FileKind(pattern=("x",), columns=("t",), date_formats=("yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss"))
COMMA = FileKind(pattern=("x",), columns=("t",), decimal_mark=",", thousands_mark=".")
AMERICAN = FileKind(pattern=("x",), columns=("t",), date_formats=("MM-dd-yy", "MM/dd/yyyy"))
MIXED = FileKind(pattern=("x",), columns=("t",), format=("csv", "xlsx"), date_formats=("dd/MM/yyyy HH:mm",))
"""Texts as people write them, beside a workbook and its own dates."""
MONEY, WHOLE, DAY, WHEN, YES = "DECIMAL(18,4)", "INT", "DATE", "TIMESTAMP", "BOOLEAN"
UNREAD = ["unparsable:t"]

CASES: list[tuple[str, FileKind, str, Any, list[str]]] = [
    ("10.50", PLAIN, MONEY, Decimal("10.5"), []),
    ("-.5", PLAIN, MONEY, Decimal("-0.5"), []),
    ("10,50", PLAIN, MONEY, None, UNREAD),
    ("1e3", PLAIN, MONEY, None, UNREAD),
    ("NaN", PLAIN, MONEY, None, UNREAD),
    ("1,234.50", PLAIN, MONEY, None, UNREAD),
    ("1.00001", PLAIN, MONEY, Decimal("1.0000"), ["excess_scale:t"]),
    ("1.00000", PLAIN, MONEY, Decimal("1"), []),
    ("123456789012345678", PLAIN, MONEY, None, UNREAD),
    ("10,50", COMMA, MONEY, Decimal("10.5"), []),
    ("1.234.567,8", COMMA, MONEY, Decimal("1234567.8"), []),
    ("12.34", COMMA, MONEY, None, UNREAD),
    ("1234.567", COMMA, MONEY, None, UNREAD),
    ("1.23.456", COMMA, MONEY, None, UNREAD),
    ("1.2345", COMMA, MONEY, None, UNREAD),
    (".123", COMMA, MONEY, None, UNREAD),
    ("123.456", COMMA, MONEY, Decimal("123456"), []),
    ("10.50", COMMA, MONEY, None, UNREAD),
    ("0006", PLAIN, WHOLE, 6, []),
    ("6.0", PLAIN, WHOLE, 6, []),
    ("6.5", PLAIN, WHOLE, None, UNREAD),
    ("3000000000", PLAIN, WHOLE, None, UNREAD),
    ("01-02-22", AMERICAN, DAY, date(2022, 1, 2), []),
    ("01/02/2022", AMERICAN, DAY, date(2022, 1, 2), []),
    ("13/02/2022", AMERICAN, DAY, None, UNREAD),
    ("2022-02-30 10:00:00", PLAIN, WHEN, None, UNREAD),
    ("2022-07-01 12:00:00", PLAIN, WHEN, datetime(2022, 7, 1, 10), []),
    ("2022-07-01T12:00:00+05:00", PLAIN, WHEN, datetime(2022, 7, 1, 7), []),
    ("01/07/2022 12:00", MIXED, WHEN, datetime(2022, 7, 1, 10), []),
    ("2022-07-01T12:00:00", MIXED, WHEN, datetime(2022, 7, 1, 10), []),
    ("2022-07-01T12:00:00.123456789", MIXED, WHEN, datetime(2022, 7, 1, 10, microsecond=123456), []),
    ("2022-07-01T12:00:00.5Z", MIXED, WHEN, datetime(2022, 7, 1, 12, microsecond=500000), []),
    ("2022-07-01", MIXED, DAY, date(2022, 7, 1), []),
    ("2022-07-01 12:00", MIXED, WHEN, None, UNREAD),
    ("2022-07-01", AMERICAN, DAY, None, UNREAD),
    ("Yes", PLAIN, YES, True, []),
    ("0", PLAIN, YES, False, []),
    ("perhaps", PLAIN, YES, None, UNREAD),
]


def test_texts_are_read_as_declared_or_not_at_all(spark: SparkSession) -> None:
    one_row = spark.range(1)
    columns = []
    for number, (text, kind, type_name, _, _) in enumerate(CASES):
        field = Field("t", type_name, "")
        result = typed(spark_literal(text), "string", field, kind, "Europe/Berlin", default=None, required=False)
        columns += [result.value.alias(f"v{number}"), F.array_compact(F.array(*result.reasons)).alias(f"r{number}")]
    row = one_row.select(*columns).collect()[0]
    found = [(case[0], row[f"v{number}"], row[f"r{number}"]) for number, case in enumerate(CASES)]
    assert found == [(text, value, reasons) for text, _, _, value, reasons in CASES]


TIMES: list[tuple[str, str, str]] = [
    ("2024-01-05 00:30:00", "2024-01-04 23:30:00", "2024-01-05 00:30:00"),
    ("2024-01-04T23:30:00Z", "2024-01-04 23:30:00", "2024-01-05 00:30:00"),
    ("2024-01-31T23:30:00Z", "2024-01-31 23:30:00", "2024-02-01 00:30:00"),
    ("2024-02-01T00:30:00+05:00", "2024-01-31 19:30:00", "2024-01-31 20:30:00"),
    ("2024-06-30T22:30:00Z", "2024-06-30 22:30:00", "2024-07-01 00:30:00"),
]
"""As a shop in Berlin writes them; in UTC; as its clocks showed them."""


def test_a_time_is_an_instant_and_what_the_clocks_of_the_source_showed(spark: SparkSession) -> None:
    columns, days = [], []
    for number, (text, _, _) in enumerate(TIMES):
        when, day = (
            typed(
                spark_literal(text),
                "string",
                Field("t", name, ""),
                PLAIN,
                "Europe/Berlin",
                default=None,
                required=False,
            )
            for name in (WHEN, DAY)
        )
        columns.append(F.array(when.value.cast("string"), when.local.cast("string")).alias(f"t{number}"))
        days.append(day.value.cast("string").alias(f"d{number}"))
    row = spark.range(1).select(*columns, *days).collect()[0]
    found = [(text, *row[f"t{number}"]) for number, (text, _, _) in enumerate(TIMES)]
    assert found == TIMES
    assert [row[f"d{number}"] for number in range(len(TIMES))] == [local[:10] for _, _, local in TIMES]


@pytest.mark.parametrize("kind", ["timestamp", "timestamp_ntz"])
def test_a_time_that_an_expression_of_the_source_reads_is_what_its_clocks_showed(
    spark: SparkSession, kind: str
) -> None:
    given, shown = f"CAST('2024-02-01 00:30:00' AS {kind})", []
    for name in (WHEN, DAY):
        result = typed(given, kind, Field("t", name, ""), PLAIN, "Europe/Berlin", default=None, required=False)
        shown += [result.value.cast("string"), result.local.cast("string")]
    [instant, local, day, _] = spark.range(1).select(*shown).collect()[0]
    assert (instant, local, day) == ("2024-01-31 23:30:00", "2024-02-01 00:30:00", "2024-02-01")


def test_a_missing_value_is_an_error_only_where_it_is_required(spark: SparkSession) -> None:
    nothing = "CAST(NULL AS STRING)"
    row = (
        spark.range(1)
        .select(
            *(
                F.array_compact(
                    F.array(*typed(nothing, "string", Field("t", WHOLE, ""), PLAIN, "UTC", **how).reasons)
                ).alias(name)
                for name, how in {
                    "optional": {"default": None, "required": False},
                    "required": {"default": None, "required": True},
                    "default": {"default": "7", "required": True},
                }.items()
            )
        )
        .collect()[0]
    )
    assert (row["optional"], row["required"], row["default"]) == ([], ["missing:t"], [])


@pytest.mark.parametrize(
    ("pattern", "expected"), [("yyyy-MM-dd'T'HH:mm:ssXXX", True), ("yyyy-MM-dd'X'HH", False), ("HH:mm z", True)]
)
def test_a_pattern_has_an_offset_where_it_reads_one(pattern: str, expected: bool) -> None:
    assert has_offset(pattern) is expected


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("yyyy-MM-dd HH:mm:ss", "--::"),
        ("dd.MM.yyyy", ".."),
        ("yyyyMMdd", ""),
        ("yyyy/MM/dd'T-'HH:mm", "//:"),
        ("yyyyMMdd[ HH:mm[:ss].S]", ""),
        ("yyyy-MM-dd[ HH:mm[:ss].S]", "--"),
    ],
)
def test_a_text_needs_the_signs_that_no_quote_and_no_option_of_its_pattern_holds(pattern: str, needed: str) -> None:
    assert marks(pattern) == needed


def test_white_space_of_any_kind_is_taken_from_the_ends_of_texts_alone(spark: SparkSession) -> None:
    ends = ["", "a", "!", "~", "\x7f", "é", "😀", *WHITE_SPACE]
    texts = sorted({f"{first}{middle}{last}" for first in ends for middle in ("", "b c") for last in ends})
    rows = spark.createDataFrame([(text,) for text in texts], "text STRING")
    found = {row["text"]: row["trimmed"] for row in rows.withColumn("trimmed", trimmed("text")).collect()}
    assert found == {text: text.strip(WHITE_SPACE) for text in texts}
