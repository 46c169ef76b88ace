"""Fields of an order that stand on its first row alone: filled down, or joined from the same rows under another name.

What a run makes of the units that changed is what a rebuild makes of all, in whatever order and pieces files come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.settings import Calendar
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection, unread_rows
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LINEAGE, ORDER_LINES, QUARANTINE, RETURNS
from quality.rules import RULES
from tests.lakes import write

AS_OF = date(2024, 8, 1)
COLUMNS = ("at", "name", "state", "country", "sku", "qty", "note")
STATE = "CASE {} WHEN 'paid' THEN 'completed' WHEN 'voided' THEN 'cancelled' ELSE 'pending' END"
LINE = {"order_id": "name", "product_id": "sku", "ordered_at": "'2024-06-01'", "unit_price": "10"}
FILLED = Source.model_validate({
    "name": "filled", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
    "files": {"export": {"pattern": "*", "columns": COLUMNS, "null_values": ["-"], "fill_down": [
        {"within": [], "columns": ["name"]},
        {"within": ["name"], "columns": ["at", "state", "country"]},
    ]}},
    "feeds": {
        "order_lines": {
            "file": "export", "filter": "state <> 'test' AND note IS NULL", "version": "at",
            "position_within": "name",
            "columns": LINE | {
                "line_number": "_position", "quantity": "qty", "order_status": STATE.format("state"),
                "ship_country_name": "country",
            },
        },
        "returns": {
            "file": "export", "filter": "state = 'test' OR note IS NOT NULL", "version": "at",
            "columns": {
                "return_id": "concat(name, sku)", "order_id": "name", "returned_at": "'2024-06-02'", "quantity": "qty",
                "reason": "state",
            },
        },
    },
})  # fmt: skip
"""Each order's number, state and country on its first row alone, and not even there is the number of the next rows."""
JOINED = Source.model_validate({
    "name": "joined", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
    "files": {"export": {"pattern": "*", "columns": COLUMNS, "null_values": ["-"],
                         "fill_down": {"within": [], "columns": ["at", "name"]}},
              "heads": {"same_as": "export"}},
    "feeds": {
        "order_lines": {
            "file": "export", "version": "at", "position_within": "name",
            "join": [{"file": "heads", "role": "header", "on": {"name": "name"}, "filter": "state IS NOT NULL",
                      "version": "at"}],
            "columns": LINE | {
                "line_number": "_position", "quantity": "qty", "order_status": STATE.format("heads.state"),
                "ship_country_name": "heads.country",
            },
        },
    },
})  # fmt: skip
"""The same file, the fields of an order taken from its first row by the order's number."""
FIRST = ["2024-06-01,1,pending,FR,A,1,", ",,,,B,2,", "2024-06-01,2,paid,DE,A,3,", ",,-,,C,1,back"]
SECOND = ["2024-06-02,1,paid,FR,A,1,", ",,,,B,2,", ",,,,B,2,", "2024-06-02,3,voided,,A,1,", ",,,,C,9,"]
THIRD = ["2024-06-03,4,test,AT,A,1,", ",,,,C,1,", "2024-06-03,2,paid,BE,A,3,", ",,,,D,x,", ",,,,E,5,"]
DELIVERIES = (FIRST, SECOND, THIRD)
Said = dict[str, list[str]]


def arrives(lake: Lake, source: Source, number: int, rows: Sequence[str], delivery: str) -> None:
    origin = {"_batch_id": number, "_file_delivery": delivery, "_file_sha256": delivery}
    sent = [dict(zip(COLUMNS, (text or None for text in row.split(",")), strict=True)) for row in rows]
    placed: list[Mapping[str, Any]] = [row | origin | {"_row_in_file": place} for place, row in enumerate(sent, 1)]
    write(lake.root, source.table("export"), placed, mode="append")


def built(spark: SparkSession, root: Path, source: Source, order: Sequence[int], *, everything: bool = False) -> Lake:
    """A lake to which the deliveries came in an order, a run after each, or one run for all."""
    lake = Lake(spark, root, run_id="r", as_of=AS_OF)
    for table in (ORDER_LINES, RETURNS, QUARANTINE, LINEAGE):
        lake.ensure(table)
    numbers = tuple(range(1, len(order) + 1))
    for number, one in zip(numbers, order, strict=True):
        arrives(lake, source, number, DELIVERIES[one], f"delivery {one}")
        if not everything:
            build(lake, source, BatchSelection(numbers[: number - 1], (number,)))
    if everything:
        build(lake, source, BatchSelection((), numbers))
    return lake


