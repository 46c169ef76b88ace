"""What is delivered: files as a shop would send them, and defects that are where truth/defects says they are."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import Row

from lakehouse.world.defects import BY_FILE_KIND, MISSING
from lakehouse.world.order_rows import COLUMNS
from lakehouse.world.profile import Profile
from lakehouse.world.spoil import FILE_DEFECTS
from tests.world.conftest import MadeShop, Make

Record = Mapping[str, str | None]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")


def records(path: Path) -> list[Record]:
    """The rows of a file as texts, in their order; what is empty is NULL."""
    if path.suffix == ".parquet":
        return [{k: v and str(v) for k, v in row.items()} for row in pq.read_table(path).to_pylist()]
    if ".jsonl" in path.name:
        return [json.loads(line) for line in text_of(path).splitlines()]
    rows = csv.DictReader(io.StringIO(text_of(path), newline=""))
    return [{name: value or None for name, value in row.items()} for row in rows]


@pytest.fixture(scope="module")
def planted(shop: MadeShop) -> list[tuple[Row, Record]]:
    """Each recorded defect of a row, with the row that is in the file at that place."""
    found = shop.planted().collect()
    files = {name: records(shop.files / name) for name in {one.file for one in found}}
    return [(one, files[one.file][one.row - 1]) for one in found]


Shows = Callable[[Record], bool]


def starts(name: str, text: str) -> Shows:
    return lambda record: (record.get(name) or "").startswith(text)


def holds(name: str, pattern: str) -> Shows:
    return lambda record: re.search(pattern, record.get(name) or "") is not None


BROKEN_UTF8 = "[\u00c2-\u00c5][\u0080-\u00bf]"
SHOWS: Mapping[tuple[str, str], Shows] = {
    ("orders", "orphan_customer"): starts("customer_id", "XC"),
    ("orders", "orphan_product"): starts("product_id", "XP"),
    ("orders", "negative_quantity"): starts("quantity", "-"),
    ("orders", "absurd_quantity"): starts("quantity", "99999999"),
    ("orders", "decimal_comma"): holds("unit_price", r"^\d+,\d\d$"),
    ("orders", "impossible_date"): holds("ordered_at", "-02-30T"),
    ("orders", "future_date"): starts("ordered_at", "2048"),
    ("orders", "foreign_date_format"): holds("ordered_at", r"^\d\d/\d\d/\d{4} \d\d:\d\d$"),
    ("orders", "local_time"): holds("ordered_at", r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"),
    ("orders", "other_time_zone"): holds("ordered_at", r"\+02:00$"),
    ("orders", "unknown_currency"): starts("currency", "pounds"),
    ("orders", "mojibake"): holds("ship_city", BROKEN_UTF8),
    ("customers", "mojibake"): holds("last_name", BROKEN_UTF8),
    ("customers", "formula_text"): starts("company_name", "=HYPERLINK"),
    ("customers", "impossible_date"): starts("birth_date", "1979-02-30"),
    ("customers_csv", "mojibake"): holds("last_name", BROKEN_UTF8),
    ("customers_csv", "formula_text"): starts("company_name", "=HYPERLINK"),
    ("customers_csv", "impossible_date"): starts("birth_date", "1979-02-30"),
    ("customers_csv", "embedded_newline"): holds("address", "\nground floor$"),
    ("customers_csv", "embedded_quotes"): starts("address", '"The Old Mill", '),
    ("products", "embedded_newline"): holds("product_name", "\n"),
    ("products", "embedded_quotes"): holds("product_name", ', 24", "black"$'),
    ("products", "formula_text"): starts("product_name", "=1+1 "),
    ("products", "negative_cost"): starts("unit_cost", "-"),
    ("returns", "negative_quantity"): starts("quantity", "-"),
    ("returns", "orphan_order"): starts("order_id", "XO"),
}
# Of few names with accents in so small a shop, and few returns; tests/world/test_plant.py has rows for them.
RARE = {
    ("orders", "mojibake"),
    ("customers", "mojibake"),
    ("customers_csv", "mojibake"),
    ("customers", "email_nfd"),
    ("customers_csv", "email_nfd"),
    ("returns", "exact_duplicate"),
    ("returns", "negative_quantity"),
    ("returns", "orphan_order"),
}
KEYS = {"orders": ("order_id", "line_number"), "returns": ("return_id",)}
# Which of two rows of a key shows it.
TWINS: Mapping[str, Callable[[Record, Record], bool]] = {
    "exact_duplicate": lambda row, twin: row == twin,
    "near_duplicate": lambda row, twin: str(twin["ship_city"]) == f"  {row['ship_city']} ",
    "conflicting_duplicate": lambda row, twin: row["quantity"] != twin["quantity"],
    "correction": lambda row, twin: str(twin["updated_at"]) > str(row["updated_at"]),
    "email_case_and_blanks": lambda row, twin: str(twin["email"]) == f"  {str(row['email']).upper()} ",
    "email_nfd": lambda row, twin: (
        row["email"] != twin["email"] and row["email"] == unicodedata.normalize("NFC", str(twin["email"]))
    ),
    "repeated_header": lambda row, twin: set(twin) == set(twin.values()),
}


def kind_of(one: Row) -> tuple[str, str]:
    return one.file_kind, one.defect


def has_twin(one: Row) -> bool:
    return any(defect.twin for defect in BY_FILE_KIND[one.file_kind] if defect.kind == one.defect)


def is_taken(one: Row) -> bool:
    return bool(one.outcome == "accepted")


def test_each_recorded_defect_shows_in_its_row(planted: list[tuple[Row, Record]]) -> None:
    # Of a row that was sent wrongly too, the one that is refused shows it.
    shown = [pair for pair in planted if kind_of(pair[0]) in SHOWS and not (has_twin(pair[0]) and is_taken(pair[0]))]
    assert [(one, record) for one, record in shown if not SHOWS[kind_of(one)](record)] == []
    assert {kind_of(one) for one, _ in shown} >= SHOWS.keys() - RARE


def test_a_row_that_comes_twice_is_recorded_twice_and_shows_why(planted: list[tuple[Row, Record]]) -> None:
    kinds = set()
    for (one, row), (other, twin) in pairs(planted):
        assert TWINS[one.defect](row, twin), (one, row, other, twin)
        kinds.add(one.defect)
    assert kinds >= TWINS.keys() - {"email_nfd"}


def pairs(planted: list[tuple[Row, Record]]) -> list[tuple[tuple[Row, Record], tuple[Row, Record]]]:
    """Rows with a twin, and the twin: it comes later. A repeated header follows its row, others share a key."""
    groups: dict[tuple[object, ...], list[tuple[Row, Record]]] = {}
    for one, record in sorted(planted, key=lambda pair: (pair[0].file, pair[0].row)):
        if one.defect in TWINS:
            key = KEYS.get(one.file_kind, ("customer_id", "signed_up_on", "address"))
            ids = tuple(record[name] for name in key)
            place = (one.file, one.row - (not is_taken(one))) if one.defect == "repeated_header" else ids
            groups.setdefault((one.file_kind, one.defect, *place), []).append((one, record))
    assert {len(group) for group in groups.values()} == {2}
    return [(group[0], group[1]) for group in groups.values()]


def test_a_late_row_comes_after_its_day(shop: MadeShop, planted: list[tuple[Row, Record]]) -> None:
    last_day = shop.world.day(shop.world.until_day - 1).isoformat()
    late = [
        (one.file[-14:] if False else one.file, record["ordered_at"]) for one, record in planted if one.defect == "late"
    ]
    assert late
    for file, ordered in late:
        delivered = file.removeprefix("orders/orders_")[:10]
        assert str(ordered)[:10] < delivered or delivered == last_day


def test_missing_values_are_empty_in_the_row_that_is_recorded(planted: list[tuple[Row, Record]]) -> None:
    missing = [(one, record) for one, record in planted if one.defect == MISSING]
    assert {one.file_kind for one, _ in missing} >= {"orders", "orders_parquet", "customers", "customers_parquet"}
    for one, record in missing:
        assert [name for name in one.columns if record.get(name)] == []


def test_each_kind_of_defect_is_planted(shop: MadeShop) -> None:
    wanted = {(kind, one.kind) for kind, defects in BY_FILE_KIND.items() for one in defects}
    found = {kind_of(one) for one in shop.planted().collect() if one.defect != MISSING}
    assert wanted - RARE <= found <= wanted


def test_what_must_become_of_a_defect_is_one_of_three_things(shop: MadeShop) -> None:
    found = {
        (one.outcome, one.reason is None) for one in shop.planted().select("outcome", "reason").distinct().collect()
    }
    assert found == {("accepted", True), ("superseded", True), ("quarantined", False)}


def test_spoiled_files_are_recorded_and_lie_there(shop: MadeShop) -> None:
    spoiled = shop.truth("file_defects").collect()
    assert {one.kind for one in spoiled} <= {one.kind for one in FILE_DEFECTS}
    assert len({one.kind for one in spoiled}) >= 6
    assert [one.file for one in spoiled if not (shop.files / one.file).is_file()] == []


def test_a_clean_shop_has_every_row_once_and_no_empty_value(make: Make, smallest: Profile) -> None:
    clean = make(smallest, clean=True)
    assert not any(path.name.startswith(("defects", "file_defects")) for path in clean.landing.parent.glob("truth/*"))
    lines = [record for path in clean.files.glob("orders/*") for record in records(path)]
    assert len(lines) == clean.truth("true_lines").count()
    assert all(set(record) == set(COLUMNS) and record["payment_method"] for record in lines)
    assert sum(record["quantity"] is not None and int(record["quantity"]) > 0 for record in lines) == len(lines)


def test_orders_come_by_day_after_a_bulk_of_the_first_ones(shop: MadeShop) -> None:
    names = sorted(path.name for path in shop.files.glob("orders/*"))
    bulk, profile = [name for name in names if name.endswith(".parquet")], shop.world.profile
    assert bulk == [f"orders_{shop.world.day(profile.files.bulk_days - 1)}.parquet"]
    assert {name[7:17] for name in names} == {
        shop.world.day(day).isoformat() for day in range(profile.files.bulk_days - 1, profile.days)
    }
    assert any(name.endswith(".csv.gz") for name in names)
