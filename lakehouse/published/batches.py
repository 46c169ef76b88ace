"""Batches: what came into bronze together, and whether a publication has consumed it or a person holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakehouse.delta.order import oldest_first
from lakehouse.delta.rows import small_rows
from lakehouse.published import Publication, publications
from lakehouse.tables.ops import BATCH_DECISIONS, INGESTED_FILES
from lakehouse.tables.reasons import BatchStatus

_DECIDED = {"hold": BatchStatus.HELD, "discard": BatchStatus.DISCARDED}


@dataclass(frozen=True)
class Batch:
    """What one run loaded from one source."""

    number: int
    source: str
    files: int
    rows: int
    status: BatchStatus
    why: str


def consumed_batches(published: Sequence[Publication], number: int | None) -> set[int]:
    """The batches behind a publication: its own and those of all that it was built on."""
    by_number = {one.publication: one for one in published}
    found: set[int] = set()
    while number is not None:
        found.update(by_number[number].batches)
        number = by_number[number].parent
    return found


def latest_decisions(root: Path) -> Mapping[int, tuple[str, str]]:
    """Batch -> (decision, why) for the batches that somebody decided about."""
    rows = oldest_first(small_rows(root, BATCH_DECISIONS), "decided_at")
    return {row["batch_id"]: (row["decision"], row["details"] or "") for row in rows}


def list_batches(root: Path) -> list[Batch]:
    """Every batch of the lake, in order."""
    published = publications(root)
    consumed = consumed_batches(published, published[-1].publication if published else None)
    decisions = latest_decisions(root)
    loaded = small_rows(root, INGESTED_FILES, ["source_system", "batch_id", "rows", "status"])
    by_batch: dict[int, list[dict[str, Any]]] = {}
    for row in loaded:
        if row["status"] == "loaded":
            by_batch.setdefault(row["batch_id"], []).append(row)
    return [
        Batch(
            number,
            rows[0]["source_system"],
            len(rows),
            sum(row["rows"] or 0 for row in rows),
            _status(number, consumed, decisions),
            decisions.get(number, ("", ""))[1],
        )
        for number, rows in sorted(by_batch.items())
    ]


def _status(number: int, consumed: set[int], decisions: Mapping[int, tuple[str, str]]) -> BatchStatus:
    if number in consumed:
        return BatchStatus.PUBLISHED
    decision = decisions.get(number, ("", ""))[0]
    return _DECIDED.get(decision, BatchStatus.NEW)
