from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import source_names
from lakehouse.sources.load import load_source
from lakehouse.sources.mapping.check import check_source
from lakehouse.tables.feeds import FEEDS

Canonical = Callable[..., list[dict[str, Any]]]
LINE = {
    "InvoiceNo": "536365",
    "StockCode": "85123A",
    "Description": "HOLDER",
    "Quantity": "6",
    "InvoiceDate": "2011-07-01 08:26:00",
    "UnitPrice": "2.55",
    "CustomerID": "17850.0",
    "Country": "France",
}


@pytest.mark.parametrize("name", ["adventureworks", "northwind", "olist", "online_retail", "shop"])
def test_a_shipped_source_is_right_in_every_expression(spark: SparkSession, name: str) -> None:
    check_source(spark, load_source(name))


def test_the_five_sources_are_shipped() -> None:
    assert {"adventureworks", "northwind", "olist", "online_retail", "shop"} <= set(source_names())


def test_the_shop_gives_every_feed_and_every_canonical_column() -> None:
    shop = load_source("shop")
    assert {name: set(feed.columns) for name, feed in shop.feeds.items()} == {
        name: set(feed.given) for name, feed in FEEDS.items()
    }


def test_shop_files_may_leave_out_exactly_what_no_feed_requires_and_no_row_must_state() -> None:
    shop = load_source("shop")
    for name, feed in shop.feeds.items():
        kind = shop.files[feed.file]
        assert set(kind.columns) - set(kind.optional) - {"updated_at"} == {
            *FEEDS[name].required,
            *FEEDS[name].stated,
        }


def test_two_kinds_of_one_source_never_claim_the_same_name() -> None:
    for name in source_names():
        patterns = [pattern for kind in load_source(name).files.values() for pattern in kind.pattern]
        assert len(set(patterns)) == len(patterns)


def test_online_retail_numbers_lines_by_their_place_in_the_invoice(canonical: Canonical) -> None:
    rows = canonical("online_retail", "order_lines", lines=[LINE, LINE | {"InvoiceNo": "536366"}, LINE])
    assert [(row["order_id"], row["line_number"]) for row in rows] == [("536365", 1), ("536366", 1), ("536365", 2)]


def test_online_retail_customers_are_whole_numbers_and_times_are_british(canonical: Canonical) -> None:
    (row,) = canonical("online_retail", "order_lines", lines=[LINE])
    assert row["customer_id"] == "17850"
    assert row["ordered_at"] == "2011-07-01 07:26:00"


def test_online_retail_credit_notes_are_returns_with_positive_quantity_and_refund(canonical: Canonical) -> None:
    credit = LINE | {"InvoiceNo": "C536379", "Quantity": "-2", "UnitPrice": "27.555"}
    (row,) = canonical("online_retail", "returns", lines=[LINE, credit])
    assert (row["return_id"], row["quantity"], row["refund_amount"]) == ("C536379-1", 2, Decimal("55.1100"))
    assert row["_reasons"] == []


def test_online_retail_adjustments_are_sales_and_rows_without_invoice_are_not_lost(canonical: Canonical) -> None:
    rows = canonical(
        "online_retail", "order_lines", lines=[LINE | {"InvoiceNo": "A563185"}, LINE | {"InvoiceNo": None}]
    )
    assert [(row["order_id"], row["_reasons"]) for row in rows] == [("A563185", []), (None, ["missing:order_id"])]


def test_online_retail_products_come_from_priced_lines_only(canonical: Canonical) -> None:
    note = LINE | {"UnitPrice": "0.0", "Description": "wrongly coded"}
    rows = canonical("online_retail", "products", lines=[LINE, note, LINE | {"Description": None}])
    assert [row["product_name"] for row in rows] == ["HOLDER"]


@pytest.mark.parametrize(
    ("code", "is_merchandise"),
    [
        ("85123A", True),
        ("DCGSSGIRL", True),
        ("POST", False),
        ("m", False),
        ("gift_0001_20", False),
        ("BANK CHARGES", False),
    ],
)
def test_online_retail_tells_goods_from_fees(canonical: Canonical, code: str, is_merchandise: bool) -> None:
    (row,) = canonical("online_retail", "products", lines=[LINE | {"StockCode": code}])
    assert row["is_merchandise"] is is_merchandise


@pytest.mark.parametrize("written", ["02-03-21", "02/03/2021"])
def test_adventureworks_dates_have_the_month_first(canonical: Canonical, written: str) -> None:
    sale = {"OrderDate": written, "OrderNumber": "SO1", "OrderLineItem": "1", "ProductKey": "332", "OrderQuantity": "2"}
    (row,) = canonical("adventureworks", "order_lines", sales_lines=[sale])
    assert row["_local"] == "2021-02-03 00:00:00"


