"""The gate warns where an expression made NULL of something that is written, and tells where it says so itself."""

from __future__ import annotations

from typing import Any

import pytest

from lakehouse.lake import Lake
from lakehouse.sources.model import Source
from lakehouse.tables.column_names import stored_name
from quality.checks.business import business_checks
from quality.checks.made_nothing import losses, made_nothing
from quality.heads import Heads
from quality.thresholds import load_thresholds
from tests.lakes import write

SOURCE = Source.model_validate(
    {
        "name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
        "files": {"people": {"pattern": "*", "columns": ["id", "sex", "The Name"]}},
        "feeds": {
            "customers": {
                "file": "people",
                "filter": "id <> 'x'",
                "columns": {
                    "customer_id": "nullif(id, '9')", "gender": "nullif(sex, 'NA')", "city": "`The Name`",
                    "first_name": "nullif(concat(`The Name`, sex), 'aNA')", "region": "'here'",
                },
            }
        },
    }
)  # fmt: skip


def counted(
    lake: Lake, *rows: dict[str, Any], batches: tuple[int, ...] = (1,), source: Source = SOURCE
) -> tuple[float, str, tuple[str, ...]]:
    stored = ({stored_name(name): text for name, text in row.items()} for row in rows)
    placed = [row | {"_row_in_file": place, "_batch_id": 1} for place, row in enumerate(stored, 1)]
    write(lake.root, source.table("people"), placed)
    found = made_nothing(Heads(lake, (source,), batches), "customers")
    return found.figure, found.observed, found.examples


def test_rows_count_in_which_every_named_column_is_there_and_the_value_is_not(lake: Lake) -> None:
    rows = (
        {"id": "1", "sex": "NA"},
        {"id": "2", "sex": "F"},
        {"id": "3", "sex": None},
        {"id": "9", "sex": "F"},
        {"id": "x", "sex": "NA"},
    )
    assert counted(lake, *rows) == (0, "shop.customers.gender: 1 of 3 rows, as it says", ())


def test_nothing_is_looked_at_without_new_rows(lake: Lake) -> None:
    assert counted(lake, {"id": "1", "sex": "NA"}, batches=()) == (0, "", ())


def test_a_number_that_is_written_out_is_no_column_of_that_name() -> None:
    source = SOURCE.model_copy(
        update={
            "files": {"people": SOURCE.files["people"].model_copy(update={"columns": ("id", "7")})},
            "feeds": {
                "customers": SOURCE.feeds["customers"].model_copy(
                    update={"columns": {"customer_id": "id", "city": "left(id, 7)", "region": "nullif(`7`, id)"}}
                )
            },
        }
    )
    found = losses(source, "customers")
    assert found["city"].given == "`id` IS NOT NULL"
    assert found["region"].given == "`id` IS NOT NULL AND `7` IS NOT NULL"


def lossy(**columns: str) -> Source:
    feed = SOURCE.feeds["customers"]
    with_these = feed.model_copy(update={"columns": {"customer_id": "id", **columns}})
    return SOURCE.model_copy(update={"feeds": {"customers": with_these}})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("try_cast(sex AS INT)", (0.5, "1 of 2 rows")),
        ("nullif(try_cast(sex AS INT), 7)", (0.5, "2 of 2 rows, 1 of them as it says")),
        ("CASE WHEN sex = 'q' THEN 1 ELSE try_cast(sex AS INT) END", (0.5, "1 of 2 rows")),
        ("CASE WHEN sex <> '7' THEN try_cast(sex AS INT) END", (0.5, "2 of 2 rows, 1 of them as it says")),
        ("if(sex = '7', NULL, 'x')", (0, "1 of 2 rows, as it says")),
        ("CASE WHEN sex = '7' THEN 'x' END", (0, "1 of 2 rows, as it says")),
    ],
)
def test_what_no_word_of_an_expression_says_is_a_loss(lake: Lake, sql: str, expected: tuple[float, str]) -> None:
    share, words, _ = counted(lake, {"id": "1", "sex": "x"}, {"id": "2", "sex": "7"}, source=lossy(region=sql))
    assert (share, words) == (expected[0], f"shop.customers.region: {expected[1]}")


def test_the_first_row_of_a_loss_is_shown_and_what_may_identify_a_person_is_masked(lake: Lake) -> None:
    source = lossy(region="concat(try_cast(sex AS INT), `The Name`)", first_name="`The Name`")
    rows = ({"id": "1", "sex": "1", "The Name": "Ann"}, {"id": "2", "sex": "x", "The Name": "Bob"})
    [example] = counted(lake, *rows, source=source)[2]
    assert example.endswith(", row 2: sex = x, The Name = ***")


def test_the_check_warns_from_the_first_row_that_is_lost() -> None:
    [found] = [one for one in business_checks(load_thresholds(), {}) if one.rule == "silver.customers.made_nothing"]
    assert (found.severity, found.at_most) == ("warning", 0)


JOINED = Source.model_validate(
    {
        "name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
        "files": {
            "people": {"pattern": "p*", "columns": ["id", "sex"]},
            "places": {"pattern": "q*", "columns": ["id", "Town No", "land"]},
        },
        "feeds": {
            "customers": {
                "file": "people",
                "join": [{"file": "places", "role": "lookup", "on": {"id": "id"}, "filter": "land <> 'x'"}],
                "columns": {
                    "customer_id": "id", "region": "try_cast(places.`Town No` AS INT)",
                    "city": "nullif(places.land, 'no')", "gender": "coalesce(try_cast(places.land AS INT), sex)",
                },
            }
        },
    }
)  # fmt: skip


def test_expressions_over_a_joined_file_alone_are_looked_at_too(lake: Lake) -> None:
    rows = [
        {"id": "1", "Town No": "one", "land": "no"},
        {"id": "2", "Town No": "2", "land": "GB"},
        {"id": "3", "Town No": "three", "land": "x"},
    ]
    stored = [{stored_name(name): text for name, text in row.items()} for row in rows]
    placed = [row | {"_row_in_file": place, "_batch_id": 1} for place, row in enumerate(stored, 1)]
    write(lake.root, JOINED.table("places"), placed)
    write(lake.root, JOINED.table("people"), [{"id": "1", "sex": "F", "_row_in_file": 1, "_batch_id": 1}])
    found = made_nothing(Heads(lake, (JOINED,), (1,)), "customers")
    assert found.figure == 0.5
    assert found.observed == "shop.customers.city: 1 of 2 rows, as it says; shop.customers.region: 1 of 2 rows"
    [example] = found.examples
    assert example.endswith("row 1: Town No = one")
    assert "gender" not in losses(JOINED, "customers", "places"), "of two files it needs the join"
