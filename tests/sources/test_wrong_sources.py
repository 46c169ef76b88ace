"""A wrong source is refused before any data is read, naming file, feed and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.sources.load import load_source, read_source
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.model import Source

pytestmark = pytest.mark.spark

Change = Callable[[str, str, str], Source]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("northwind", "[feeds.customers.columns]", "[feeds.clients.columns]", ["feeds.clients"]),
        ("northwind", 'order_id = "orderID"', 'order_number = "orderID"', ["feeds.order_lines", "order_number"]),
        ("northwind", 'ordered_at = "orders.orderDate"\n', "", ["feeds.order_lines", "ordered_at"]),
        ("northwind", 'file = "order_details"', 'file = "details"', ["feeds.order_lines", "details"]),
        ("northwind", 'on = { orderID = "orderID" }', 'on = { orderID = "id" }', ["feeds.order_lines", "orders", "id"]),
        ("northwind", 'title = "Northwind"', "filez = 1", ["filez"]),
        ("northwind", 'currency = "USD"', 'currency = "dollars"', ["currency"]),
        ("northwind", '"America/Los_Angeles"', '"Seattle"', ["time_zone", "Seattle"]),
        ("northwind", "trusted_columns = 8", 'from_name = "("', ["files.orders.from_name"]),
        ("northwind", 'columns = ["shipperID", "companyName"', 'columns = ["phone", "companyName"', ["files.shippers"]),
        ("northwind", "trusted_columns = 8", 'encoding = "utf8000"', ["files.orders.encoding", "utf8000"]),
        ("northwind", '"yyyy-MM-dd HH:mm:ss.SSS"', '"YYYY-MM-DD"', ["date_formats", "YYYY-MM-DD"]),
        ("northwind", '"yyyy-MM-dd HH:mm:ss.SSS"', '"dd.mm.yyyy"', ["date_formats", "dd.mm.yyyy", "months M"]),
        ("northwind", "[files.shippers]", "[files.freight]", ["files.freight", "column"]),
        ("northwind", "trusted_columns = 8", 'optional = ["nothing"]', ["files.orders", "nothing"]),
        ("northwind", 'file = "categories"', 'file = "shippers"', ["shippers", "ignored"]),
    ],
)
def test_a_wrong_declaration_is_named(
    changed_source: Change, tmp_path: Path, name: str, old: str, new: str, words: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        changed_source(name, old, new)
    for word in [str(tmp_path / f"{name}.toml"), *words]:
        assert word in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'unit_price = "UnitPrice"',
            'unit_price = "UnitPricee"',
            ["feeds.order_lines.columns.unit_price", "UnitPricee"],
        ),
        ('unit_price = "UnitPrice"', 'unit_price = "UnitPrice +"', ["feeds.order_lines.columns.unit_price"]),
        (
            'unit_price = "UnitPrice"',
            'unit_price = "no_such(UnitPrice)"',
            ["feeds.order_lines.columns.unit_price", "no_such"],
        ),
        ('unit_price = "UnitPrice"', 'unit_price = "products.UnitPrice"', ["feeds.order_lines.columns.unit_price"]),
        ("startswith(InvoiceNo, 'C')", "startswith(Invoice, 'C')", ["feeds.order_lines.filter", "Invoice"]),
        (
            'position_within = "InvoiceNo"',
            'position_within = "Invoice"',
            ["feeds.order_lines.position_within", "Invoice"],
        ),
        ('version = ["InvoiceDate", "InvoiceNo"]', 'version = ["Date"]', ["feeds.customers.version", "Date"]),
    ],
)
def test_a_wrong_expression_is_named(
    spark: SparkSession, changed_source: Change, old: str, new: str, words: list[str]
) -> None:
    source = changed_source("online_retail", old, new)
    with pytest.raises(ConfigurationError) as refused:
        check_source(spark, source)
    for word in ["online_retail.toml", *words]:
        assert word in str(refused.value)


def test_all_wrong_expressions_are_told_at_once(spark: SparkSession, changed_source: Change, tmp_path: Path) -> None:
    changed_source("online_retail", 'quantity = "Quantity"', 'quantity = "Qty"')
    path = tmp_path / "online_retail.toml"
    path.write_text(path.read_text().replace('unit_price = "UnitPrice"', 'unit_price = "Price"'))
    with pytest.raises(ConfigurationError, match=r"(?s)columns\.quantity.*columns\.unit_price"):
        check_source(spark, read_source(path))


def test_text_that_is_no_toml_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('title = "x\n')
    with pytest.raises(ConfigurationError, match=r"broken\.toml: not valid TOML: .*line 1"):
        read_source(path)


def test_a_source_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no source 'shops'.*online_retail.*shop"):
        load_source("shops")
