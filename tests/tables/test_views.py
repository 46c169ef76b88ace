"""The views over the star give the same rows by DuckDB and by Spark, and these are the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lakehouse.delta.duck import declared_type
from lakehouse.published import open_published
from lakehouse.tables import gold
from lakehouse.tables.model import View
from lakehouse.tables.views import CUSTOMER_LIFETIME_VALUE, PRODUCT_PERFORMANCE, SALES_OVERVIEW, VIEWS
from tests.lakes import published_star

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MONDAY, TUESDAY = date(2024, 1, 1), date(2024, 1, 2)
SHOP = {"source_system": "shop", "currency": "GBP"}
SALE = SHOP | {"order_status": "completed", "customer_key": 11, "product_key": 31, "order_date": MONDAY}
RETURN = SHOP | {"customer_key": 11, "product_key": 31, "return_date": TUESDAY}

# Ann moved: two versions. Ben only gave back what he had bought elsewhere. 19 is the guest, 39 the unknown product.
CUSTOMERS = [
    {"customer_key": key, "customer_durable_key": durable, "source_system": "shop", "customer_id": name,
     "country_code": country, "is_current": current}
    for key, durable, name, country, current in (
        (11, 1, "ann", "GB", False), (12, 1, "ann", "FR", True), (13, 3, "ben", "GB", True), (19, 9, None, None, True),
    )
]  # fmt: skip
PRODUCTS = [
    {"product_key": key, "product_durable_key": durable, "source_system": "shop", "product_id": name,
     "product_name": name, "is_merchandise": goods, "is_current": current}
    for key, durable, name, goods, current in (
        (31, 3, "cup", True, False), (32, 3, "cup", True, True), (33, 4, "postage", False, True),
        (39, 9, None, True, True),
    )
]  # fmt: skip
SALES = [
    SALE | {"order_id": "A", "line_number": 1, "quantity": 3, "gross_revenue": Decimal("30.3000"),
            "discount": Decimal("0.3000"), "net_revenue": Decimal("30.0000"), "cost": Decimal("12.0001"),
            "margin": Decimal("17.9999")},
    SALE | {"order_id": "A", "line_number": 2, "quantity": 1, "product_key": 33, "gross_revenue": Decimal("5.0001"),
            "net_revenue": Decimal("5.0001")},
    SALE | {"order_id": "B", "line_number": 1, "quantity": 2, "customer_key": 12, "product_key": 32,
            "order_date": TUESDAY, "gross_revenue": Decimal(20), "net_revenue": Decimal(20)},
    SALE | {"order_id": "C", "line_number": 1, "quantity": 9, "order_status": "cancelled",
            "net_revenue": Decimal(90), "gross_revenue": Decimal(90)},
    SALE | {"order_id": "D", "line_number": 1, "quantity": 4, "customer_key": 19, "product_key": 39,
            "gross_revenue": Decimal(8), "net_revenue": Decimal(8)},
    SALE | {"order_id": "E", "line_number": 1, "quantity": 1, "currency": "EUR", "gross_revenue": Decimal(7),
            "net_revenue": Decimal(7)},
]  # fmt: skip
RETURNS = [
    RETURN | {"return_id": "1", "order_id": "A", "line_number": 1, "quantity": 1, "refund_amount": Decimal("10.5000")},
    RETURN | {"return_id": "2", "order_id": "B", "line_number": 1, "quantity": 1, "refund_amount": None,
              "customer_key": 12, "product_key": 32},
    RETURN | {"return_id": "3", "order_id": "C", "line_number": 1, "quantity": 9, "refund_amount": Decimal(90)},
    RETURN | {"return_id": "4", "order_id": None, "line_number": None, "quantity": 2, "customer_key": 13,
              "refund_amount": Decimal(4), "return_date": date(2024, 1, 3)},
]  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    published_star(tmp_path, dim_customer=CUSTOMERS, dim_product=PRODUCTS, fact_sales=SALES, fact_returns=RETURNS)
    return tmp_path


def rows_of(lake: Path, view: str, *key: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    answer = open_published(lake).sql(f"FROM {view}")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows), f"{view} has two rows of one {key}"
    return found


def picked(row: Mapping[str, Any], names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names.split())


def test_sales_overview_counts_completed_lines_by_their_day_and_returns_by_theirs(lake: Path) -> None:
    rows = rows_of(lake, SALES_OVERVIEW.name, "full_date", "currency")
    sold = "orders lines units gross_revenue discount net_revenue cost margin costed_revenue"
    back = "return_lines returned_units refund_amount unpriced_returns net_of_returns"
    assert picked(rows[MONDAY, "GBP"], sold) == (
        2, 3, 8, Decimal("43.3001"), Decimal("0.3"), Decimal("43.0001"), Decimal("12.0001"), Decimal("17.9999"), 30,
    )  # fmt: skip
    assert picked(rows[MONDAY, "GBP"], back) == (0, 0, 0, 0, Decimal("43.0001"))
    assert picked(rows[TUESDAY, "GBP"], sold) == (1, 1, 2, 20, 0, 20, None, None, 0)
    assert picked(rows[TUESDAY, "GBP"], back) == (2, 2, Decimal("10.5"), 1, Decimal("9.5"))
    assert picked(rows[date(2024, 1, 3), "GBP"], sold) == (0, 0, 0, 0, 0, 0, None, None, 0)
    assert picked(rows[date(2024, 1, 3), "GBP"], back) == (1, 2, 4, 0, -4)


def test_two_currencies_are_never_added_up(lake: Path) -> None:
    rows = rows_of(lake, SALES_OVERVIEW.name, "full_date", "currency")
    assert picked(rows[MONDAY, "EUR"], "orders net_revenue") == (1, 7)
    customers = rows_of(lake, CUSTOMER_LIFETIME_VALUE.name, "customer_id", "currency")
    assert customers["ann", "EUR"]["net_revenue"] == 7


def test_a_customer_who_moved_is_one_customer_with_his_present_country(lake: Path) -> None:
    ann = rows_of(lake, CUSTOMER_LIFETIME_VALUE.name, "customer_id", "currency")["ann", "GBP"]
    assert picked(ann, "customer_durable_key country_code orders units") == (1, "FR", 2, 6)
    assert picked(ann, "first_ordered_on last_ordered_on") == (MONDAY, TUESDAY)
    assert picked(ann, "net_revenue refund_amount unpriced_returns net_of_returns margin") == (
        Decimal("55.0001"), Decimal("10.5"), 1, Decimal("44.5001"), Decimal("17.9999"),
    )  # fmt: skip


def test_a_customer_who_only_returned_has_a_negative_value_and_guests_have_none(lake: Path) -> None:
    rows = rows_of(lake, CUSTOMER_LIFETIME_VALUE.name, "customer_id", "currency")
    assert picked(rows["ben", "GBP"], "orders first_ordered_on net_of_returns") == (0, None, -4)
    assert {name for name, _ in rows} == {"ann", "ben"}


def test_product_performance_has_the_return_rate_over_all_versions(lake: Path) -> None:
    rows = rows_of(lake, PRODUCT_PERFORMANCE.name, "product_id", "currency")
    cup = rows["cup", "GBP"]
    assert picked(cup, "orders units net_revenue returned_units is_merchandise") == (2, 5, 50, 4, True)
    assert cup["return_rate"] == 4 / 5
    assert picked(rows["postage", "GBP"], "is_merchandise return_rate") == (False, 0.0)
    assert rows[None, "GBP"]["units"] == 4


def test_the_views_add_up_to_the_completed_lines_of_the_facts(lake: Path) -> None:
    [(total,)] = (
        open_published(lake)
        .sql("SELECT sum(net_revenue) FROM gold.fact_sales WHERE order_status = 'completed' AND currency = 'GBP'")
        .fetchall()
    )
    for view in (SALES_OVERVIEW, PRODUCT_PERFORMANCE):
        answer = open_published(lake).sql(f"SELECT sum(net_revenue) FROM {view.name} WHERE currency = 'GBP'")
        assert answer.fetchall() == [(total,)], view.name


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_has_the_columns_that_it_declares(lake: Path, view: View) -> None:
    answer = open_published(lake).sql(f"FROM {view.name}")
    assert answer.columns == [column.name for column in view.columns]
    assert [str(kind).upper() for kind in answer.types] == [declared_type(column.type) for column in view.columns]
    for position, column in enumerate(view.columns):
        assert column.nullable or all(row[position] is not None for row in answer.fetchall()), column.name


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_spark_and_duckdb_agree_on_a_view(spark: SparkSession, lake: Path, view: View) -> None:
    text = view.sql
    for table in gold.TABLES:
        if table.name in view.reads:
            name = f"agree_{table.short_name}"
            spark.read.format("delta").load(str(lake / "gold" / table.short_name)).createOrReplaceTempView(name)
            text = text.replace(table.name, name)
    by_spark = spark.sql(text)
    by_duckdb = open_published(lake).sql(f"FROM {view.name}").fetchall()
    assert [field.dataType.simpleString().upper() for field in by_spark.schema] == [
        column.type for column in view.columns
    ]
    assert sorted(map(tuple, by_spark.collect()), key=repr) == sorted(by_duckdb, key=repr)
