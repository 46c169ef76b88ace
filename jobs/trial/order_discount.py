"""Discounts of whole orders shared out over their lines as silver does it, for few lines, without Spark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jobs.trial.amounts import Amounts, as_text
from jobs.trial.outcome import TriedRow
from jobs.trial.plan import FeedPlan
from lakehouse.sources.mapping.currencies import MINOR_DIGITS, USUAL_DIGITS
from lakehouse.sources.plain.evaluate import CURRENCY
from lakehouse.sources.plain.rows import Ready
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import RowReason

_DECIMALS = 4
"""Of money: shares are whole units of 0.0001, or coarser."""


@dataclass
class Line:
    """A line that nothing is wrong with."""

    order: Hashable
    file: str
    number: str | None
    currency: str
    net: Decimal
    stated: Decimal | None
    """The discount of the whole order, as this line states it."""
    share: Decimal = Decimal(0)
    reason: str = ""


def with_order_discount(
    name: str,
    plan: FeedPlan,
    taken: Sequence[Ready],
    found: Sequence[tuple[TriedRow, Amounts | None]],
) -> list[TriedRow]:
    """The rows of a feed with the share of each line in `discount`, where that is shown; or with why it has none."""
    lines: dict[int, Line] = {}
    for place, (one, (row, amounts)) in enumerate(zip(taken, found, strict=True)):
        if amounts and amounts.net is not None and not row.reasons and not row.waits:
            stated = row.values["order_discount"]
            order = _order(name, plan, one, row)
            number, currency = row.values.get("line_number"), str(one.values[CURRENCY])
            lines[place] = Line(
                order, one.file, number, currency, amounts.net, None if stated is None else Decimal(stated)
            )
    share_out(list(lines.values()))
    rows = []
    for place, (row, amounts) in enumerate(found):
        if amounts and (line := lines.get(place)):
            discount = as_text((amounts.discount or 0) + line.share)
            values = {**row.values, "discount": discount} if "discount" in row.values else row.values
            row = replace(row, values=values, reasons=[line.reason] if line.reason else row.reasons)
        rows.append(row)
    return rows


def _order(name: str, plan: FeedPlan, one: Ready, row: TriedRow) -> Hashable:
    """What names the order of a line: its group in the file, its header, or its number."""
    headers = [left for join, left in plan.joins if join.role == "header"]
    named = plan.position or tuple(part for left in headers for part in left)
    parts = [part.or_none(one.values) for part in named] or [row.values.get(unit) for unit in FEEDS[name].unit]
    return (one.file, one.row_in_file) if None in parts else tuple(map(str, parts))


def share_out(lines: Sequence[Line]) -> None:
    """Gives each line its share, or the reason against it. Raises Unsupported where only Spark can say which lines of
    an order count."""
    orders: dict[Hashable, list[Line]] = defaultdict(list)
    for line in lines:
        orders[line.order].append(line)
    for members in orders.values():
        if all(line.stated is None for line in members):
            continue
        if len({line.file for line in members}) > 1 or len({line.number for line in members}) < len(members):
            raise Unsupported("an order with a discount of its own that stands in several files, or repeats a line")
        _share(members)


def _share(lines: Sequence[Line]) -> None:
    found = {_units(line.stated) for line in lines if line.stated is not None}
    stated, worth = max(found), [_units(line.net) for line in lines]
    several = stated > 0 and len({line.currency for line in lines}) > 1
    if len(found) > 1 or several or stated > sum(worth):
        for line in lines:
            line.reason = RowReason.ORDER_DISCOUNT
        return
    units = [_unit_of(line.currency) for line in lines]
    is_coarse = all(one % unit == 0 and stated % unit == 0 for one, unit in zip(worth, units, strict=True))
    steps = units if is_coarse else [1] * len(lines)
    shares = _by_largest_remainders(stated // steps[0], [one // steps[0] for one in worth], lines)
    for line, share, step in zip(lines, shares, steps, strict=True):
        line.share = Decimal(share * step).scaleb(-_DECIMALS)


def _by_largest_remainders(total: int, weights: Sequence[int], lines: Sequence[Line]) -> list[int]:
    """Shares of whole units that add up to the total; 0 where nothing weighs."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    # Towards zero, as Spark divides: weights below it take shares below it.
    shares = [_towards_zero(total * weight, whole) for weight in weights]
    rests = [total * weight - share * whole for weight, share in zip(weights, shares, strict=True)]
    in_turn = sorted(range(len(weights)), key=lambda place: (-rests[place], int(lines[place].number or 0)))
    for place in in_turn[: max(total - sum(shares), 0)]:
        shares[place] += 1
    return shares


def _towards_zero(product: int, whole: int) -> int:
    return product // whole if product >= 0 else -(-product // whole)


def _units(amount: Decimal) -> int:
    return int(amount.scaleb(_DECIMALS))


def _unit_of(currency: str) -> int:
    """The smallest unit of a currency, in units of 0.0001."""
    unit: int = 10 ** (_DECIMALS - MINOR_DIGITS.get(currency, USUAL_DIGITS))
    return unit
