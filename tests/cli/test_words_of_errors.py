"""What an engine says of rows that it chokes on stays off the terminal, where nobody asks for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.sql import SparkSession

from jobs.cli.words_of_errors import LEFT_OUT, words_of

NAME = "Ann O'Neil"
Broken = Callable[[SparkSession, str], object]


def constrained(path: str) -> None:
    write_deltalake(path, pa.table({"units": [1], "name": ["x"]}))
    DeltaTable(path).alter.add_constraint({"named": "name = 'x'"})


def by_spark(spark: SparkSession, path: str) -> None:
    constrained(path)
    rows = spark.createDataFrame([(-1, NAME)], "units bigint, name string")
    rows.write.format("delta").mode("append").save(path)


def by_delta_rs(_: SparkSession, path: str) -> None:
    constrained(path)
    write_deltalake(path, pa.table({"units": [-1], "name": [NAME]}), mode="append")


def by_a_cast_of_spark(spark: SparkSession, _: str) -> None:
    spark.createDataFrame([(NAME,)], "name string").selectExpr("cast(name as int)").collect()


def by_duckdb(_: SparkSession, __: str) -> None:
    duckdb.execute("SELECT ?::DATE", [NAME]).fetchall()


def by_a_value_over_lines(_: SparkSession, __: str) -> None:
    duckdb.execute("SELECT ?::INT", [f"a\n{NAME}\nb"]).fetchall()


def by_arrow(_: SparkSession, __: str) -> None:
    pa.array([NAME]).cast(pa.int32())


@pytest.mark.parametrize(
    "broken", [by_spark, by_delta_rs, by_a_cast_of_spark, by_duckdb, by_a_value_over_lines, by_arrow]
)
def test_a_row_that_an_engine_refuses_is_not_quoted_but_with_debug(
    spark: SparkSession, tmp_path: Path, broken: Broken
) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011  # each engine has its own
        broken(spark, str(tmp_path))
    shown = words_of(refused.value, is_ours=False, with_values=False)
    assert shown.startswith(f"{type(refused.value).__name__}: ")
    assert len(shown) > len(type(refused.value).__name__) + 10
    assert "Neil" not in shown
    assert "Neil" in words_of(refused.value, is_ours=False, with_values=True)


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ("internal error: task 7 panicked", "internal error: task 7 panicked"),
        ('cannot cast "Ann"', f"cannot cast {LEFT_OUT}"),
    ],
)
def test_what_came_over_grpc_says_what_happened(details: str, says: str) -> None:
    told = f'<_Rendezvous of RPC that terminated with:\n\tstatus = X\n\tdetails = "{details}"\n\tdebug = "y"\n>'
    error = SparkConnectGrpcException(told)
    assert words_of(error, is_ours=False, with_values=False) == f"SparkConnectGrpcException: {says}"


def test_what_else_goes_wrong_is_told_whole() -> None:
    for error in (FileNotFoundError(2, "No such file or directory", "a 'b' c"), KeyError("an 'x'")):
        assert str(error) in words_of(error, is_ours=False, with_values=False)
    ours = ValueError("orders.csv: 'Ann' is no date\nsecond line")
    assert words_of(ours, is_ours=True, with_values=False) == str(ours)


def test_an_error_without_words_tells_where_it_arose() -> None:
    with pytest.raises(ValueError, match=r"^$") as refused:
        raise ValueError
    assert "ValueError without a word, at line" in words_of(refused.value, is_ours=False, with_values=False)
    assert words_of(ValueError(), is_ours=False, with_values=False) == "ValueError"
