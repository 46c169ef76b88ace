"""What `lakehouse source check` works out without Spark is what Spark works out."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.trial.files import copied, deliveries
from jobs.trial.outcome import FeedTrial, TriedRow, feed_trial
from jobs.trial.plainly import try_plainly
from jobs.trial.show import show_choices, show_feed, show_files, show_kind
from lakehouse.bronze.files import Rejection
from lakehouse.settings import Settings, conf_dir
from lakehouse.sources.load import read_source
from lakehouse.sources.model import Source
from lakehouse.sources.untaken import UnreadRow, UnreadRows
from lakehouse.tables.reasons import FileReason
from lakehouse.terminal import Terminal
from tests.own_conf import own_conf

pytestmark = pytest.mark.spark

ITEMS = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date\n"
)
FILES = {
    "order_items.csv": ITEMS
    + "o1,1,p1,s,2018-05-04 10:00:00,59.90,1\no1,2,p2,s,2018-05-04 10:00:00,59.90001,1\no2,x,p1,s,,abc,1\n"
    + "o3,1,p1,s,,5.00,1\no9,1,p1,s,,5.00,1\no3,2,,s,,12\n",
    # The orders of the items are the last rows of a file of which the first rows alone would not do.
    "orders.csv": ORDERS
    + "".join(f"n{n},c9{n},delivered,2018-01-01 10:00:00,,,,\n" for n in range(40))
    + "o1,c1,delivered,2018-05-01 10:00:00,,,2018-05-05 10:00:00,2018-05-20 00:00:00\n"
    + "o2,c2,canceled,2018-07-02 10:00:00,,,,02/30/2018\no3,c3,odd,2018-11-02 10:00:00.5,,,,\n",
    "customers.csv": "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
    + "c1,u1,1409,são paulo,SP\nc2,u1,01409,sao paulo,\n",
    "products.csv": "product_id,product_category_name,product_name_lenght,product_description_lenght,"
    + "product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm\n"
    + "p1,perfumaria,,,,,,,\np2,pecas,,,,,,,\n",
    "product_category_name_translation.csv": "product_category_name,product_category_name_english\n"
    + "perfumaria,perfumery\n",
}  # fmt: skip
CODES = ("missing", "unparsable", "excess_scale", "too_few_fields", "too_many_fields", "unreadable_row")
ROWS = 5


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "given" / "olist"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def olist() -> Source:
    return read_source(conf_dir() / "sources" / "olist.toml")


def _figures(trial: FeedTrial) -> Any:
    reasons = {code: count for code, count in trial.reasons.items() if code.partition(":")[0] in CODES}
    columns = [(one.name, one.filled, sorted(one.values), one.unread) for one in trial.columns]
    return trial.name, trial.rows, trial.waiting, columns, reasons


def test_rows_come_out_as_spark_has_them(
    spark: SparkSession,
    landing: Path,
    olist: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from jobs.trial.with_spark import try_with_spark

    target = tmp_path / "heads" / "olist"
    found = deliveries(copied(olist, landing, target, ROWS), olist)
    plain = [_figures(one) for one in try_plainly(olist, found)[0]]
    with own_conf(tmp_path, monkeypatch) as conf:
        (conf / "sources" / "olist.toml").write_bytes((conf_dir() / "sources" / "olist.toml").read_bytes())
        (conf / "sources" / "unfinished.toml").write_text("title = 'x'", encoding="utf-8")
        settings = Settings(lake=tmp_path / "lake", landing=target.parent)
        by_spark = [_figures(one) for one in try_with_spark(settings, olist)[0]]
    assert plain == by_spark
    assert "unfinished" not in "".join(capsys.readouterr()), "what is wrong elsewhere does not matter here"


def test_the_rows_that_lines_speak_of_are_found_wherever_they_stand(
    landing: Path, olist: Source, tmp_path: Path
) -> None:
    found = deliveries(copied(olist, landing, tmp_path / "heads" / "olist", ROWS), olist)
    [lines] = [one for one in try_plainly(olist, found)[0] if one.name == "order_lines"]
    ordered = {one.name: one for one in lines.columns}["ordered_at"]
    assert (lines.rows, lines.waiting, ordered.filled) == (ROWS, 1, 3)
    assert ordered.values[0] == "2018-05-01 13:00:00"
    assert lines.reasons == {"excess_scale:unit_price": 1, "unparsable:line_number": 1, "unparsable:unit_price": 1,
                             "unparsable:promised_at": 1, "unparsable:ordered_at": 1,
                             "missing:ordered_at": 1}  # fmt: skip


def _shown(trial: FeedTrial, hidden: set[str]) -> str:
    console = Terminal(width=80, record=True, file=io.StringIO())
    show_feed(console, trial, hidden)
    return console.export_text()


def test_a_column_is_shown_with_its_expression_its_share_its_values_and_what_is_not_read() -> None:
    texts = {"unit_price": "12,5o"}
    rows = [TriedRow({"unit_price": text, "email": "a@b.de"}, [], {}) for text in ("1", "2", "2", "3", "4")]
    rows += [TriedRow({"unit_price": None, "email": None}, ["unparsable:unit_price"], texts)] * 2
    long = "CASE WHEN " + " OR ".join(f"Status = 'state {n}'" for n in range(9)) + " THEN Price END"
    text = _shown(feed_trial("order_lines", "sales", {"unit_price": long, "email": "Mail"}, rows), {"email"})
    assert "order_lines, from sales: 7 rows, 5 of them readable" in text
    assert " ".join(long.split()) in " ".join(text.split())
    assert "71%" in text
    assert "1 · 2 · 3\n" in text
    assert "not read: 12,5o (2 rows)" in text
    assert "a@b.de" not in text
    assert "***" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_file_that_is_not_taken_says_why(tmp_path: Path) -> None:
    console = Terminal(width=80, record=True, file=io.StringIO())
    source = read_source(conf_dir() / "sources" / "olist.toml")
    files = copied(source, tmp_path, tmp_path, 1)
    files.counts = Counter({"items": 5})
    files.not_taken.append(("a.xyz", Rejection(FileReason.UNKNOWN_FILE, "No kind has this name")))
    show_files(console, files)
    text = console.export_text()
    assert "items: 5 files, the first 3 looked into" in text
    assert "not taken a.xyz: unknown_file: No kind has this name" in text


def test_what_is_still_to_be_chosen_is_listed_with_its_line() -> None:
    console = Terminal(width=80, record=True, file=io.StringIO())
    show_choices(console, ["title = 'x'", "# choose: the currency", "currency = 'EUR'"])
    assert "line 2: the currency" in console.export_text()


def test_rows_that_are_left_out_are_counted_and_those_that_no_feed_takes_are_named(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    rows = "order,at,sku,qty,price\n1,2024-03-01,A,1,2.50\nTotal,,,1,2.50\n2,2024-03-01,B,-1,2.50\n"
    (given / "sales.csv").write_text(rows, encoding="utf-8")
    source = Source.model_validate(
        {
            "name": "cafe", "currency": "GBP", "time_zone": "UTC", "fingerprint": "x",
            "files": {"sales": {"pattern": "*.csv", "columns": ["order", "at", "sku", "qty", "price"],
                                "leave_out": [{"where": "`order` = 'Total'", "why": "totals"}]}},
            "feeds": {"order_lines": {
                "file": "sales", "filter": "NOT startswith(qty, '-')", "position_within": "`order`",
                "columns": {"order_id": "`order`", "line_number": "_position", "product_id": "sku",
                            "ordered_at": "at", "quantity": "qty", "unit_price": "price"}}},
        }
    )  # fmt: skip
    feeds, [sales] = try_plainly(source, deliveries(copied(source, given, tmp_path / "heads", 10), source))
    assert [(one.rows, one.readable) for one in feeds] == [(1, 1)]
    assert sales.left_out == {"totals": 1}
    values = {"order": "2", "at": "2024-03-01", "sku": "B", "qty": "-1", "price": "2.50"}
    assert sales.untaken == UnreadRows("sales", 1, (UnreadRow("sales.csv", 3, values),))
    console = Terminal(width=200, record=True, file=io.StringIO())
    show_kind(console, sales, {"order", "sku", "qty", "at"}, is_masked=True)
    text = console.export_text()
    assert "left out of sales: 1 row: totals" in text
    assert "no feed takes 1 row of sales: a run leaves the source out" in text
    assert "sales.csv, row 3: order = 2, at = 2024-03-01, sku = B, qty = -1, price = ***" in text
    assert "2.50" not in text


CAFE: dict[str, Any] = {
    "name": "cafe", "currency": "GBP", "time_zone": "UTC", "fingerprint": "x",
    "files": {"sales": {"pattern": "sales_*", "format": ["csv", "xlsx"],
                        "columns": ["order", "at", "sku", "qty", "price"]}},
    "feeds": {"order_lines": {
        "file": "sales", "position_within": "`order`",
        "columns": {"order_id": "`order`", "line_number": "_position", "product_id": "sku",
                    "ordered_at": "at", "quantity": "qty", "unit_price": "price"}}},
}  # fmt: skip


@pytest.mark.parametrize("are_all_judged", [True, False])
def test_files_beyond_those_looked_into_are_judged_as_far_as_their_bytes_are_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, are_all_judged: bool
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    text = "order,at,sku,qty,price\n{},2024-03-01,A,1,2.50\n"
    for number in range(4):
        (given / f"sales_{number}.csv").write_text(text.format(number), encoding="utf-8")
    (given / "sales_5.csv").write_text(text.format(3), encoding="utf-8")
    (given / "sales_6.csv").write_text("another,header\n1,2\n", encoding="utf-8")
    if not are_all_judged:
        monkeypatch.setattr("jobs.trial.files.JUDGED_BYTES", len(text) * 3)
    source = Source.model_validate(CAFE)
    files = copied(source, given, tmp_path / "heads", 10)
    found = deliveries(files, source)
    console = Terminal(width=80, record=True, file=io.StringIO())
    show_files(console, files)
    said = " ".join(console.export_text().split())
    assert [one.found.path for one in found["sales"]] == [f"sales_{number}.csv" for number in range(3)]
    assert ("not taken sales_6.csv: missing_column" in said) == are_all_judged
    assert ("sales_5.csv is the same delivery as sales_3.csv: a run loads it once" in said) == are_all_judged
