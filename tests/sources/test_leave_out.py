"""Rows of no interest: what a declaration may say of them, and which rows it then means."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.left_out import with_left_out
from lakehouse.sources.mapping.refuse import refuse
from lakehouse.sources.model import Source

pytestmark = pytest.mark.spark


def kind(*leave_out: dict[str, Any], **more: Any) -> FileKind:
    return FileKind.model_validate({"pattern": "*.csv", "columns": ["id", "kind"], "leave_out": leave_out} | more)


def source(where: str) -> Source:
    feed = {"file": "rows", "columns": {"currency": "id", "rate_date": "kind", "exchange_rate": "kind"}}
    return Source(
        name="shop", currency="GBP", time_zone="UTC", fingerprint="f", feeds={"fx_rates": feed},
        files={"rows": kind({"where": where, "why": "no rate"})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("leave_out", "more", "says"),
    [
        ({"where": " ", "why": "x"}, {}, "is blank"),
        ({"where": "true", "why": "\t"}, {}, "is blank"),
        ({"where": "true"}, {}, "Field required"),
        ({"where": "true", "why": "two\nlines"}, {}, "one line"),
        ({"where": "true", "why": "\x1b[2J"}, {}, "one line"),
        ({"where": "true", "why": "x" * 201}, {}, "at most 200"),
        ({"where": "true", "why": "x"}, {"ignored": True}, "the kind is ignored"),
    ],
)
def test_rows_are_left_out_on_a_condition_and_for_a_reason_in_one_line(
    leave_out: dict[str, Any], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        kind(leave_out, **more)


def test_the_first_condition_that_is_true_counts_and_null_is_not_true(spark: SparkSession) -> None:
    rows = spark.createDataFrame(
        [("1", "fee", []), ("2", "sale", []), ("3", None, []), ("4", "fee", ["unreadable_row"]), ("5", "test", [])],
        "id string, kind string, _problems array<string>",
    )
    declared = kind(
        {"where": "kind = 'fee'", "why": "fee"},
        {"where": "kind <> 'sale'", "why": "no sale"},
        {"where": "kind = 'test'", "why": "never said"},
    )
    found = {row["id"]: row["_left_out"] for row in with_left_out(rows, source("true"), declared).collect()}
    assert found == {"1": "fee", "2": None, "3": None, "4": None, "5": "no sale"}
    assert {row["_left_out"] for row in with_left_out(rows, source("true"), kind()).collect()} == {None}


@pytest.mark.parametrize("where", ["number(kind) = 0", "coalesce(number(kind), 0) = 0"])
def test_a_number_that_does_not_read_leaves_no_row_out(spark: SparkSession, where: str) -> None:
    rows = spark.createDataFrame(
        [("1", "0,00", []), ("2", "5,00", []), ("3", "x", [])], "id string, kind string, _problems array<string>"
    )
    declared = kind({"where": where, "why": "nothing"}, decimal_mark=",")
    found = {row["id"]: row["_left_out"] for row in with_left_out(rows, source("true"), declared).collect()}
    assert found == {"1": "nothing", "2": None, "3": None}


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("reflect('java.lang.System', 'exit', '1') IS NULL", "files.rows.leave_out: the function reflect"),
        ("rand() > 0.5", "files.rows.leave_out: the function rand"),
        ("kind = (SELECT 1)", "files.rows.leave_out: not allowed is a sub-query"),
    ],
)
def test_a_condition_is_made_of_what_any_expression_may_be_made_of(spark: SparkSession, where: str, says: str) -> None:
    for refusing in (refuse, check_source):
        with pytest.raises(ConfigurationError, match=r"conf/sources/shop\.toml") as refused:
            refusing(spark, source(where))
        assert says in str(refused.value)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("knd = 'fee'", "there is no column `knd`"),
        ("upper(kind)", "leave_out: [DATATYPE_MISMATCH"),
        ("kind = ", "PARSE"),
    ],
)
def test_a_condition_that_cannot_be_is_named_with_its_place(spark: SparkSession, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=r"files\.rows\.leave_out") as refused:
        check_source(spark, source(where))
    assert says in str(refused.value)
