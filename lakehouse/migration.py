"""Who moved from one segment to another between two publications. Needs no Spark.

It is a question and no table: what a table of gold says must follow from files and `as_of` alone, and not from what
happened to be published before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lakehouse.published import open_published

_SEGMENTS = "SELECT source_system, currency, customer_id, segment FROM gold.customer_rfm"


@dataclass(frozen=True)
class Move:
    """So many customers of one source and currency. A segment of None: not among the customers then."""

    source: str
    currency: str
    before: str | None
    after: str | None
    customers: int


def segment_migration(root: Path, before: int, after: int | None = None) -> list[Move]:
    """How many customers were in which segment in one publication and are in which in another (the newest, if None).

    Customers who stayed are counted too. Raises UnknownPublication, or UnknownTable where one has no segments. Costs a
    segment per customer in memory, as dashboards do.
    """
    old, new = _segments(root, before), _segments(root, after)
    counts = Counter((who[0], who[1], old.get(who), new.get(who)) for who in old.keys() | new.keys())
    moves = [Move(*key, customers=count) for key, count in counts.items()]
    return sorted(moves, key=lambda one: (one.source, one.currency, one.before or "", one.after or ""))


def _segments(root: Path, publication: int | None) -> dict[tuple[str, str, str], str]:
    with open_published(root, publication) as published:
        rows = published.sql(_SEGMENTS).iter_rows()
        return {(source, currency, customer): segment for source, currency, customer, segment in rows}
