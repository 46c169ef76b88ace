"""What files become as a drafted declaration."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.mapping.check import check_source
from tests.sources.drafting.conftest import Draft

ORDERS = """order_id,line_number,customer_id,product_id,ordered_at,quantity,unit_price
A1,1,C1,P1,2024-03-01 10:00:00,2,9.99
A1,2,C1,P2,2024-03-01 10:00:00,1,5.00
"""


def test_a_canonical_file_is_drafted_ready_to_use(spark: SparkSession, draft: Draft) -> None:
    source = draft({"orders.csv": ORDERS})
    check_source(spark, source)
    names = ORDERS.splitlines()[0].split(",")
    assert source.feeds["order_lines"].columns == {name: name for name in names}
    assert list(source.files) == ["orders"]
    assert list(source.feeds) == ["order_lines"]


def test_header_lines_and_look_ups_are_joined(spark: SparkSession, draft: Draft) -> None:
    source = draft(
        {
            "order-details.csv": "orderID,productID,qty\n1,7,2\n1,8,1\n",
            "orders.csv": "orderID,customerID,orderDate,status\n1,C1,04.03.2024,delivered\n2,C2,29.03.2024,odd\n",
            "products.csv": "productID,name,price,categoryID\n7,Tea,1.5,1\n8,Jam,2.5,1\n",
            "categories.csv": "categoryID,categoryName\n1,Food\n",
        }
    )
    check_source(spark, source)
    lines, products = source.feeds["order_lines"], source.feeds["products"]
    assert {(join.file, join.role) for join in lines.join} == {("orders", "header"), ("products", "lookup")}
    assert lines.columns["ordered_at"] == "orders.orderDate"
    assert lines.columns["unit_price"] == "products.price"
    assert lines.columns["line_number"] == "_position"
    assert lines.position_within == ("orderID",)
    assert "'delivered') THEN 'completed'" in lines.columns["order_status"]
    assert products.columns["category"] == "categories.categoryName"
    assert source.files["order_details"].date_formats == ("dd.MM.yyyy",)


def test_dated_files_of_one_layout_are_one_kind_and_get_a_pattern(draft: Draft) -> None:
    wide = ORDERS.replace("unit_price", "unit_price,note").replace(".99", ".99,x").replace(".00\n", ".00,\n")
    source = draft(
        {"2024/orders_2024-03-01.csv": ORDERS, "2024/orders_2024-03-02.csv.gz": gzip.compress(wide.encode())}
    )
    kind = source.files["orders"]
    assert kind.pattern == ("orders_*.csv",)
    assert kind.optional == ("note",)


def test_customers_and_products_known_only_from_lines_are_versioned_by_the_order(draft: Draft) -> None:
    text = (
        ORDERS.replace("unit_price", "unit_price,description,country")
        .replace("9.99", "9.99,Tea,UK")
        .replace("5.00", "5.00,Jam,UK")
    )
    source = draft({"sales.csv": text})
    assert source.feeds["customers"].version == ("ordered_at", "order_id")
    assert source.feeds["customers"].filter == "customer_id IS NOT NULL"
    assert "list_price" not in source.feeds["products"].columns


def test_what_a_feed_needs_and_the_files_lack_has_to_be_filled_in(draft: Draft) -> None:
    files: dict[str, str | bytes] = {"sales.csv": "order_id,product_id,quantity,price\nA1,P1,2,9.99\n"}
    with pytest.raises(ConfigurationError, match=r"feeds\.order_lines: ordered_at must be mapped"):
        draft(files)
    filled = draft(files, edit=lambda text: re.sub('# ordered_at = "…"', "ordered_at = \"'2024-01-01'\"", text))
    assert filled.feeds["order_lines"].columns["ordered_at"] == "'2024-01-01'"


def test_a_file_that_no_feed_reads_is_marked_as_ignored(draft: Draft) -> None:
    source = draft({"orders.csv": ORDERS, "weather.csv": "place,rain\nLeeds,yes\n"})
    assert source.files["weather"].ignored
    assert not source.files["orders"].ignored


def test_of_a_file_that_no_feed_reads_no_rows_are_left_out(draft: Draft) -> None:
    weather = draft({"orders.csv": ORDERS, "weather.csv": 'place,rain\nLeeds,yes\n"",\n'}).files["weather"]
    assert (weather.ignored, weather.leave_out) == (True, ())


def test_encoding_delimiter_marks_dates_and_nulls_are_read_from_the_bytes(draft: Draft) -> None:
    text = (
        "Order No;Product ID;Order Date;Qty;Unit Price;Ship City\n"
        "1;P1;3.4.2024 10:15;1;1.234,50;Köln\n1;P2;23.4.2024 09:00;2;10,50;NULL\n"
    )
    source = draft({"export.csv": text.encode("iso-8859-1")})
    kind = source.files["export"]
    assert (kind.encoding, kind.delimiter, kind.decimal_mark, kind.thousands_mark) == ("iso-8859-1", ";", ",", ".")
    assert (kind.date_formats, kind.null_values) == (("d.M.yyyy HH:mm",), ("NULL",))
    assert source.feeds["order_lines"].columns["order_id"] == "`Order No`"


def test_json_lines_and_parquet_are_drafted(spark: SparkSession, draft: Draft, tmp_path: Path) -> None:
    customers = [{"customer_id": "1", "city": "Leeds"}, {"customer_id": "2", "city": "York", "email": "a@b.de"}]
    parquet = tmp_path / "orders.parquet"
    header, *rows = (line.split(",") for line in ORDERS.splitlines())
    pq.write_table(pa.Table.from_pylist([dict(zip(header, row, strict=True)) for row in rows]), parquet)
    source = draft({"customers.jsonl": "\n".join(map(json.dumps, customers)), "orders.parquet": parquet.read_bytes()})
    check_source(spark, source)
    assert {name: kind.formats[0] for name, kind in source.files.items()} == {"customers": "jsonl", "orders": "parquet"}
    assert source.files["customers"].columns == ("customer_id", "city", "email")


def test_a_typed_time_is_read_with_any_fraction_whatever_the_rows_looked_at_have(draft: Draft) -> None:
    table, files = pa.table({"order_id": ["1"], "product_id": ["P"], "quantity": [1]}), {}
    for name, zone in (("here.parquet", None), ("there.parquet", "UTC")):
        sink = pa.BufferOutputStream()
        at = pa.array([datetime(2024, 3, 1, 10)], pa.timestamp("us", zone))
        pq.write_table(table.append_column(name.split(".")[0], at), sink)
        files[name] = sink.getvalue().to_pybytes()
    filled = draft(
        files,
        lambda text: (
            text.replace('# ordered_at = "…"', "ordered_at = 'NULL'")
            .replace('# line_number = "…"', "line_number = '1'")
            .replace('# unit_price = "…"', "unit_price = '1'")
        ),
    )
    formats = {name.removesuffix("_file"): kind.date_formats for name, kind in filled.files.items()}
    assert formats == {
        "here": ("yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]",),
        "there": ("yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX",),
    }


def test_values_over_several_lines_are_declared(draft: Draft) -> None:
    source = draft({"products.csv": 'product_id,product_name\n1,"Tea\nfor two"\n'})
    assert source.files["products"].multiline


def test_a_kind_is_never_called_like_a_column(draft: Draft) -> None:
    source = draft({"Sales.csv": "order_id,product_id,ordered_at,quantity,price,sales\n1,P,2024-01-01,1,2.5,2.5\n"})
    assert list(source.files) == ["sales_file"]


def test_overlong_rows_get_a_proposal_for_what_to_trust(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "customer_id,company,address,city\nAB,Tea House,1 High St,Leeds\nCD,Jam Inc,2, Low St,York\n"
    )
    text = draft_source("merchant", tmp_path)
    assert "# choose: rows with more fields than the header: 1" in text
    assert "# trusted_columns = 1" in text


def test_negative_quantities_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS.replace(",2,9.99", ",-2,9.99"))
    assert "# choose: 1 of the 2 rows looked at have a quantity below zero" in draft_source("merchant", tmp_path)


def test_files_that_are_no_tables_are_named(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "README.txt").write_text("Dear merchant,\nhere are the files.\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(ORDERS.encode() * 50)[:60])
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    named = dict(re.findall("^#   (.*?): (.*)$", draft_source("merchant", tmp_path), re.MULTILINE))
    assert named == {
        "README.txt": "no table: its first line names no columns",
        "empty.csv": "empty",
        "cut.csv.gz": "a gzip that cannot be read to its end: have it sent again",
        "cut.parquet": "begins like Parquet, but cannot be read as such: have it sent again",
    }


def test_files_of_other_sources_are_not_taken_for_those_of_one_without_a_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "orders.csv").write_text(ORDERS)
    with pytest.raises(ConfigurationError, match=f"there is no folder {tmp_path / 'merchant'}: make it"):
        draft_source("merchant", tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS)
    assert "[feeds.order_lines]" in draft_source("merchant", tmp_path)


def test_a_folder_without_tables_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "merchant").mkdir()
    with pytest.raises(ConfigurationError, match="no file in it: put some of the files there"):
        draft_source("merchant", tmp_path)


def test_a_price_that_no_column_has_is_asked_for_with_the_amounts_that_do_in_its_place(draft: Draft) -> None:
    seen: list[str] = []
    text = ORDERS.replace("unit_price", "worth")
    draft(
        {"orders.csv": text},
        edit=lambda drafted: seen.append(drafted) or drafted.replace('# net_amount = "…"', 'net_amount = "worth"'),
    )
    asked = seen[0][seen[0].index("must be mapped") :]
    assert "unit_price" in asked
    assert "gross_amount or net_amount" in asked
    assert {'# unit_price = "…"', '# gross_amount = "…"', '# net_amount = "…"'} <= set(asked.splitlines())


def test_local_times_of_the_zone_are_said_to_be_right(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("order_id,product_id,quantity,unit_price\n1,A,1,2.50\n", encoding="utf-8")
    asked = " ".join(draft_source("shop", tmp_path).replace("\n#", " ").split())
    assert "ordered_at, when the order was placed; times of `time_zone` are right as they stand" in asked


@pytest.mark.parametrize(
    ("amounts", "currency"),
    [
        (("$1,250.00", "($4.00)"), "USD"), (("£4.00", "£5.00"), "GBP"), (("5,00 €", "€5"), "EUR"), (("5", "6"), "GBP"),
        (("€5", "$6", "€7"), "EUR"), (("CHF 5", "6"), "GBP"),
    ],
)  # fmt: skip
def test_the_currency_is_that_whose_sign_amounts_carry(tmp_path: Path, amounts: tuple[str, ...], currency: str) -> None:
    rows = "".join(f'{number},A,1,"{one}",2024-01-01\n' for number, one in enumerate(amounts))
    (tmp_path / "orders.csv").write_text(
        f"order_id,product_id,quantity,unit_price,ordered_at\n{rows}", encoding="utf-8"
    )
    assert f'currency = "{currency}"\n' in draft_source("shop", tmp_path)


def test_a_column_that_names_the_currency_says_more_than_signs(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("order_id,unit_price,currency\n1,$5,CAD\n2,$6,CAD\n", encoding="utf-8")
    assert 'currency = "CAD"\n' in draft_source("shop", tmp_path)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("2024MayMonthlyTransaction.csv", "*MonthlyTransaction.csv"), ("sales_january_2024.csv", "sales_*.csv"),
        ("sales-Mar-24.csv", "sales-*.csv"), ("MarketingSales.csv", "MarketingSales.csv"), ("May.csv", "May.csv"),
        ("decoration_sales.csv", "decoration_sales.csv"), ("SalesOct.csv", "Sales*.csv"), ("DECEMBER_2.csv", "*.csv"),
    ],
)  # fmt: skip
def test_months_vary_in_names_as_numbers_do(tmp_path: Path, name: str, pattern: str) -> None:
    (tmp_path / name).write_text("order_id,product_id,quantity,unit_price\n1,A,1,2.50\n", encoding="utf-8")
    assert f'pattern = "{pattern}"' in draft_source("shop", tmp_path)
