"""What values say of date patterns, of marks in numbers, and of rates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lakehouse.sources.drafting.guess import date_formats, is_rate, marks
from tests.sources.conftest import Rows
from tests.sources.drafting.conftest import Draft

pytestmark = pytest.mark.spark


@pytest.mark.parametrize(
    ("values", "patterns", "ambiguous"),
    [
        (["2024-03-01"], ("yyyy-MM-dd",), False),
        (["2024-03-01T10:00:00Z"], ("yyyy-MM-dd'T'HH:mm:ssXXX",), False),
        (["2024-03-01 10:00:00.123+0200"], ("yyyy-MM-dd HH:mm:ss.SSSXX",), False),
        (["31/12/2024", "01/02/2024"], ("dd/MM/yyyy",), False),
        (["12/31/2024", "01-02-24"], ("MM/dd/yyyy", "MM-dd-yy"), False),
        (["1/2/2024", "12/31/2024"], ("M/d/yyyy",), False),
        (["01/02/2024"], ("dd/MM/yyyy",), True),
        (["12/1/2010 8:26", "12/31/2010 18:26"], ("M/d/yyyy H:mm",), False),
        (["12/31/2010 8:26 PM"], ("MM/dd/yyyy h:mm a",), False),
        (["12/31/2010 08:26:00pm"], ("MM/dd/yyyy hh:mm:ssa",), False),
        (["2024-03-01 10:00:00 +05:30"], ("yyyy-MM-dd HH:mm:ss XXX",), False),
        (["2024-03-01T10:00+02"], ("yyyy-MM-dd'T'HH:mmX",), False),
    ],
)
def test_date_patterns_follow_from_the_values(values: list[str], patterns: tuple[str, ...], ambiguous: bool) -> None:
    found = date_formats(iter(values))
    assert (found.patterns, found.ambiguous) == (patterns, ambiguous)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.5", "1,234.50"], (".", ",", False)),
        (["1,5", "1.234,50"], (",", ".", False)),
        (["1 234,5"], (",", " ", False)),
        (["1.5", "1,5", "2,5"], (",", "", True)),
        (["12", "abc"], (".", "", False)),
        (["9.99", "1,234", "1,234"], (".", ",", False)),
        (["9,99", "1.234", "1.234"], (",", ".", False)),
        (["1,234,567"], (".", ",", False)),
        (["1 234"], (".", " ", False)),
        (["1'234.5", "0.125"], (".", "'", False)),
        (["0.125", "1,234"], (".", ",", False)),
        (["1,234", "12,500"], (",", "", True)),
    ],
)
def test_decimal_and_thousands_marks_follow_from_the_values(values: list[str], expected: tuple[str, str, bool]) -> None:
    assert marks(values) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [(["2", "1,250"], (".", ",", True)), (["2", "1.250"], (",", ".", True)), (["2", "1,25"], (",", "", False))],
)
def test_whole_numbers_beside_grouped_ones_say_that_the_mark_is_no_decimal(
    draft: Draft, counts: list[str], expected: tuple[str, str, bool]
) -> None:
    rows = "".join(f"{number};P;2024-03-01;9;{count}\n" for number, count in enumerate(counts))
    texts: list[str] = []
    header = "order_id;product_id;ordered_at;price;quantity\n"
    source = draft({"orders.csv": header + rows}, lambda text: texts.append(text) or text)  # type: ignore[func-returns-value]
    kind = source.files["orders"]
    assert (kind.decimal_mark, kind.thousands_mark, "commas and points" in texts[0]) == expected


def test_a_note_with_a_comma_among_digits_says_nothing_of_numbers(draft: Draft) -> None:
    text = "order_id;product_id;ordered_at;quantity;price;note\n1;P;2024-03-01;1;1,234;1.5\n2;P;2024-03-01;1;9,99;a\n"
    kind = draft({"orders.csv": text + "3;P;2024-03-01;1;2;b\n"}).files["orders"]
    assert (kind.decimal_mark, kind.thousands_mark) == (",", "")


def test_a_rate_is_multiplied_by_the_marks_of_its_file(canonical: Callable[..., Rows], draft: Draft) -> None:
    columns = ("order_id", "product_id", "ordered_at", "quantity", "price", "discount")
    line = ("1", "P", "2024-03-01", "2", "1.234,50", "0,15")
    source = draft({"orders.csv": f"{';'.join(columns)}\n{';'.join(line)}\n"})
    [row] = canonical(source, "order_lines", orders=[dict(zip(columns, line, strict=True))])
    assert (str(row["discount"]), row["_reasons"]) == ("370.3500", [])


def test_a_joined_column_is_read_by_the_marks_of_its_own_file(canonical: Callable[..., Rows], draft: Draft) -> None:
    lines, prices = ("order_id", "product_id", "ordered_at", "qty"), ("product_id", "Unit Price")
    source = draft(
        {"lines.csv": f"{','.join(lines)}\n1,7,2024-03-01,2\n", "prices.csv": f"{';'.join(prices)}\n7;1.234,50\n"}
    )
    row = dict(zip(lines, ("1", "7", "2024-03-01", "2"), strict=True))
    price = dict(zip(prices, ("7", "1.234,50"), strict=True))
    [line] = canonical(source, "order_lines", lines=[row], prices=[price])
    assert (str(line["unit_price"]), line["_reasons"]) == ("1234.5000", [])


def test_a_rate_lies_between_zero_and_one() -> None:
    assert is_rate(["0", "0.15"])
    assert is_rate(["0", "0,15"], ",")
    assert not is_rate(["0", "0"])
    assert not is_rate(["0.5", "2"])
