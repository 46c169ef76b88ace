"""What a declaration may say of rows under a second name, of values filled down and of repeated rows."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lakehouse.bronze.discover import kind_of
from lakehouse.quarantine.masking import shown_columns
from lakehouse.sources.model import Source

LINE = {"order_id": "name", "line_number": "_position", "ordered_at": "at", "quantity": "1", "unit_price": "1"}


def declared(feed: dict[str, Any] | None = None, **files: Any) -> Source:
    export = {"pattern": "*.csv", "columns": ["name", "at", "mail", "state"]} | files.pop("export", {})
    lines = {"file": "export", "position_within": "name", "columns": LINE} | (feed or {})
    return Source.model_validate(
        {"name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f"}
        | {"files": {"export": export, **files}, "feeds": {"order_lines": lines}}
    )


def test_a_kind_that_is_the_same_as_another_has_its_columns_and_its_table_but_no_files() -> None:
    source = declared(heads={"same_as": "export"}, export={"date_formats": "dd.MM.yyyy"})
    assert source.files["heads"].columns == source.files["export"].columns
    assert source.files["heads"].date_formats == ("dd.MM.yyyy",)
    assert source.table("heads") == source.table("export")
    assert [table.name for table in source.tables] == ["bronze.shop_export"]
    assert kind_of("june.csv", source) == "export"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"heads": {"same_as": "export", "pattern": "*"}}, "leave out pattern"),
        ({"heads": {"same_as": "exports"}}, "no file kind 'exports'"),
        ({"heads": {"same_as": "export"}, "tails": {"same_as": "heads"}}, "'heads' is another kind's rows itself"),
        ({"heads": {"same_as": "heads"}}, "'heads' is another kind's rows itself"),
        ({"export": {"fill_down": {"within": ["number"], "columns": ["state"]}}}, "not among columns: number"),
        ({"export": {"fill_down": {"within": ["name"], "columns": ["name"]}}}, "name cannot both name the group"),
        ({"export": {"fill_down": {"within": ["name"], "columns": []}}}, "at least 1 item"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(files: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        declared(**files)


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ({"join": [{"file": "export", "role": "header", "on": {"name": "name"}}]}, 'same_as = "export"'),
        ({"repeats": "copies", "position_within": []}, "only where position_within numbers rows"),
    ],
)  # fmt: skip
def test_a_feed_that_cannot_be_is_refused_with_what_to_do(feed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        declared(feed)


def test_a_value_that_identifies_a_person_under_one_name_is_shown_under_no_other() -> None:
    join = [{"file": "heads", "role": "header", "on": {"name": "name"}}]
    columns = LINE | {"customer_id": "mail", "ship_postal_code": "heads.mail", "order_status": "heads.state"}
    shown = shown_columns(declared({"join": join, "columns": columns}, heads={"same_as": "export"}))
    assert "mail" not in shown["export"] | shown["heads"]
    assert {"state"} <= shown["heads"]
