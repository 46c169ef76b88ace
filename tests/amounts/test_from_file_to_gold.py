"""Amounts as shops state them come out in gold to the last decimal, and what files say of themselves is held to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lakehouse.lake import Lake
from lakehouse.tables.gold import FACT_ORDER_CHARGES, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import PAYMENT_MIX
from lakehouse.tables.model import Table
from lakehouse.tables.silver import ORDER_LINES, QUARANTINE
from quality.checks.against_files import money_as_sent
from quality.checks.stated import lines_beside_prices, orders_beside_payments, orders_beside_totals
from quality.heads import Heads
from quality.thresholds import Stated
from tests.amounts.books import Books
from tests.amounts.conftest import FIRST, SECOND

pytestmark = pytest.mark.spark

LIMITS = Stated(max_share=0, rounding=0.005, rounding_of_a_unit=0.005)
Told = dict[str, Any]


def rows(lake: Lake, table: Table, names: str, where: str = "true") -> list[tuple[str, ...]]:
    """Columns of a table as texts, amounts as they are written."""
    found = lake.read(table).where(where).select(*names.split()).collect()
    return sorted(tuple(_text(value) for value in row) for row in found)


def _text(value: Any) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else str(value)


def told(lake: Lake, batches: list[int], books: Books | None = None) -> Told:
    heads = Heads(lake, books.sources if books else (), batches)
    cafe = "source_system = 'cafe'"
    found: Told = {
        "lines": rows(lake, ORDER_LINES, "order_id line_number gross_revenue discount net_revenue unit_price", cafe),
        "charges": rows(lake, FACT_ORDER_CHARGES, "charge_id charge_kind amount is_within_prices order_status"),
        "mix": rows(lake, PAYMENT_MIX, "month_start payment_method orders lines net_revenue", cafe),
        "refused": rows(lake, QUARANTINE, "unit_key reasons", cafe),
        "priced": lines_beside_prices(heads, LIMITS),
        "totals": orders_beside_totals(heads, LIMITS),
        "paid": orders_beside_payments(heads, LIMITS),
    }
    if books:
        names = "source_system order_id quantity unit_price gross_revenue discount net_revenue currency"
        found["sales"] = rows(lake, FACT_SALES, names, "source_system <> 'cafe'")
        found["returns"] = rows(lake, FACT_RETURNS, "return_id quantity refund_amount currency")
        found["as sent"] = money_as_sent(heads, "order_lines").figure
    heads.release()
    return found


@pytest.fixture(scope="module")
def first(books: Books) -> Told:
    return told(books.take([(10, FIRST)]), [1, 2, 3], books)


@pytest.fixture(scope="module")
def second(first: Told, books: Books) -> Told:
    return told(books.take([(20, SECOND)]), [4])


def test_currency_signs_parentheses_and_marks_of_thousands_read(first: Told) -> None:
    assert [row for row in first["sales"] if row[0] == "square"] == [
        ("square", "tx1", "1", "1250", "1250", "125", "1125", "USD"),
        ("square", "tx1", "10", "2", "20", "0", "20", "USD"),
    ]
    assert first["returns"] == [("tx2-1", "2", "4", "USD")]


def test_amounts_of_lines_are_exact_and_no_discount_is_made_up(first: Told) -> None:
    assert [row for row in first["sales"] if row[0] == "totals"] == [
        ("totals", "X1", "3", "3.3333", "10", "0", "10", "GBP"),
        ("totals", "X2", "7", "14.2857", "100", "0", "100", "GBP"),
        ("totals", "X3", "2", "4.5", "9", "0", "9", "GBP"),
    ]


def test_a_discount_of_an_order_is_shared_out_by_worth_and_adds_up(first: Told) -> None:
    lines = {row[:2]: row[2:5] for row in first["lines"]}
    assert lines["A1", "1"] == ("20", "2", "18")
    assert lines["A1", "2"] == ("10", "1", "9")
    assert [lines["A2", str(number)] for number in (1, 2, 3)] == [
        ("10", "3.34", "6.66"), ("10", "3.33", "6.67"), ("10", "3.33", "6.67"),
    ]  # fmt: skip


def test_an_order_whose_discount_cannot_be_is_refused_whole(first: Told) -> None:
    assert first["refused"] == [(order, "['wrong_order_discount']") for order in ("A5", "A5", "A6")]


def test_a_stated_amount_counts_before_the_price(first: Told) -> None:
    lines = {row[:2]: row[2:] for row in first["lines"]}
    assert lines["A3", "1"] == ("10", "0", "10", "3.33")
    assert lines["A4", "1"] == ("7", "0", "7", "5")


def test_charges_have_a_fact_of_their_own(first: Told) -> None:
    assert first["charges"] == [
        ("A1", "shipping", "4.9", "False", "completed"),
        ("A1", "tax", "4.31", "True", "completed"),
        ("A3", "tax", "1.6", "True", "completed"),
    ]


def test_what_files_say_of_themselves_is_held_against_what_the_lake_makes_of_it(first: Told) -> None:
    assert first["priced"].examples == ("cafe A4 line 1: 5.0000 stated, 7.0000 here, EUR",)
    assert first["totals"].examples == ("cafe A3: 11.0000 stated, 10.0000 here, EUR",)
    assert first["totals"].figure == pytest.approx(1 / 3)
    assert "1 of 3 orders differ: 0.00 EUR more here, 1.00 less" in first["totals"].observed
    assert first["paid"].examples == ("cafe A2: 15.0000 stated, 20.0000 here, EUR",)
    assert first["as sent"] == 0


def test_an_order_paid_in_parts_counts_in_parts(first: Told) -> None:
    assert [row for row in first["mix"] if row[0] == "2024-02-01"] == [
        ("2024-02-01", "card", "2", "5", "31.9279"),
        ("2024-02-01", "paypal", "0", "0", "10.0721"),
        ("2024-02-01", "unknown", "0", "0", "5"),
    ]


@pytest.mark.long
def test_a_second_delivery_shares_out_anew(second: Told) -> None:
    lines = {row[:2]: row[2:5] for row in second["lines"]}
    assert (lines["A1", "1"], lines["A1", "2"]) == (("20", "4", "16"), ("10", "2", "8"))
    assert [row for row in second["mix"] if row[0] == "2024-02-01"] == [
        ("2024-02-01", "card", "2", "5", "29.3327"),
        ("2024-02-01", "cash", "0", "0", "5.7143"),
        ("2024-02-01", "paypal", "0", "0", "8.953"),
    ]
    assert second["paid"].examples == ("cafe A1: 31.9000 stated, 28.9000 here, EUR",)


@pytest.mark.long
def test_batch_by_batch_is_as_all_at_once(second: Told, at_once: Lake) -> None:
    assert told(at_once, [1]) == second
