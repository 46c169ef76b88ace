"""What of a row as sent is shown."""

from __future__ import annotations

from lakehouse.quarantine.masking import shown_columns
from lakehouse.sources.model import Source
from tests.bronze.shops import AB

FILES = {
    "lines": AB | {"columns": ["Order No", "Name", "Article Name", "a`b", "Price", "Mail"]},
    "articles": AB | {"columns": ["Article No", "Title"]},
}


def shown(lines: dict[str, str], **more: object) -> dict[str, set[str]]:
    needed = {"order_id": "`Order No`", "line_number": "1", "ordered_at": "'2024-01-01'", "quantity": "1"}
    columns = needed | {"product_id": "1", "unit_price": "1"} | lines
    declared = {"name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f"}
    feeds = {"order_lines": {"file": "lines", "columns": columns} | more}
    return shown_columns(Source.model_validate(declared | {"files": FILES, "feeds": feeds}))


def test_a_name_within_another_is_not_named() -> None:
    assert shown({"product_id": "trim(`Article Name`)"})["lines"] == {"Order No", "Article Name"}


def test_a_name_is_named_whatever_its_letters_and_its_case() -> None:
    assert shown({"unit_price": "`a``b` * PRICE"})["lines"] == {"Order No", "a`b", "Price"}


def test_what_identifies_a_person_is_not_shown() -> None:
    assert shown({"ship_postal_code": "lower(`Mail`)"})["lines"] == {"Order No"}


def test_the_columns_that_another_file_is_joined_on_are_shown() -> None:
    join = [{"file": "articles", "role": "lookup", "on": {"`Article Name`": "Article No"}}]
    assert shown({}, join=join)["articles"] == {"Article No"}
