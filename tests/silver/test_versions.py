"""Which version of a thing counts, whatever order the rows came in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.silver import versions

MONDAY, TUESDAY, WEDNESDAY = (datetime(2024, 1, day) for day in (1, 2, 3))
FIRST, LAST = "0001-01-01 00:00:00", "9999-12-31 00:00:00"  # as text: Python's clock does not reach so far
Rows = list[dict[str, Any]]


@pytest.fixture
def rows(spark: SparkSession) -> Callable[[Rows], DataFrame]:
    """Rows of which each says only what the test is about; `says` is the content."""

    def build(given: Rows) -> DataFrame:
        schema = "_key STRING, at TIMESTAMP, says STRING, _bad BOOLEAN, _file_delivery STRING, _row_in_file BIGINT"
        full = [
            (
                row.get("key", "A"), row.get("at"), row["says"], row.get("bad", False),
                row.get("file", "f"), row.get("row", number),
            )
            for number, row in enumerate(given, 1)
        ]  # fmt: skip
        position = F.col("_row_in_file").cast("int").alias("_position")
        return spark.createDataFrame(full, schema).select(
            "*", F.struct(F.col("at").alias("v0")).alias("_version"), F.xxhash64("says").alias("_content"), position
        )

    return build


def outcomes(judged: DataFrame) -> list[tuple[str, str]]:
    return sorted((row["says"], row["_outcome"]) for row in judged.collect())


def history_of(given: DataFrame) -> list[tuple[Any, ...]]:
    kept = versions.history(given).where("_outcome = 'accepted'").orderBy("_key", "valid_from")
    times = [F.col(name).cast("string") for name in ("valid_from", "valid_to")]
    return [tuple(row) for row in kept.select("_key", "says", *times, "is_current").collect()]


def test_the_newest_version_wins_in_whatever_order_it_came(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "new", "at": TUESDAY}, {"says": "old", "at": MONDAY}]
    assert outcomes(versions.latest(rows(given))) == [("new", "accepted"), ("old", "superseded")]


def test_what_is_said_twice_is_said_once(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "x", "file": "g"}, {"says": "x", "file": "f"}]
    judged = versions.latest(rows(given)).collect()
    assert {row["_file_delivery"]: row["_outcome"] for row in judged} == {"f": "accepted", "g": "superseded"}


def test_of_equal_rows_of_one_file_the_first_stands_for_them(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"key": key, "says": "x", "row": row} for row in range(9, 0, -1) for key in "AB"]
    judged = versions.latest(rows(given)).where("_outcome = 'accepted'").collect()
    assert sorted((row["_key"], row["_row_in_file"]) for row in judged) == [("A", 1), ("B", 1)]


def test_two_contents_of_one_version_are_both_refused_and_the_older_one_stands(
    rows: Callable[[Rows], DataFrame],
) -> None:
    given = [{"says": "x", "at": TUESDAY}, {"says": "y", "at": TUESDAY}, {"says": "old", "at": MONDAY}]
    judged = versions.latest(rows(given))
    assert outcomes(judged) == [("old", "accepted"), ("x", "ambiguous"), ("y", "ambiguous")]
    [kept] = judged.where("_outcome = 'accepted'").collect()
    assert kept["has_newer_quarantined"]


def test_a_bad_newer_version_leaves_the_older_one_in_place_flagged(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "good", "at": MONDAY}, {"says": "bad", "at": TUESDAY, "bad": True}]
    judged = versions.latest(rows(given))
    assert outcomes(judged) == [("bad", "quarantined"), ("good", "accepted")]
    assert judged.where("_outcome = 'accepted'").first()["has_newer_quarantined"]  # type: ignore[index]


def test_a_bad_older_version_flags_nothing(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "good", "at": TUESDAY}, {"says": "bad", "at": MONDAY, "bad": True}]
    judged = versions.latest(rows(given))
    assert not judged.where("_outcome = 'accepted'").first()["has_newer_quarantined"]  # type: ignore[index]


@pytest.mark.parametrize("judged_by", [versions.latest, versions.history])
def test_only_a_refused_row_of_a_newer_version_flags_the_accepted_one(
    rows: Callable[[Rows], DataFrame], judged_by: Callable[[DataFrame], DataFrame]
) -> None:
    refused = {"before": MONDAY, "same": TUESDAY, "after": WEDNESDAY}
    given = [{"key": key, "says": "good", "at": TUESDAY} for key in refused]
    given += [{"key": key, "says": "bad", "at": at, "bad": True} for key, at in refused.items()]
    accepted = judged_by(rows(given)).where("_outcome = 'accepted'").select("_key", "has_newer_quarantined").collect()
    flagged = {row["_key"]: row["has_newer_quarantined"] for row in accepted}
    assert flagged == {"before": False, "same": False, "after": True}


def answered(judged: DataFrame) -> dict[str, bool]:
    """What each refused row says -> whether another has been accepted in its place."""
    refused = judged.where(F.col("_outcome").isin("quarantined", "ambiguous")).select("says", "_is_answered").collect()
    return {row["says"]: row["_is_answered"] for row in refused}


def test_a_refused_row_is_answered_by_an_accepted_one_of_its_version_or_a_newer(
    rows: Callable[[Rows], DataFrame],
) -> None:
    given = [
        {"says": "before", "at": MONDAY, "bad": True}, {"says": "same", "at": TUESDAY, "bad": True},
        {"says": "mended", "at": TUESDAY}, {"says": "after", "at": WEDNESDAY, "bad": True},
        {"says": "x", "at": MONDAY}, {"says": "y", "at": MONDAY}, {"key": "B", "says": "alone", "bad": True},
    ]  # fmt: skip
    assert answered(versions.latest(rows(given))) == {
        "before": True, "same": True, "after": False, "x": True, "y": True, "alone": False,
    }  # fmt: skip


def test_in_a_history_only_a_version_of_the_same_instant_answers(rows: Callable[[Rows], DataFrame]) -> None:
    given = [
        {"says": "mended later", "at": MONDAY, "bad": True}, {"says": "wrong", "at": TUESDAY, "bad": True},
        {"says": "right", "at": TUESDAY},
    ]  # fmt: skip
    assert answered(versions.history(rows(given))) == {"mended later": False, "wrong": True}


def test_a_newer_delivery_of_a_group_answers_the_bad_rows_of_the_older_and_not_its_own(
    rows: Callable[[Rows], DataFrame],
) -> None:
    given = [
        {"says": "old", "at": MONDAY, "file": "f", "row": 1},
        {"says": "old bad", "at": MONDAY, "file": "f", "row": 2, "bad": True},
        {"says": "new", "at": TUESDAY, "file": "g", "row": 1},
        {"says": "new bad", "at": TUESDAY, "file": "g", "row": 2, "bad": True},
        {"says": "newest", "at": WEDNESDAY, "file": "h", "row": 1, "bad": True},
    ]
    assert answered(versions.whole_groups(rows(given))) == {"old bad": True, "new bad": False, "newest": False}


def test_equal_rows_of_a_positional_file_are_different_lines(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "x"}, {"says": "x"}]
    assert outcomes(versions.whole_groups(rows(given))) == [("x", "accepted")] * 2


def test_a_newer_delivery_replaces_the_whole_group(rows: Callable[[Rows], DataFrame]) -> None:
    given = [
        {"says": "old 1", "at": MONDAY, "file": "f", "row": 1},
        {"says": "old 2", "at": MONDAY, "file": "f", "row": 2},
        {"says": "new 1", "at": TUESDAY, "file": "g", "row": 1},
    ]
    judged = outcomes(versions.whole_groups(rows(given)))
    assert judged == [("new 1", "accepted"), ("old 1", "superseded"), ("old 2", "superseded")]


def test_a_newer_delivery_without_one_valid_row_replaces_nothing(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "old", "at": MONDAY, "file": "f"}, {"says": "new", "at": TUESDAY, "file": "g", "bad": True}]
    assert outcomes(versions.whole_groups(rows(given))) == [("new", "quarantined"), ("old", "accepted")]


def test_a_group_delivered_again_counts_once_with_its_bad_rows(rows: Callable[[Rows], DataFrame]) -> None:
    given = [
        {"says": said, "file": file, "row": row, "bad": said == "bad"}
        for file in ("f", "g")
        for row, said in enumerate(("x", "bad", "x"), 1)
    ]
    judged = versions.whole_groups(rows(given)).groupBy("_file_delivery", "_outcome").count().collect()
    found = {(row["_file_delivery"], row["_outcome"]): row["count"] for row in judged}
    assert found == {("f", "accepted"): 2, ("f", "quarantined"): 1, ("g", "superseded"): 3}


def test_the_same_lines_in_another_order_are_another_group(rows: Callable[[Rows], DataFrame]) -> None:
    given = [
        {"says": "x", "file": "f", "row": 1}, {"says": "y", "file": "f", "row": 2},
        {"says": "y", "file": "g", "row": 1}, {"says": "x", "file": "g", "row": 2},
    ]  # fmt: skip
    assert {outcome for _, outcome in outcomes(versions.whole_groups(rows(given)))} == {"ambiguous"}


def test_history_holds_from_the_beginning_of_time_without_gaps(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": "Leeds", "at": TUESDAY}, {"says": "York", "at": MONDAY}, {"says": "Leeds", "at": WEDNESDAY}]
    assert history_of(rows(given)) == [
        ("A", "York", FIRST, str(TUESDAY), False),
        ("A", "Leeds", str(TUESDAY), LAST, True),
    ]


def test_a_member_that_moves_back_has_three_versions(rows: Callable[[Rows], DataFrame]) -> None:
    given = [{"says": place, "at": at} for place, at in (("a", MONDAY), ("b", TUESDAY), ("a", WEDNESDAY))]
    assert [says for _, says, *_ in history_of(rows(given))] == ["a", "b", "a"]


@pytest.mark.parametrize("seed", range(4))
def test_history_is_a_function_of_the_set_of_versions(rows: Callable[[Rows], DataFrame], seed: int) -> None:
    """Any world of versions: intervals touch, the first begins the world, equal neighbours are one."""
    chance = random.Random(seed)
    given = [
        {"key": chance.choice("AB"), "says": chance.choice("xyz"), "at": datetime(2024, 1, day), "row": day}
        for day in range(1, 15)
    ]
    shuffled = chance.sample(given, len(given))
    one, other = (history_of(rows(some)) for some in (given, shuffled))
    assert one == other
    for key in {row[0] for row in one}:
        mine = sorted((row for row in one if row[0] == key), key=lambda row: row[2])
        assert (mine[0][2], mine[-1][3]) == (FIRST, LAST)
        assert all(left[3] == right[2] and left[1] != right[1] for left, right in pairwise(mine))
