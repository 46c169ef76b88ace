"""Defects are planted where they show, as often as the profile says."""

from __future__ import annotations

import unicodedata

import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from lakehouse.world.chance import Chance
from lakehouse.world.plant import with_defects, with_missing

CHANCE = Chance(3)


def planted(spark: SparkSession, file_kind: str, kind: str, share: float = 1.0, rows: int = 1, **row: str) -> list[Row]:
    """What becomes of rows with these values, in the order of rows and their twins."""
    values = spark.range(rows).withColumns({name: F.lit(value) for name, value in row.items()})
    return with_defects(values, file_kind, list(row), {kind: share}, CHANCE, "id").orderBy("id", "_copy").collect()


def test_mojibake_is_utf8_read_as_latin1(spark: SparkSession) -> None:
    [row] = planted(spark, "orders", "mojibake", ship_city="Nîmes")
    assert (row.ship_city, row._defect) == ("NÃ®mes", "mojibake")
    assert row.ship_city.encode("latin-1").decode() == "Nîmes"


@pytest.mark.parametrize(
    ("file_kind", "kind", "row"),
    [
        ("orders", "mojibake", {"ship_city": "Leeds"}),
        ("customers", "email_nfd", {"email": "ada@example.com", "updated_at": "2024-01-01T00:00:00Z"}),
    ],
)
def test_a_defect_that_would_change_nothing_is_not_planted(
    spark: SparkSession, file_kind: str, kind: str, row: dict[str, str]
) -> None:
    [only] = planted(spark, file_kind, kind, **row)
    assert only._defect is None
    assert {name: only[name] for name in row} == row


def test_an_email_comes_again_with_letters_and_marks_apart(spark: SparkSession) -> None:
    row, twin = planted(spark, "customers", "email_nfd", email="zoë@example.com", updated_at="2024-02-28T10:00:00Z")
    assert row.email == "zoë@example.com"
    assert (twin.email, twin.updated_at) == (unicodedata.normalize("NFD", row.email), "2024-02-29T10:00:00Z")
    assert (row._outcome, twin._outcome) == ("accepted", "superseded")


def test_a_correction_says_the_right_thing_later(spark: SparkSession) -> None:
    wrong, right = planted(spark, "orders", "correction", quantity="2", updated_at="2024-02-29T10:00:00Z")
    assert (wrong.quantity, wrong.updated_at, wrong._outcome) == ("3", "2024-02-29T10:00:00Z", "superseded")
    assert (right.quantity, right.updated_at, right._outcome) == ("2", "2024-03-01T10:00:00Z", "accepted")
    assert wrong._late == 0
    assert 1 <= right._late <= 20


def test_rows_are_late_by_up_to_sixty_days(spark: SparkSession) -> None:
    days = {row._late for row in planted(spark, "orders", "late", rows=2_000, quantity="1")}
    assert days == set(range(1, 61))


def test_local_time_is_what_the_clocks_of_the_shop_show(spark: SparkSession) -> None:
    [summer] = planted(spark, "orders", "local_time", ordered_at="2024-07-01T10:00:00Z")
    [winter] = planted(spark, "orders", "local_time", ordered_at="2024-01-01T10:00:00Z")
    assert (summer.ordered_at, winter.ordered_at) == ("2024-07-01 11:00:00", "2024-01-01 10:00:00")


def test_an_offset_names_the_same_instant(spark: SparkSession) -> None:
    [row] = planted(spark, "orders", "other_time_zone", ordered_at="2024-01-31T23:30:00Z")
    assert row.ordered_at == "2024-02-01T01:30:00+02:00"


@pytest.mark.parametrize(
    ("file_kind", "kind", "row", "expected"),
    [
        ("orders", "local_time", {"ordered_at": "2024-07-01T12:00:00Z"}, [{"ordered_at": "2024-07-01T12:00:00Z"}]),
        ("orders", "orphan_product", {"product_id": "P1"}, [{"product_id": "XP1"}]),
        ("orders", "negative_quantity", {"quantity": "2"}, [{}]),
        # Of the two the later one is right.
        ("orders", "correction", {"quantity": "2", "updated_at": "2024-01-01T00:00:00Z"}, [{}, {"quantity": "2"}]),
        (
            "customers",
            "email_case_and_blanks",
            {"email": "a@example.com", "updated_at": "2024-01-01T00:00:00Z"},
            [{"email": "a@example.com"}, {}],
        ),
    ],
)
def test_the_truth_says_what_the_lake_must_say_of_accepted_rows(
    spark: SparkSession, file_kind: str, kind: str, row: dict[str, str], expected: list[dict[str, str]]
) -> None:
    assert [one._expected for one in planted(spark, file_kind, kind, **row)] == expected


def test_a_share_of_the_rows_has_a_defect_and_the_others_are_as_they_were(spark: SparkSession) -> None:
    rows = planted(spark, "orders", "negative_quantity", share=0.2, rows=4_000, quantity="2")
    spoiled = [row for row in rows if row._defect]
    assert len(spoiled) == pytest.approx(800, abs=80)
    assert {row.quantity for row in spoiled} == {"-2"}
    assert {(row.quantity, row._outcome) for row in rows if not row._defect} == {("2", "accepted")}


def test_a_share_of_the_values_is_missing_and_each_is_named(spark: SparkSession) -> None:
    values = spark.range(4_000).withColumns({"phone": F.lit("1"), "gender": F.lit("other")})
    rows = with_missing(values, ["phone", "gender"], 0.15, CHANCE, "id").collect()
    for name in ("phone", "gender"):
        assert sum(row[name] is None for row in rows) == pytest.approx(600, abs=70)
        assert all((row[name] is None) == (name in row._missing) for row in rows)
    assert sum(len(row._missing) == 2 for row in rows) == pytest.approx(90, abs=30)
