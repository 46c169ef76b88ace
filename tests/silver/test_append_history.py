"""Histories grown by what is later are the histories of all there is."""

from __future__ import annotations

import random
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.silver import append_history, versions
from lakehouse.tables.reasons import Outcome

WORLDS, DAYS = 60, 12


def rows_of(spark: SparkSession, seed: int) -> DataFrame:
    """Many small worlds at once, a key each: a few days on which it says something, some of it bad or twofold."""
    chance = random.Random(seed)
    given = []
    for world in range(WORLDS):
        said = [
            (f"K{world}", datetime(2024, 1, 1 + chance.randrange(DAYS)), chance.choice("xy"), chance.random() < 0.25)
            for _ in range(chance.randrange(1, 9))
        ]
        cut = chance.randrange(DAYS + 1)
        given += [(*row, row[1].day > cut, number) for number, row in enumerate(said)]
    schema = "_unit STRING, at TIMESTAMP, says STRING, _bad BOOLEAN, is_late BOOLEAN, _row_in_file BIGINT"
    return spark.createDataFrame(given, schema).select(
        "*",
        F.col("_unit").alias("_key"),
        F.lit("f").alias("_file_delivery"),
        F.struct(F.col("at").alias("v0")).alias("_version"),
        F.xxhash64("says").alias("_content"),
    )


def accepted(judged: DataFrame) -> DataFrame:
    table = judged.where(F.col("_outcome") == Outcome.ACCEPTED)
    names = ("says", "valid_from", "valid_to", "is_current", "has_newer_quarantined")
    return table.select(F.col("_unit").alias("_unit_key"), F.col("_content").alias("_row_hash"), *names)


def texts(table: DataFrame) -> list[tuple[object, ...]]:
    """As texts: Python's clock does not reach the first instant."""
    return sorted(tuple(row) for row in table.select(*(F.col(name).cast("string") for name in table.columns)).collect())


def test_growing_a_history_is_deriving_it_whole(spark: SparkSession) -> None:
    rows = rows_of(spark, seed=1).persist()
    before = accepted(versions.history(rows.where("NOT is_late")))
    fresh = append_history.with_known(rows.where("is_late"), before)
    judged = versions.history(fresh)
    grown = accepted(judged).unionByName(append_history.prolonged(before, judged))
    assert texts(grown) == texts(accepted(versions.history(rows)))


def test_the_outcome_of_every_new_row_is_the_same_as_if_all_were_derived(spark: SparkSession) -> None:
    rows = rows_of(spark, seed=2).persist()
    before = accepted(versions.history(rows.where("NOT is_late")))
    names = ("_unit", "_row_in_file", "_outcome")
    grown = versions.history(append_history.with_known(rows.where("is_late"), before)).select(*names)
    assert texts(grown) == texts(versions.history(rows).where("is_late").select(*names))


def test_only_units_whose_new_rows_are_all_later_grow(spark: SparkSession) -> None:
    days = {name: datetime(2024, 1, day) for name, day in (("old", 1), ("known", 2), ("new", 3))}
    fresh = spark.createDataFrame(
        [
            ("later", days["new"]),
            ("same", days["known"]),
            ("mixed", days["new"]),
            ("mixed", days["old"]),
            ("untimed", None),
            ("untimed", days["new"]),
            ("unknown", days["old"]),
        ],
        "_unit STRING, at TIMESTAMP",
    ).select("_unit", F.struct(F.col("at").alias("v0")).alias("_version"))
    known = [(unit, days["known"]) for unit in ("later", "same", "mixed", "untimed")]
    lineage = spark.createDataFrame(known, "unit_key STRING, newest_at TIMESTAMP")
    found = {row["_unit"]: row["_is_later"] for row in append_history.units_in_time(fresh, lineage).collect()}
    assert found == {"later": True, "same": False, "mixed": False, "untimed": False, "unknown": True}
