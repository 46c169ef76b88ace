"""Groups of one row are left out of windows where the engine pays for each group, and it cannot be told by the rows."""

from __future__ import annotations

from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse import groups
from lakehouse.engine.choose import engine_of
from lakehouse.groups import ALONE, WINDOWS, Over, in_groups

BY, ORDER = ["key"], ["at"]
# Alone, alone with nothing to say, two and three of a key, two of no key at all.
ROWS = [("a", 1, "x"), ("b", 2, None), ("c", 3, "p"), ("c", 4, None), ("d", 7, "q"), ("d", 5, None), ("d", 6, "r"),
        (None, 8, "s"), (None, 9, "t")]  # fmt: skip


def everything(rows: DataFrame, over: Over) -> DataFrame:
    value = F.col("value")
    found = {
        "least": over.least(value, BY), "greatest": over.greatest(value, BY), "count": over.count(BY),
        "number": over.number(BY, ORDER), "before": over.before(value, BY, ORDER),
        "after": over.after(value, BY, ORDER), "latest": over.latest(value, BY, ORDER),
    }  # fmt: skip
    for name, column in found.items():  # each in a step of its own: Sail takes two of a kind in one for the same
        rows = rows.withColumn(name, column)
    return rows


def told(rows: DataFrame) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in rows.collect()), key=lambda row: row[1])


@pytest.fixture
def given(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(ROWS, "key STRING, at INT, value STRING")


def test_all_that_windows_say_is_said_by_groups(given: DataFrame) -> None:
    # By hand, so that the windows themselves are held to it.
    assert told(in_groups(given, BY, everything)) == [
        ("a", 1, "x", "x", "x", 1, 1, None, None, "x"),
        ("b", 2, None, None, None, 1, 1, None, None, None),
        ("c", 3, "p", "p", "p", 2, 1, None, None, "p"),
        ("c", 4, None, "p", "p", 2, 2, "p", None, "p"),
        ("d", 5, None, "q", "r", 3, 1, None, "r", None),
        ("d", 6, "r", "q", "r", 3, 2, None, "q", "r"),
        ("d", 7, "q", "q", "r", 3, 3, "r", None, "q"),
        (None, 8, "s", "s", "t", 2, 1, None, "t", "s"),
        (None, 9, "t", "s", "t", 2, 2, "s", None, "t"),
    ]


@pytest.mark.parametrize("most", [1, 3, 6])
def test_many_rows_go_through_windows_part_by_part_each_of_whole_groups(
    given: DataFrame, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    whole = told(in_groups(given, BY, everything))
    monkeypatch.setattr(groups, "pays_for_each_group", lambda rows: True)
    monkeypatch.setattr(groups, "MOST_AT_ONCE", most)
    through: list[int] = []

    def counted(rows: DataFrame, over: Over) -> DataFrame:
        through.extend([rows.count()] if over is WINDOWS else [])
        return everything(rows, over)

    assert told(in_groups(given, BY, counted)) == whole
    assert (len(through), sum(through)) == (-(-7 // most), 7)


def test_the_columns_have_the_same_types_with_windows_and_alone(given: DataFrame) -> None:
    kinds = [dict(everything(given, over).dtypes) for over in (WINDOWS, ALONE)]
    assert kinds[0] == kinds[1]


def test_only_groups_of_which_a_row_tells_others_something_go_through_windows(
    given: DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "pays_for_each_group", lambda rows: True)
    through: dict[Over, list[int]] = {}

    def note(rows: DataFrame, over: Over) -> DataFrame:
        through[over] = sorted(row["at"] for row in rows.collect())
        return rows

    in_groups(given, BY, note)
    assert through == {WINDOWS: [3, 4, 5, 6, 7, 8, 9], ALONE: [1, 2]}
    in_groups(given, BY, note, speaks=F.col("value") == "r")
    assert through == {WINDOWS: [5, 6, 7], ALONE: [1, 2, 3, 4, 8, 9]}


def test_where_windows_cost_by_rows_all_go_through_them_once(given: DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "pays_for_each_group", lambda rows: False)
    through: list[Over] = []

    def note(rows: DataFrame, over: Over) -> DataFrame:
        through.append(over)
        return rows

    assert in_groups(given, BY, note) is given
    assert through == [WINDOWS]


def test_it_is_sail_that_pays_for_each_group(given: DataFrame) -> None:
    assert groups.pays_for_each_group(given) == (engine_of(given.sparkSession).name == "sail")