def test_adventureworks_prices_come_from_the_product(canonical: Canonical) -> None:
    sale = {
        "OrderDate": "01-01-21",
        "OrderNumber": "SO1",
        "OrderLineItem": "1",
        "ProductKey": "332",
        "TerritoryKey": "9",
    }
    (row,) = canonical(
        "adventureworks",
        "order_lines",
        sales_lines=[sale | {"OrderQuantity": "2", "Sales": "1"}],
        products=[{"ProductKey": "332", "ProductPrice": "699.0982"}],
        territories=[{"SalesTerritoryKey": "9", "Country": "Australia"}],
    )
    assert (row["unit_price"], row["ship_country_name"], row["_reasons"]) == (Decimal("699.0982"), "Australia", [])


def test_adventureworks_products_find_their_category_through_the_subcategory(canonical: Canonical) -> None:
    (row,) = canonical(
        "adventureworks",
        "products",
        products=[{"ProductKey": "1", "ProductSubcategoryKey": "31"}],
        subcategories=[{"ProductSubcategoryKey": "31", "SubcategoryName": "Helmets", "ProductCategoryKey": "4"}],
        categories=[{"ProductCategoryKey": "4", "CategoryName": "Accessories"}],
    )
    assert (row["category"], row["subcategory"]) == ("Accessories", "Helmets")


def test_adventureworks_returns_are_refunded_at_the_price_of_the_product(canonical: Canonical) -> None:
    back = {"ReturnDate": "01/18/2021", "TerritoryKey": "9", "ProductKey": "312", "ReturnQuantity": "2"}
    rows = canonical(
        "adventureworks", "returns", returns=[back, back], products=[{"ProductKey": "312", "ProductPrice": "3578.27"}]
    )
    assert [row["return_id"] for row in rows] == ["20210118-9-312-1", "20210118-9-312-2"]
    assert {row["refund_amount"] for row in rows} == {Decimal("7156.5400")}


@pytest.mark.parametrize(
    ("written", "status"),
    [("delivered", "completed"), ("canceled", "cancelled"), ("shipped", "pending"), (None, "pending")],
)
def test_olist_revenue_counts_when_it_was_delivered(canonical: Canonical, written: str | None, status: str) -> None:
    item = {"order_id": "o", "order_item_id": "1", "product_id": "p", "price": "9.9"}
    order = {"order_id": "o", "order_status": written, "order_purchase_timestamp": "2017-07-01 23:30:00"}
    (row,) = canonical("olist", "order_lines", items=[item], orders=[order])
    assert row["order_status"] == status
    assert row["ordered_at"] == "2017-07-02 02:30:00"


def test_olist_customers_are_one_through_all_their_orders(canonical: Canonical) -> None:
    item = {"order_id": "o", "order_item_id": "1", "product_id": "p", "price": "9.9"}
    customer = {"customer_id": "per order", "customer_unique_id": "person", "customer_zip_code_prefix": "4571"}
    order = {"order_id": "o", "customer_id": "per order", "order_purchase_timestamp": "2017-07-01 23:30:00"}
    (line,) = canonical("olist", "order_lines", items=[item], orders=[order], customers=[customer])
    (person,) = canonical("olist", "customers", customers=[customer], orders=[order])
    assert line["customer_id"] == person["customer_id"] == "person"
    assert person["postal_code"] == line["ship_postal_code"] == "04571"
    assert "2017-07-02 02:30:00" in person["_version_text"]


def test_olist_categories_without_translation_keep_their_name(canonical: Canonical) -> None:
    rows = canonical(
        "olist",
        "products",
        products=[
            {"product_id": "1", "product_category_name": "artes"},
            {"product_id": "2", "product_category_name": "pc_gamer"},
        ],
        categories=[{"product_category_name": "artes", "product_category_name_english": "art"}],
    )
    assert [row["category"] for row in rows] == ["art", "pc_gamer"]


def test_northwind_discounts_become_exact_amounts(canonical: Canonical) -> None:
    detail = {"orderID": "1", "productID": "11", "unitPrice": "14.05", "quantity": "3", "discount": "0.15"}
    (row,) = canonical(
        "northwind",
        "order_lines",
        order_details=[detail],
        orders=[{"orderID": "1", "orderDate": "1996-07-04 00:00:00.000"}],
    )
    assert (row["discount"], row["_reasons"]) == (Decimal("6.3225"), [])


def test_northwind_rows_with_a_stray_comma_are_cut_not_shifted(canonical: Canonical) -> None:
    record = "BLONP,Blondel,Frédérique,Manager,24, place Kléber,Strasbourg,NULL,67000,France,88,89"
    shifted = {
        "customerID": "BLONP",
        "companyName": "Blondel",
        "address": "24",
        "city": " place Kléber",
        "region": "Strasbourg",
    }
    (row,) = canonical("northwind", "customers", customers=[shifted | {"_corrupt_record": record}])
    assert (row["company_name"], row["address"], row["city"], row["region"]) == ("Blondel", None, None, None)
    assert row["_reasons"] == []
    assert row["_repairs"] != []
