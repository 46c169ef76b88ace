"""How the engine is to work: a few new rows in a lake of no great size are not worth compiling plans for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from lakehouse.lake import Lake
from lakehouse.published.batches import list_batches
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables.feeds import FEEDS

FEW_ROWS = 20_000
FEW_KNOWN = 2_000_000
"""Rows of silver that a small run may meet: gold reads whole dimensions and months, however little is new."""


def pace(
    lake: Lake, selections: Mapping[str, BatchSelection], *, rebuild: bool = False
) -> AbstractContextManager[None]:
    """Within it the engine expects few rows where the run is small; a rebuild never is."""
    new = {number for selection in selections.values() for number in selection.new}
    rows = sum(batch.rows for batch in list_batches(lake.root) if batch.number in new)
    anew = rebuild or any(selection.everything for selection in selections.values())
    known = sum(lake.count(feed.table) for feed in FEEDS.values())
    is_small = rows <= FEW_ROWS and known <= FEW_KNOWN
    return lake.engine.small() if is_small and not anew else nullcontext()
