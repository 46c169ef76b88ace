"""Texts that write numbers read without Spark as they do with it: the same texts, the same numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.plain.numbers import of_minor_units, read_money, read_number
from tests.sources.mapping.test_numbers import ENGLISH, TEXTS


@pytest.mark.parametrize(("text", "kind", "currency", "number"), TEXTS)
def test_a_text_reads_as_its_file_writes_numbers_or_not_at_all(
    text: str, kind: FileKind, currency: str, number: str | None
) -> None:
    found = read_number(text, kind, currency=currency, per_cent=True)
    assert found == (None if number is None else Decimal(number))


def test_a_share_in_per_cent_is_no_amount() -> None:
    assert read_number("5%", ENGLISH) is None
    assert read_number("5%", ENGLISH, currency="USD") is None


@pytest.mark.parametrize(
    ("code", "amount"),
    [("USD", "123.45"), ("JPY", "12345"), ("KWD", "12.345"), ("CLF", "1.2345"), ("XYZ", "123.45")],
)
def test_the_smallest_unit_is_that_of_the_currency(code: str, amount: str) -> None:
    assert of_minor_units(Decimal(12345), code) == Decimal(amount)


@pytest.mark.parametrize(("text", "fits"), [("99999999999999.9", True), ("100000000000000", False)])
def test_a_number_is_as_wide_as_money(text: str, fits: bool) -> None:
    assert (read_money(text, ENGLISH, "USD") is not None) == fits
