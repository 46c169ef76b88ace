"""The ledger of files: what bronze and ops.ingested_files hold already, and what is noted there.

Read without Spark where nothing has to be caught up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import FoundFile, instant
from lakehouse.bronze.members import Looked, opened_up
from lakehouse.delta.rows import answer, partition_values
from lakehouse.lake import Lake
from lakehouse.settings import Archives
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table
from lakehouse.tables.ops import INGESTED_FILES

FileState = tuple[str, int, int]
"""Path, bytes, and microseconds since 1970 of the last modification."""


def state_of(file: FoundFile) -> FileState:
    return file.path, file.bytes, file.modified_at


@dataclass
class Known:
    """What is known of one source's files."""

    deliveries: dict[str, str] = field(default_factory=dict)
    """Delivery that is in bronze -> path of the file that it came with."""
    settled: set[FileState] = field(default_factory=set)
    """Files that need not be opened again: loaded, or duplicates."""
    rejected: set[tuple[FileState, str]] = field(default_factory=set)
    """Files that were refused, and the fingerprint of the declaration under which they were."""
    newest_batch: int = 0
    """The watermark: what bronze has of later batches is not noted yet, as after a run that was cut short."""

    def has(self, file: FoundFile, fingerprint: str) -> bool:
        """Whether the file was judged before and the judgement holds. A refusal holds until the source is changed."""
        state = state_of(file)
        return state in self.settled or (state, fingerprint) in self.rejected


def next_batch_id(lake: Lake) -> int:
    """One more than the highest batch that ops or any bronze table knows, declared or not: none is used twice."""
    there = [batch for path in lake.paths("bronze") for batch in partition_values(path, "_batch_id")]
    [(noted,)] = answer(lake.root, INGESTED_FILES, "SELECT max(batch_id) FROM ingested_files")
    return max([0, noted or 0, *map(int, there)]) + 1


def waiting_files(root: Path, landing: Path, source_name: str) -> list[str]:
    """Paths below landing/<source> that no run has loaded as they are now. Asks the source's declaration nothing."""
    settled = _recalled(root, source_name).settled
    unknown = (one for one in scan(landing / source_name) if state_of(one) not in settled)
    return [one.path for one, _ in opened_up(unknown, Archives()) if state_of(one) not in settled]


def new_files(found: Iterable[Looked], known: Known, fingerprint: str, bounds: Archives) -> tuple[int, list[Looked]]:
    """How many files there are, those in zip archives among them, and which were not judged before.

    An archive is itself no file: its directory is read each time, and nothing else of it where all in it is known.
    """
    count = 0
    new = []
    for file, why in found:
        if known.has(file, fingerprint):
            count += 1
            continue
        for one, refusal in [(file, why)] if why else opened_up([file], bounds):
            count += 1
            if not known.has(one, fingerprint):
                new.append((one, refusal))
    return count, new


def recall(lake: Lake, source: Source) -> Known:
    """What ops.ingested_files says of the source."""
    return _recalled(lake.root, source.name)


def _recalled(root: Path, source_name: str) -> Known:
    known = Known()
    text = (
        "SELECT path, bytes, epoch_us(modified_at), status, source_fingerprint, delivery, batch_id FROM ingested_files"
    )
    found = answer(root, INGESTED_FILES, f"{text} WHERE source_system = ?", [source_name])
    for path, size, changed, status, fingerprint, delivery, batch in found:
        state = (path, size, changed)
        if status == "rejected":
            known.rejected.add((state, fingerprint))
            continue
        known.settled.add(state)
        if status == "loaded":
            known.deliveries[delivery] = path
            known.newest_batch = max(known.newest_batch, batch or 0)
    return known


def catch_up(lake: Lake, source: Source, landing: Path, now: datetime) -> Known:
    """Notes in ops.ingested_files what is in bronze and not yet noted, as after a crash between the two appends.

    Returns what is known of the source then.
    """
    known = recall(lake, source)
    missed: list[dict[str, Any]] = []
    for kind in source.loaded:
        table = source.table(kind)
        if max(_batches(lake, table), default=0) > known.newest_batch:
            missed += [row for row in _loaded(lake, table, kind, known) if row["delivery"] not in known.deliveries]
    if not missed:
        return known
    files = opened_up(scan(landing / source.name), Archives())
    sizes = {file.path: file.bytes for file, _ in files}
    for row in missed:
        row["bytes"] = sizes.get(row["path"])
    record_files(lake, source, missed, now)
    return recall(lake, source)


def _batches(lake: Lake, table: Table) -> list[int]:
    """The batches of a bronze table, from its log alone."""
    return [int(value) for value in partition_values(lake.path(table), "_batch_id")]


def rows_of_batch(lake: Lake, source: Source, kinds: Iterable[str], batch_id: int) -> dict[str, int]:
    """Delivery -> rows, as the bronze tables of those kinds have them. Deliveries without rows are not in it."""
    counts: dict[str, int] = {}
    for kind in sorted(kinds):
        table = source.table(kind)
        text = f"SELECT _file_delivery, count(*) FROM {table.short_name} GROUP BY _file_delivery"
        counts |= dict(answer(lake.root, table, text, within={"_batch_id": batch_id}))
    return counts


def _loaded(lake: Lake, table: Table, kind: str, known: Known) -> list[dict[str, Any]]:
    """One row of ops.ingested_files for each delivery of the batches that ops does not know."""
    names = "_source_file, _file_sha256, _file_delivery, epoch_us(_file_modified_at), _batch_id"
    text = f"SELECT {names}, count(*) FROM {table.short_name} WHERE _batch_id > ? GROUP BY ALL"
    return [
        {
            "path": path,
            "sha256": sha256,
            "delivery": delivery,
            "modified_at": instant(modified_at),
            "batch_id": batch_id,
            "file_kind": kind,
            "rows": rows,
            "status": "loaded",
            "details": '{"note": "noted after a run that was cut short"}',
        }
        for path, sha256, delivery, modified_at, batch_id, rows in answer(lake.root, table, text, [known.newest_batch])
    ]


def record_files(lake: Lake, source: Source, files: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Appends one row for each file, in one commit; none where there are no files. Columns not given are NULL."""
    common = {
        "source_system": source.name,
        "source_fingerprint": source.fingerprint,
        "run_id": lake.run_id,
        "_ingested_at": now,
    }
    rows = [{**file, **common} for file in files]
    if rows:
        lake.append_rows(INGESTED_FILES, rows)
