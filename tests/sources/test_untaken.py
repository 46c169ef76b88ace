"""Which kinds of file may have rows that no feed takes, and by which conditions feeds take some."""

from __future__ import annotations

from typing import Any

from lakehouse.sources.model import Source
from lakehouse.sources.untaken import kinds_to_look_through

LINES = dict.fromkeys(("order_id", "line_number", "product_id", "ordered_at", "quantity", "unit_price"), "a")
CUSTOMERS = {"customer_id": "a"}


def looked_through(files: dict[str, Any], **feeds: dict[str, Any]) -> dict[str, set[str]]:
    kinds = {
        name: more if "same_as" in more else {"pattern": name, "columns": ["a"]} | more for name, more in files.items()
    }
    declared = {name: {"columns": CUSTOMERS if name == "customers" else LINES} | more for name, more in feeds.items()}
    values = {"name": "x", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f", "files": kinds, "feeds": declared}
    return kinds_to_look_through(Source.model_validate(values))


def test_a_feed_or_a_join_without_a_filter_takes_all() -> None:
    join = [{"file": "heads", "role": "lookup", "on": {"a": "a"}}]
    assert looked_through({"rows": {}, "heads": {}}, order_lines={"file": "rows", "join": join}) == {}


def test_filters_of_all_feeds_and_joins_are_asked_under_whatever_name() -> None:
    join = [{"file": "again", "role": "lookup", "on": {"a": "a"}, "filter": "a = '3'"}]
    found = looked_through(
        {"rows": {}, "again": {"same_as": "rows"}},
        order_lines={"file": "rows", "filter": "a = '1'", "join": join},
        customers={"file": "rows", "filter": "a = '2'"},
    )
    assert found == {"rows": {"a = '1'", "a = '2'", "a = '3'"}}


def test_of_a_kind_that_no_feed_names_all_rows_are_left_but_of_one_that_is_ignored_none() -> None:
    files: dict[str, Any] = {"rows": {}, "other": {}, "known": {"ignored": True}}
    assert looked_through(files, order_lines={"file": "rows"}) == {"other": set()}
