"""Which batches a publication has behind it, and what was last decided about the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lakehouse.published import Publication
from lakehouse.published.batches import consumed_batches, list_batches
from lakehouse.tables.ops import BATCH_DECISIONS, INGESTED_FILES
from tests.lakes import publish, write

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def publication(number: int, parent: int | None, *batches: int) -> Publication:
    return Publication(number, parent, "run", NOON, NOON.date(), {}, batches, "1", {}, "r")


def loaded(lake: Path, *batches: int) -> None:
    rows = [{"source_system": "shop", "status": "loaded", "batch_id": number, "rows": 7} for number in batches]
    write(lake, INGESTED_FILES, rows)


def decided(lake: Path, decisions: Sequence[tuple[int, str, int]]) -> None:
    """Batch, decision, and the hour of it, in the order of the rows."""
    rows = [
        {"batch_id": batch, "decision": decision, "details": f"at {hour}", "decided_at": NOON.replace(hour=hour)}
        for batch, decision, hour in decisions
    ]
    write(lake, BATCH_DECISIONS, rows)


def statuses(lake: Path) -> dict[int, tuple[str, str]]:
    return {batch.number: (batch.status, batch.why) for batch in list_batches(lake)}


def test_a_publication_has_its_own_batches_and_those_of_all_that_it_was_built_on() -> None:
    published = [publication(1, None, 1), publication(2, 1, 2, 3), publication(3, 2)]
    assert [consumed_batches(published, number) for number in (None, 1, 2, 3)] == [set(), {1}, {1, 2, 3}, {1, 2, 3}]


def test_a_rollback_leaves_out_the_batches_after_its_target_until_they_come_again() -> None:
    published = [publication(1, None, 1), publication(2, 1, 2), publication(3, 1)]
    assert consumed_batches(published, 3) == {1}
    assert consumed_batches([*published, publication(4, 3, 4)], 4) == {1, 4}
    assert consumed_batches([*published, publication(4, 2)], 4) == {1, 2}


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        ([("hold", 8), ("release", 9)], "new"),
        ([("release", 8), ("hold", 9)], "held"),
        ([("hold", 8), ("release", 9), ("hold", 10)], "held"),
        ([("hold", 8), ("discard", 9)], "discarded"),
        ([("discard", 8), ("release", 9)], "new"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_latest_decision_about_a_batch_counts_in_whatever_order_rows_are_read(
    tmp_path: Path, decisions: list[tuple[str, int]], status: str, backwards: bool
) -> None:
    loaded(tmp_path, 1, 2)
    rows = [(1, decision, hour) for decision, hour in decisions]
    decided(tmp_path, rows[::-1] if backwards else rows)
    assert statuses(tmp_path) == {1: (status, f"at {decisions[-1][1]}"), 2: ("new", "")}


def test_a_batch_that_is_published_stays_so_whatever_was_decided_before(tmp_path: Path) -> None:
    loaded(tmp_path, 1)
    decided(tmp_path, [(1, "hold", 8)])
    publish(tmp_path, 1, {})
    assert statuses(tmp_path) == {1: ("published", "at 8")}
    publish(tmp_path, 2, {}, parent=None, batches=[])
    assert statuses(tmp_path) == {1: ("held", "at 8")}
