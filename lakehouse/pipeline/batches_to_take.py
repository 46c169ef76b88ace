"""Which batches of each source a run works with, and whether all of them are derived again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lakehouse.lake import Lake
from lakehouse.pipeline.fingerprints import moved_parts, published_configuration
from lakehouse.published.batches import list_batches
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.model import Source
from lakehouse.tables.reasons import BatchStatus


def batches_to_take(lake: Lake, sources: Iterable[Source], now: Mapping[str, str]) -> dict[str, BatchSelection]:
    """Source -> its batches; `now` is the configuration that is in force (see `fingerprints.configuration`)."""
    before, batches = published_configuration(lake), list_batches(lake.root)
    found = {}
    for source in sources:
        mine = [batch for batch in batches if batch.source == source.name]
        consumed = tuple(batch.number for batch in mine if batch.status == BatchStatus.PUBLISHED)
        moved = moved_parts(source, before, dict(now)) if consumed else set()
        found[source.name] = BatchSelection(
            consumed,
            tuple(batch.number for batch in mine if batch.status == BatchStatus.NEW),
            everything=bool(consumed) and (lake.rebuild or "judged" in moved),
            as_of_moved="as_of" in moved,
            decisions_changed="decided" in moved,
        )
    return found
