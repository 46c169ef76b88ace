"""Amounts of order lines as silver works them out, for one line at a time, without Spark."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lakehouse.sources.plain.decimals import TooLargeError, fitted
from lakehouse.tables.reasons import RowReason
from lakehouse.tables.types import MONEY

_MONEY, _QUOTIENT = MONEY.lower(), "decimal(29,15)"
"""Of money by a number of units Spark keeps fifteen decimals before it rounds."""
_NAMED = ("unit_price", "gross_amount", "net_amount")
_STATED = ("gross_amount", "net_amount", "unit_price")


@dataclass(frozen=True)
class Amounts:
    """What a line comes to."""

    reasons: list[str]
    """Why its amounts cannot be taken."""
    price: Decimal | None
    discount: Decimal | None
    net: Decimal | None


def amounts_of(values: Mapping[str, str | None], mapped: Collection[str], *, is_clean: bool) -> Amounts:
    """The amounts of a line; `is_clean` says that nothing else is wrong with it.

    `values` are texts of the canonical columns, None where there is none; `mapped` are the columns that a source gives.
    """
    gross, net, price, quantity = (_number(values.get(one)) for one in (*_STATED, "quantity"))
    discount = _discount(values, mapped, gross, net)
    worth = gross
    if worth is None and net is not None and discount is not None:
        worth = net + discount
    if worth is None and quantity is not None and price is not None:
        worth = quantity * price
    revenue = _money(worth)
    after = None if revenue is None or discount is None else _money(revenue - discount)
    if price is None and revenue is not None and quantity:
        price = _money(fitted(revenue / quantity, _QUOTIENT))
    says_nothing = gross is None and net is None and price is None
    reasons = []
    if says_nothing and is_clean:
        named = next((one for one in _NAMED if one in mapped), "unit_price")
        reasons.append(RowReason.MISSING.of(named))
    if None not in (quantity, discount) and not says_nothing and (revenue is None or after is None):
        reasons.append(RowReason.TOO_LARGE.of("gross_revenue"))
    return Amounts(reasons, price, discount, after)


def _discount(
    values: Mapping[str, str | None], mapped: Collection[str], gross: Decimal | None, net: Decimal | None
) -> Decimal | None:
    """As stated, else the difference of what is stated; None where a text of it does not read."""
    if "discount" in mapped:
        return _number(values.get("discount"))
    return Decimal(0) if gross is None or net is None else _money(gross - net) or Decimal(0)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _money(value: Decimal | None) -> Decimal | None:
    try:
        return None if value is None else fitted(value, _MONEY)
    except TooLargeError:
        return None


def as_text(amount: Decimal | None) -> str | None:
    """An amount as the lake shows it."""
    return None if amount is None else f"{amount:.4f}"
