"""What warns early of a mistake in a declaration or an export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.silver.newest_order import advice, newest_order
from lakehouse.sources.model import Source
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, PRODUCTS
from quality.checks.early import (
    early_checks,
    interchangeable,
    looks_mixed_up,
    mixed_orders,
    odd_amounts,
    seen_from_afar,
    spoilt_ids,
)
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN
from tests.lakes import write

Rows = list[dict[str, Any]]
Of = Callable[..., Heads]
AS_OF = date(2024, 2, 1)
DAY = date(2024, 1, 5)


@pytest.fixture
def of(spark: SparkSession, tmp_path: Path) -> Of:
    """A lake with these lines, products and customers."""

    def heads(lines: Rows, products: Rows | None = None, customers: Rows | None = None) -> Heads:
        month = {"order_month": date(2024, 1, 1), "order_date": DAY}
        write(tmp_path, ORDER_LINES, [month | {"source_system": "shop"} | line for line in lines])
        for table, rows in ((PRODUCTS, products), (CUSTOMERS, customers)):
            write(tmp_path, table, [{"source_system": "shop"} | row for row in rows or ()])
        return Heads(Lake(spark, tmp_path, run_id="r", as_of=AS_OF))

    return heads


def test_all_of_them_only_warn() -> None:
    assert {one.severity for one in early_checks()} == {"warning"}


def test_ids_are_looked_at_again_where_customers_or_products_changed() -> None:
    assert {one.code: one.reads for one in early_checks() if one.reads} == {"ids_whole": (CUSTOMERS, PRODUCTS)}


def test_an_order_of_two_customers_or_two_days_is_named_and_a_guest_is_no_second_one(of: Of) -> None:
    lines = [
        *({"order_id": "two customers", "customer_id": who} for who in ("K1", "K2")),
        *({"order_id": "two days", "order_date": DAY + timedelta(days=later)} for later in (0, 1)),
        *({"order_id": "a guest's", "customer_id": who} for who in ("K1", None)),
        *({"order_id": "of two shops", "source_system": shop, "customer_id": shop} for shop in ("a", "b")),
    ]
    found = mixed_orders(of(lines))
    assert (found.figure, found.examples) == (2, ("shop, two customers", "shop, two days"))
    assert mixed_orders(of(lines[4:])) == NOTHING_BROKEN


def test_ids_that_a_spreadsheet_rewrote_are_named(of: Of) -> None:
    lines = [
        {"order_id": "5.55E+12", "product_id": "0042"},
        {"order_id": "5,1e+09", "product_id": "7"},
        {"order_id": "1E5", "product_id": "00"},
        {"order_id": "05.5E+12x", "customer_id": "7"},
    ]
    found = spoilt_ids(of(lines, [{"product_id": "42"}, {"product_id": "0A7"}], [{"customer_id": "007"}]))
    assert found.figure == 4
    assert set(found.examples) == {
        "shop, order_id, 5,1e+09", "shop, order_id, 5.55E+12", "shop, product_id, 0042", "shop, customer_id, 007",
    }  # fmt: skip
    assert spoilt_ids(of(lines[2:3], [{"product_id": "A7"}], [{"customer_id": "007"}])) == NOTHING_BROKEN


def test_the_zeros_of_one_shop_are_no_matter_of_another(of: Of) -> None:
    lines = [{"product_id": "042", "source_system": "a"}, {"product_id": "42", "source_system": "b"}]
    assert spoilt_ids(of(lines)) == NOTHING_BROKEN


EARLY = [date(2024, month, day) for month in (1, 2) for day in (1, 5, 9, 12)]


@pytest.mark.parametrize(
    ("days", "is_odd"),
    [
        (EARLY, True),
        (EARLY[:-1], False),
        ([*EARLY, date(2024, 3, 13)], False),
        ([date(2024, 1, day) for day in range(1, 13)], False),
        ([], False),
    ],
)  # fmt: skip
def test_many_days_of_several_months_none_after_the_twelfth_are_odd(days: list[date], is_odd: bool) -> None:
    assert looks_mixed_up(days) == is_odd


@pytest.mark.parametrize(
    ("pattern", "can_be"),
    [
        ("dd/MM/yyyy", True), ("M/d/yyyy H:mm", True), ("d.M.yyyy", True), ("yyyy-MM-dd", False),
        ("dd MMM yyyy", False), ("yyyyMMdd", False), ("yyyy/dd/MM", False),
    ],
)  # fmt: skip
def test_day_and_month_can_be_mixed_up_where_both_are_numbers_before_the_year(pattern: str, can_be: bool) -> None:
    columns = {"order_id": "a", "line_number": "1", "ordered_at": "a", "quantity": "1", "unit_price": "1"}
    source = Source.model_validate(
        {"name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f"}
        | {"files": {"orders": {"pattern": "*", "columns": ["a"], "date_formats": pattern}}}
        | {"feeds": {"order_lines": {"file": "orders", "columns": columns}}}
    )
    assert bool(interchangeable(source)) == can_be


def test_prices_with_more_decimals_than_the_currency_has_are_odd_where_most_are(of: Of) -> None:
    lines = [
        *({"currency": "JPY", "unit_price": price} for price in ("12.5", "19.99", "8")),
        *({"currency": "EUR", "unit_price": price} for price in ("1.255", "1.5")),
        *({"currency": "KWD", "unit_price": price} for price in ("1.255", "0.001")),
        *({"currency": "GBP", "unit_price": price} for price in ("1.2345", "0.005", "7")),
    ]
    found = odd_amounts(of([line | {"unit_price": Decimal(line["unit_price"])} for line in lines]))
    assert found.figure == 2
    assert "shop: 2 of 3 lines in GBP; shop: 2 of 3 lines in JPY" in found.observed


@pytest.mark.parametrize("stated", ["gross_amount", "net_amount"])
def test_a_price_that_is_a_share_of_a_stated_amount_is_not_odd_but_such_an_amount_is(of: Of, stated: str) -> None:
    third = {"currency": "GBP", "unit_price": Decimal("3.3333")}
    assert odd_amounts(of([third | {stated: Decimal(10)}])) == NOTHING_BROKEN
    assert odd_amounts(of([third | {stated: Decimal("10.001")}])).figure == 1


def test_a_lake_that_is_seen_from_long_after_its_newest_order_is_told_the_day_that_suits(
    of: Of, tmp_path: Path
) -> None:
    a_year_ago = AS_OF - timedelta(days=365)
    old = [{"order_date": day, "order_month": day.replace(day=1)} for day in (date(2011, 3, 1), a_year_ago)]
    assert seen_from_afar(of(old)) == NOTHING_BROKEN
    older = [line | {"order_date": line["order_date"] - timedelta(days=1)} for line in old]
    found = seen_from_afar(of(older))
    assert (found.figure, f"--as-of {a_year_ago} suits" in found.observed) == (1, True)
    assert newest_order(tmp_path) == a_year_ago - timedelta(days=1)


def test_without_orders_there_is_nothing_to_advise(tmp_path: Path) -> None:
    assert newest_order(tmp_path) is None
    assert advice(None, AS_OF) == ""