def build(lake: Lake, source: Source, selection: BatchSelection) -> None:
    build_source(lake, source, RowCriteria(RULES, AS_OF, Calendar()), selection)


def said(lake: Lake) -> Said:
    lines = lake.read(ORDER_LINES).select(
        "order_id", "line_number", "product_id", "quantity", "order_status", "ship_country_code"
    )
    back = lake.read(RETURNS).select("return_id", "reason")
    refused = lake.read(QUARANTINE).selectExpr("feed", "file_kind", "raw_row", "array_join(reasons, '+')")
    became = lake.read(LINEAGE).select("feed", "file_kind", "unit_key", "outcome", "rows", "_file_delivery")
    named = {"lines": lines, "back": back, "refused": refused, "became": became}
    return {name: sorted(" ".join(map(str, row)) for row in rows.collect()) for name, rows in named.items()}


Ways = tuple[Said, Said]
"""After a run for each delivery, not in the order of their times; and after one run for all."""


def both_ways(spark: SparkSession, root: Path, source: Source) -> Ways:
    check_source(spark, source)
    one_by_one = built(spark, root / "one_by_one", source, (2, 0, 1))
    at_once = built(spark, root / "at_once", source, (0, 1, 2), everything=True)
    return said(one_by_one), said(at_once)


@pytest.fixture(scope="module")
def filled(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    return both_ways(spark, tmp_path_factory.mktemp("filled"), FILLED)


@pytest.fixture(scope="module")
def joined(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    return both_ways(spark, tmp_path_factory.mktemp("joined"), JOINED)


def test_what_the_first_row_of_an_order_says_holds_for_all_its_rows(filled: Ways) -> None:
    assert filled[0]["lines"] == [
        "1 1 A 1 completed FR",
        "1 2 B 2 completed FR",
        "1 3 B 2 completed FR",
        "2 1 A 3 completed BE",
        "2 3 E 5 completed BE",
        "3 1 A 1 cancelled None",
        "3 2 C 9 cancelled None",
    ]


def test_rows_that_another_feed_takes_see_the_values_above_them_too(filled: Ways) -> None:
    assert filled[0]["back"] == ["2C paid", "4A test", "4C test"]


def test_a_filled_row_is_in_quarantine_as_it_was_sent(filled: Ways) -> None:
    (refused,) = filled[0]["refused"]
    assert refused == 'order_lines export {"sku":"D","qty":"x"} unparsable:quantity'


def test_filling_down_is_the_same_in_any_order_and_any_pieces(filled: Ways) -> None:
    assert filled[0] == filled[1]


@pytest.mark.long
def test_a_file_joined_to_itself_gives_each_row_the_fields_of_its_orders_first(joined: Ways) -> None:
    assert joined[0]["lines"] == [
        "1 1 A 1 completed FR",
        "1 2 B 2 completed FR",
        "1 3 B 2 completed FR",
        "2 1 A 3 completed BE",
        "2 3 E 5 completed BE",
        "3 1 A 1 cancelled None",
        "3 2 C 9 cancelled None",
        "4 1 A 1 pending AT",
        "4 2 C 1 pending AT",
    ]


@pytest.mark.long
def test_rows_joined_under_another_name_are_accounted_for_as_far_as_they_are_taken(joined: Ways) -> None:
    heads = [one for one in joined[0]["became"] if one.split()[1] == "heads"]
    assert sum(int(one.split()[4]) for one in heads) == 7 - 1
    assert {one.split()[3] for one in heads} == {"accepted", "superseded"}


@pytest.mark.long
def test_a_file_joined_to_itself_gives_the_same_in_any_order_and_any_pieces(joined: Ways) -> None:
    assert joined[0] == joined[1]


def test_rows_are_read_where_a_feed_takes_them_under_another_name(spark: SparkSession, tmp_path: Path) -> None:
    files = JOINED.model_dump(by_alias=True)["files"]
    feed = JOINED.model_dump(by_alias=True)["feeds"]["order_lines"] | {"file": "heads", "join": [], "filter": "qty > 1"}
    feed["columns"] = LINE | {"line_number": "_position", "quantity": "qty"}
    source = Source.model_validate(
        JOINED.model_dump() | {"files": {"export": files["export"] | {"same_as": ""}, "heads": {"same_as": "export"}},
                               "feeds": {"order_lines": feed}, "fingerprint": "g"}
    )  # fmt: skip
    lake = Lake(spark, tmp_path, run_id="r", as_of=AS_OF)
    arrives(lake, source, 1, FIRST, "delivery 0")
    [unread] = unread_rows(lake, source, BatchSelection((), (1,)))
    assert (unread.kind, unread.rows) == ("export", 2)
