"""Whether new order lines are of another kind than earlier ones."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lakehouse.tables.silver import ORDER_LINES
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured

CATEGORIES = ("order_status", "payment_method", "sales_channel", "currency")
LEAST_SHARE = 0.0005
"""A category that one side does not have counts as if it had a little: the logarithm asks for it."""


def stability_index(before: Mapping[str | None, int], new: Mapping[str | None, int]) -> float:
    """Population stability index: 0 for equal shares; beyond 0.25 it is usual to speak of another population."""
    total_before, total_new = sum(before.values()), sum(new.values())
    index = 0.0
    for name in before.keys() | new.keys():
        was = max(before.get(name, 0) / total_before, LEAST_SHARE)
        is_ = max(new.get(name, 0) / total_new, LEAST_SHARE)
        index += (is_ - was) * math.log(is_ / was)
    return index


def shift_of_categories(heads: Heads, min_lines: int) -> Measured:
    """The largest index over the categories of order lines, new batches against all before."""
    if not heads.batches or heads.lake.publication is None:
        return NOTHING_BROKEN
    is_new = f"_batch_id IN ({', '.join(map(str, heads.batches))})"
    counted = (
        f"SELECT '{name}', {is_new}, {name}, count(*) FROM {ORDER_LINES.name} GROUP BY {is_new}, {name}"
        for name in CATEGORIES
    )
    counts: dict[str, tuple[dict[str | None, int], dict[str | None, int]]] = {name: ({}, {}) for name in CATEGORIES}
    for category, new, value, lines in heads.ask(" UNION ALL ".join(counted)):
        counts[category][new][value] = lines
    if any(sum(side.values()) < min_lines for side in counts[CATEGORIES[0]]):
        return NOTHING_BROKEN
    indices = {name: stability_index(*sides) for name, sides in counts.items()}
    said = ", ".join(f"{name} {index:.3f}" for name, index in indices.items())
    return Measured(max(indices.values()), f"stability index of new lines: {said}")
