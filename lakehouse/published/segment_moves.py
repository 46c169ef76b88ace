"""Who moved from one segment to another between two publications. Needs no Spark.

It is a question and no table: what a table of gold says must follow from files and `as_of` alone, and not from what
happened to be published before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from lakehouse.published import open_published

_SEGMENTS = "SELECT source_system, currency, customer_id, segment FROM gold.customer_rfm"
_MOVES = """
    SELECT source_system, currency, b.segment, a.segment, count(*)
    FROM before AS b FULL JOIN after AS a USING (source_system, currency, customer_id)
    GROUP BY ALL ORDER BY ALL NULLS FIRST
"""


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

    Customers who stayed are counted too. Raises UnknownPublication, or UnknownTable where one has no segments.
    """
    with (
        open_published(root, before) as old,
        open_published(root, after) as new,
        duckdb.connect() as both,
    ):
        both.register("before", old.sql(_SEGMENTS).to_arrow_table())
        both.register("after", new.sql(_SEGMENTS).to_arrow_table())
        return [Move(*row) for row in both.sql(_MOVES).fetchall()]
