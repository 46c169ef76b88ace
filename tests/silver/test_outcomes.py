"""What lineage says of joined rows and of repairs."""

from __future__ import annotations

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.silver.outcomes import joined_outcomes, lineage_rows
from lakehouse.sources.model import Join
from lakehouse.tables.reasons import Outcome, RowReason

Row = tuple[str, str, list[str]]


def rows(spark: SparkSession, *of: Row) -> DataFrame:
    return spark.createDataFrame(list(of), "_unit string, _outcome string, _reasons array<string>")


def became(found: DataFrame) -> list[Row]:
    return sorted((row["_unit"], row["_outcome"], row["_reasons"]) for row in found.collect())


@pytest.fixture(scope="module")
def lines(spark: SparkSession) -> DataFrame:
    """Two lines of order 1, one of order 2."""
    return rows(spark, *((unit, Outcome.ACCEPTED, []) for unit in ("1", "1", "2")))


def test_a_header_is_counted_once_however_many_lines_it_has_and_told_where_it_has_none(
    spark: SparkSession, lines: DataFrame
) -> None:
    header = Join.model_validate({"file": "orders", "role": "header", "on": {"n": "n"}, "version": "changed"})
    sent = rows(
        spark, ("1", Outcome.ACCEPTED, []), ("2", Outcome.AMBIGUOUS, []), ("3", Outcome.ACCEPTED, []),
        ("4", Outcome.SUPERSEDED, []),
    )  # fmt: skip
    assert became(joined_outcomes(sent, lines, header)) == [
        ("1", Outcome.ACCEPTED, []),
        ("2", Outcome.QUARANTINED, [RowReason.AMBIGUOUS_VERSION]),
        ("3", Outcome.NO_LINES, []),
        ("4", Outcome.SUPERSEDED, []),
    ]


def test_a_row_that_is_looked_up_has_no_lines_of_its_own(spark: SparkSession, lines: DataFrame) -> None:
    look_up = Join.model_validate({"file": "towns", "role": "lookup", "on": {"n": "n"}, "version": "changed"})
    sent = rows(spark, ("9", Outcome.ACCEPTED, []), ("8", Outcome.QUARANTINED, ["x"]))
    assert became(joined_outcomes(sent, lines, look_up)) == [
        ("8", Outcome.QUARANTINED, ["x"]), ("9", Outcome.LOOKED_UP, []),
    ]  # fmt: skip


def test_repairs_count_in_rows_that_are_used(spark: SparkSession) -> None:
    used = (Outcome.ACCEPTED, Outcome.PENDING, Outcome.QUARANTINED, Outcome.SUPERSEDED)
    judged = [(outcome, repairs) for outcome in used for repairs in ([], ["trailing"], ["trailing", "quoted"])]
    types = "_outcome string, _repairs array<string>"
    all_of_them = spark.createDataFrame(judged, types).selectExpr(
        "*", "'orders' AS feed", "'lines' AS file_kind", "'1' AS _unit", "'s' AS _file_sha256",
        "'d' AS _file_delivery", "7L AS _batch_id", "TIMESTAMP '2024-01-01' AS _told_at",
    )  # fmt: skip
    found = {row["outcome"]: (row["rows"], row["rows_repaired"]) for row in lineage_rows(all_of_them, "shop").collect()}
    assert found == {
        Outcome.ACCEPTED: (3, 2), Outcome.PENDING: (3, 2), Outcome.QUARANTINED: (3, 0), Outcome.SUPERSEDED: (3, 0),
    }  # fmt: skip
