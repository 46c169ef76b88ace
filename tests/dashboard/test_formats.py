from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.formats import MINUS, NARROW, NOTHING, THIN, Formats, is_nothing, plural

EN, DE = Formats(), Formats("de-AT")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_234_567.89, "£1.2_M"),
        (Decimal("34500.0000"), "£34.5_k"),
        (345_678, "£346_k"),
        (999_999, "£1.0_M"),
        (999_400, "£999_k"),
        (2_500_000_000, "£2.5_bn"),
        (678.4, "£678"),
        (12.5, "£12.5"),
        (49.05 + 1e-9, "£49.0"),
        (49.051, "£49.1"),
        (9.5, "£9.50"),
        (7, "£7"),
        (0, "£0"),
        (-34_500, "−£34.5_k"),
        (-0.001, "£0.00"),
        (None, NOTHING),
        (float("nan"), NOTHING),
    ],
)
def test_money_is_short_on_tiles(value, text):
    assert EN.money(value, "GBP") == text.replace("_", THIN)


def test_money_is_full_in_tables_with_the_sign_before_the_currency():
    assert EN.money_full(Decimal("1234567.8900"), "GBP") == "£1,234,567.89"
    assert EN.money_full(-5, "EUR") == "−€5.00"
    assert EN.money_full(1234, "JPY") == "¥1,234"
    assert EN.money_full(12, "SEK") == f"SEK{NARROW}12.00"
    assert EN.money_full(None, "GBP") == NOTHING


def test_shares_have_one_decimal_and_changes_their_sign():
    assert EN.percent(0.1234) == f"12.3{THIN}%"
    assert EN.percent(-0.04) == f"−4.0{THIN}%"
    assert EN.change(0.123) == f"+12.3{THIN}%"
    assert EN.change(-0.123) == f"−12.3{THIN}%"
    assert EN.change(0.0001) == f"0.0{THIN}%"
    assert EN.points(0.0123) == f"+1.2{THIN}points"
    assert EN.points(-0.0123) == f"−1.2{THIN}points"
    assert EN.points(0.0001) == f"0.0{THIN}points"
    assert (EN.percent(None), EN.change(None), EN.points(None)) == (NOTHING,) * 3


def test_counts_are_grouped_narrowly():
    assert EN.count(1_234_567) == f"1{NARROW}234{NARROW}567"
    assert EN.count(999) == "999"
    assert EN.count(None) == NOTHING


def test_dates_are_written_out():
    assert EN.day(date(2024, 3, 12)) == "12 Mar 2024"
    assert EN.month(date(2024, 3, 1)) == "Mar 2024"
    assert EN.days(date(2023, 11, 1), date(2024, 1, 31)) == "1 Nov 2023 – 31 Jan 2024"
    assert EN.days(date(2024, 1, 1), date(2024, 1, 31)) == "1 Jan – 31 Jan 2024"
    assert EN.days(date(2024, 1, 1), date(2024, 1, 1)) == "1 Jan 2024"
    assert EN.instant(datetime(2024, 3, 12, 14, 5, tzinfo=UTC)) == "12 Mar 2024, 14:05 UTC"
    assert (EN.day(None), EN.month(None), EN.instant(None)) == (NOTHING,) * 3


def test_numbers_read_as_in_the_readers_language():
    assert DE.money_full(1234567.89, "EUR") == "€1.234.567,89"
    assert DE.percent(0.1234) == f"12,3{THIN}%"
    assert DE.count(1234) == f"1{NARROW}234"
    assert Formats("xx").money_full(1234.5, "EUR") == "€1,234.50"


def test_one_order_two_orders():
    assert [f"{n} {plural(n, 'order')}" for n in (0, 1, 2)] == ["0 orders", "1 order", "2 orders"]
    assert plural(2, "country", "countries") == "countries"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_no_number_has_a_hyphen_for_a_minus_and_none_is_minus_zero(value):
    for text in (EN.money(value, "GBP"), EN.money_full(value, "GBP"), EN.percent(value), EN.number(value, 2)):
        assert "-" not in text
        assert (MINUS in text) <= any(digit in text for digit in "123456789")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_full_money_says_exactly_the_amount(value):
    text = EN.money_full(value, "GBP").replace("£", "").replace(",", "").replace(MINUS, "-")
    assert Decimal(text) == value


def test_nothing_is_null_or_not_a_number():
    assert is_nothing(None)
    assert is_nothing(float("nan"))
    assert not is_nothing(0)
    assert not is_nothing(Decimal(0))
