"""What the rows of a file show beyond their values: totals among them, and orders whose later rows say less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.languages import TOTAL_WORDS
from lakehouse.sources.drafting.synonyms import plain

ORDER_COLUMNS = (
    "customer_id", "ordered_at", "order_status", "payment_method", "sales_channel", "campaign_id", "currency",
    "promised_at", "delivered_at", "ship_country_name", "ship_region", "ship_city", "ship_postal_code",
)  # fmt: skip
"""Canonical columns of order lines that say the same for all lines of an order."""
_MOST_FILLED = 2 / 3
"""A row of totals leaves some columns empty; how many it fills at most."""


@dataclass(frozen=True)
class FillDown:
    """Columns that only the first row of an order fills."""

    within: tuple[str, ...]
    columns: tuple[str, ...]


def totals(kind: Kind) -> dict[str, list[str]]:
    """Column -> texts that stand there in rows of totals."""
    found: dict[str, list[str]] = {}
    for sample in kind.samples:
        for row in sample.rows:
            filled = [(name, value) for name, value in zip(sample.columns, row, strict=True) if value is not None]
            if not filled or len(filled) > len(row) * _MOST_FILLED:
                continue
            name, value = filled[0]
            if plain(value) in TOTAL_WORDS and value not in found.setdefault(name, []):
                found[name].append(value)
    return {name: values for name, values in found.items() if name in kind.columns and values}


def has_blank_rows(kind: Kind) -> bool:
    """Whether some rows hold delimiters alone."""
    return any(not any(row) for sample in kind.samples for row in sample.rows)


def fill_down(kind: Kind, own: dict[str, str]) -> FillDown | None:
    """What is to be filled from the first row of each order; None where each row says all."""
    order = own.get("order_id")
    if order is None:
        return None
    header = [own[name] for name in ORDER_COLUMNS if name in own]
    keyless = own.get("product_id") or own.get("quantity")
    if keyless and any(row.get(order) is None and row.get(keyless) for row in _rows(kind)):
        return FillDown((), (order, *header))
    groups = [list(rows) for _, rows in groupby(_rows(kind), key=lambda row: row.get(order)) if _]
    columns = [name for name in header if is_on_first_rows([[row.get(name) for row in rows] for rows in groups])]
    return FillDown((order,), tuple(columns)) if columns else None


def _rows(kind: Kind) -> Iterator[dict[str, str | None]]:
    left_out = totals(kind)
    for sample in kind.samples:
        for row in sample.rows:
            named = dict(zip(sample.columns, row, strict=True))
            if any(row) and not any(named.get(name) in values for name, values in left_out.items()):
                yield named


def is_on_first_rows(groups: Sequence[Sequence[str | None]]) -> bool:
    """True where some orders of several rows fill the first alone, and none says anything else further down."""
    several = [values for values in groups if len(values) > 1]
    says_less = [values for values in several if values[0] is not None and None in values[1:]]
    return bool(says_less) and all(set(values[1:]) <= {None, values[0]} for values in several)
