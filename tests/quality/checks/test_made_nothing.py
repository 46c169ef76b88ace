"""The gate tells how often an expression made NULL of something that is written."""

from __future__ import annotations

from typing import Any

from lakehouse.lake import Lake
from lakehouse.sources.model import Source
from quality.checks.made_nothing import losses, made_nothing
from quality.heads import Heads
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


def counted(lake: Lake, *rows: dict[str, Any], batches: tuple[int, ...] = (1,)) -> tuple[float, str]:
    placed = [row | {"_row_in_file": place, "_batch_id": 1} for place, row in enumerate(rows, 1)]
    write(lake.root, SOURCE.table("people"), placed)
    found = made_nothing(Heads(lake, (SOURCE,), batches), "customers")
    return found.figure, found.observed


def test_rows_count_in_which_every_named_column_is_there_and_the_value_is_not(lake: Lake) -> None:
    rows = (
        {"id": "1", "sex": "NA"},
        {"id": "2", "sex": "F"},
        {"id": "3", "sex": None},
        {"id": "9", "sex": "F"},
        {"id": "x", "sex": "NA"},
    )
    assert counted(lake, *rows) == (1, "shop.customers.gender: 1 rows")


def test_nothing_is_looked_at_without_new_rows(lake: Lake) -> None:
    assert counted(lake, {"id": "1", "sex": "NA"}, batches=()) == (0, "")


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
    assert found["city"].startswith("`id` IS NOT NULL AND true")
    assert found["region"].startswith("`id` IS NOT NULL AND `7` IS NOT NULL AND true")
