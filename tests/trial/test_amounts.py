"""Amounts of lines worked out without Spark are those of silver: the same cases, the same values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jobs.trial.amounts import Amounts, amounts_of
from jobs.trial.order_discount import Line, share_out
from lakehouse.sources.plain.sql import Unsupported
from tests.silver.test_line_amounts import CASES, COLUMNS, MAPPED

RULES = ("negative_", "zero_quantity", "discount_above_price")
"""Reasons of the rules of rows, which are not asked without Spark."""


def _values(given: dict[str, str]) -> tuple[dict[str, str | None], bool]:
    """Canonical columns as they are read, and whether all of them read."""
    unread = False
    values: dict[str, str | None] = {}
    for canonical, column in MAPPED.items():
        text = given.get(column, "-")
        values[canonical] = None if text in ("-", "x") else text
        unread |= text == "x"
    if given["off"] == "-":
        values["discount"] = "0"
    return values, not unread


def test_lines_come_to_what_silver_makes_of_them() -> None:
    lines: dict[int, Line] = {}
    amounts: dict[int, Amounts] = {}
    for place, (case, expected) in enumerate(CASES):
        given = dict(zip(COLUMNS, case.split(), strict=True))
        values, is_clean = _values(given)
        amounts[place] = found = amounts_of(values, MAPPED, is_clean=is_clean)
        if is_clean and not found.reasons and found.net is not None and not expected.startswith(RULES):
            stated = values["order_discount"]
            number = None if stated is None else Decimal(stated)
            lines[place] = Line(given["order_id"], "f", given["line"], given["money"], found.net, number)
    share_out(list(lines.values()))
    for place, (case, expected) in enumerate(CASES):
        found = amounts[place]
        if expected.startswith((*RULES, "unparsable")):
            assert found.reasons == [], case
        elif place not in lines:
            assert found.reasons == [expected], case
        elif lines[place].reason:
            assert lines[place].reason == expected, case
        else:
            line = lines[place]
            assert found.discount is not None
            assert found.net is not None
            gross, discount, net, price = (Decimal(text) for text in expected.split())
            assert (found.discount + line.share, found.net - line.share, found.price) == (discount, net, price), case
            assert net + discount == gross


@pytest.mark.parametrize(("file", "number"), [("g", "2"), ("f", "1")])
def test_an_order_in_several_files_or_with_a_line_twice_is_left_to_spark(file: str, number: str) -> None:
    first = Line("1", "f", "1", "EUR", Decimal(5), Decimal(1))
    with pytest.raises(Unsupported):
        share_out([first, Line("1", file, number, "EUR", Decimal(5), None)])
    share_out([Line("1", "f", "1", "EUR", Decimal(5), None), Line("1", file, number, "EUR", Decimal(5), None)])
