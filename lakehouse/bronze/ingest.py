"""Idempotent ingestion from landing/<source> into bronze: what is new is loaded, each delivery once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lakehouse.bronze.by_bytes import named_by_bytes
from lakehouse.bronze.discover import kind_of, name_values
from lakehouse.bronze.entries import NEVER_OPENED, entries
from lakehouse.bronze.files import (
    Delivery,
    FileFacts,
    FoundFile,
    RefusedError,
    Rejection,
    delivery_identity,
    instant,
)
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.ledger import Known, catch_up, new_files, record_files, rows_of_batch
from lakehouse.bronze.load import NotLoaded, is_in_normal_form, load
from lakehouse.bronze.members import Looked
from lakehouse.bronze.opening import unreadable
from lakehouse.lake import Lake
from lakehouse.settings import Archives
from lakehouse.sources.model import Source
from lakehouse.tables.reasons import NOT_RECORDED, FileReason

_FILES_AT_ONCE = 4


@dataclass(frozen=True)
class RejectedFile:
    """A file that was not loaded, and why."""

    path: str
    reason: FileReason
    detail: str


@dataclass
class IngestReport:
    """What one run took from one source."""

    source: str
    found: int = 0
    """Files below landing/<source>, those known before among them."""
    loaded: int = 0
    duplicate: int = 0
    """New files whose delivery was here already."""
    rejected: list[RejectedFile] = field(default_factory=list)
    """New files that were not loaded, and those that were refused before under another declaration."""
    rows: dict[str, int] = field(default_factory=dict)
    """Kind of file -> rows loaded."""
    batch_id: int | None = None
    """None where no file was loaded."""


@dataclass(frozen=True)
class _Seen:
    """A file that was opened: what came of it."""

    found: FoundFile
    kind: str | None
    sha256: str
    outcome: FileFacts | Rejection
    identity: str | None = None
    name_values: dict[str, str] = field(default_factory=dict)


def ingest(
    lake: Lake,
    source: Source,
    landing: Path,
    *,
    batch_id: int,
    now: datetime,
    progress: Callable[[str], None] = lambda message: None,
    archives: Archives | None = None,
) -> IngestReport:
    """Loads the files below landing/<source> whose delivery is not yet in bronze, all under one batch.

    A file that cannot be loaded is recorded with its reason and the others go on. A run that is cut short leaves
    deliveries whole or absent, and the next one loads the rest. `now` is the instant that the rows carry. Each file in
    a zip archive is one of its own; `archives` says how much one may unpack to.
    """
    known = catch_up(lake, source, landing, now)
    report = IngestReport(source.name)
    found, new = new_files(_entries(landing, source), known, source.fingerprint, archives or Archives())
    report.found = found
    if not new:
        return report
    progress(f"{source.name}: looking at {len(new):,} new files")
    deliveries, records = _judge(_look_at(source, new), known, report)
    left_out = load(lake, source, deliveries, batch_id, now, progress)
    deliveries, records = _without(left_out, deliveries, records, report)
    counts = rows_of_batch(lake, source, {one.kind for one in deliveries}, batch_id)
    unseen = {one.kind for one in deliveries if one.facts.is_nfc is None}
    is_nfc = {kind: is_in_normal_form(lake, source, kind, batch_id) for kind in unseen}
    records += [
        _loaded_record(one, counts.get(one.identity, 0), batch_id, is_nfc.get(one.kind, False)) for one in deliveries
    ]
    record_files(lake, source, records, now)
    _complete(report, deliveries, counts, batch_id)
    return report


def _entries(landing: Path, source: Source) -> Iterator[Looked]:
    """Of folders without a file those that are named like one."""
    for file, refusal in entries(landing / source.name):
        is_folder = refusal is not None and os.path.isdir(file.location) and refusal.reason == FileReason.NOT_A_FILE
        if not is_folder or _is_named_like_a_file(file.path, source):
            yield file, refusal


def _is_named_like_a_file(path: str, source: Source) -> bool:
    try:
        return bool(kind_of(path, source))
    except RefusedError as refused:
        return refused.rejection.reason == FileReason.AMBIGUOUS_FILE


def _look_at(source: Source, files: Iterable[Looked]) -> list[_Seen | RejectedFile]:
    """Opens the files, several at once: hashing and unzipping run beside each other."""
    with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
        return list(pool.map(lambda one: _look(source, *one), files))


def _look(source: Source, file: FoundFile, refusal: Rejection | None) -> _Seen | RejectedFile:
    try:
        if refusal and refusal.reason in NEVER_OPENED:
            return _Seen(file, None, "", refusal)
        if refusal and refusal.reason in NOT_RECORDED:
            return _rejected(file, refusal)
        try:
            if refusal:
                raise RefusedError(refusal.reason, refusal.detail)
            kind = kind_of(file.path, source)
            values = dict(name_values(file.path, source.files[kind]))
        except RefusedError as refused:
            return _Seen(file, None, inspect(file, None).sha256, named_by_bytes(file, refused.rejection))
        found = inspect(file, source.files[kind])
    except RefusedError as passing:
        return _rejected(file, passing.rejection)
    except OSError as error:
        return _rejected(file, unreadable(error))
    except Exception as error:  # a fault of the reader: what it says may quote the file
        detail = f"The program that reads such files failed ({type(error).__name__}): have that mended, and run again"
        return RejectedFile(file.path, FileReason.UNREADABLE_FILE, detail)
    identity = delivery_identity(source.name, found.sha256, values)
    return _Seen(file, kind, found.sha256, found.outcome, identity, values)


def _judge(
    seen: Iterable[_Seen | RejectedFile], known: Known, report: IngestReport
) -> tuple[list[Delivery], list[dict[str, Any]]]:
    """What is to be loaded, and the records of what is not. Of files with the same content the oldest is loaded."""
    deliveries, records = [], []
    here = dict(known.deliveries)
    opened = []
    for one in seen:
        if isinstance(one, RejectedFile):
            report.rejected.append(one)
        else:
            opened.append(one)
    for file in sorted(opened, key=lambda one: (one.found.modified_at, one.found.path)):
        if file.identity in here:
            report.duplicate += 1
            records.append(_record(file, "duplicate", {"same_as": here[file.identity]}))
        elif isinstance(file.outcome, Rejection):
            report.rejected.append(_rejected(file.found, file.outcome))
            records.append(_record(file, "rejected", {"reason": file.outcome.reason, "detail": file.outcome.detail}))
        elif file.identity and file.kind:
            here[file.identity] = file.found.path
            deliveries.append(
                Delivery(file.found, file.kind, file.sha256, file.name_values, file.identity, file.outcome)
            )
    return deliveries, records


def _without(
    left_out: Iterable[NotLoaded], deliveries: list[Delivery], records: list[dict[str, Any]], report: IngestReport
) -> tuple[list[Delivery], list[dict[str, Any]]]:
    """What was loaded after all. What says the same as a delivery that was not loaded is no duplicate yet."""
    gone = {one.identity for one, _ in left_out}
    report.rejected += [_rejected(one.found, why) for one, why in left_out]
    kept = []
    for record in records:
        if record["status"] != "duplicate" or record["delivery"] not in gone:
            kept.append(record)
            continue
        report.duplicate -= 1
        why = "A file with the same content was not loaded: this one is looked at again in the next run"
        report.rejected.append(RejectedFile(record["path"], FileReason.STILL_CHANGING, why))
    return [one for one in deliveries if one.identity not in gone], kept


def _rejected(file: FoundFile, why: Rejection) -> RejectedFile:
    return RejectedFile(file.path, why.reason, why.detail)


def _record(file: _Seen, status: str, details: dict[str, str]) -> dict[str, Any]:
    return {
        "path": file.found.path,
        "sha256": file.sha256,
        "delivery": file.identity,
        "file_kind": file.kind,
        "bytes": file.found.bytes,
        "modified_at": instant(file.found.modified_at),
        "status": status,
        "details": json.dumps(details, ensure_ascii=False),
    }


def _loaded_record(one: Delivery, rows: int, batch_id: int, is_nfc: bool) -> dict[str, Any]:
    return {
        "path": one.found.path,
        "sha256": one.sha256,
        "delivery": one.identity,
        "file_kind": one.kind,
        "bytes": one.found.bytes,
        "modified_at": instant(one.found.modified_at),
        "status": "loaded",
        "rows": rows,
        "encoding": one.facts.encoding or None,
        "is_nfc": is_nfc if one.facts.is_nfc is None else one.facts.is_nfc,
        "batch_id": batch_id,
    }


def _complete(report: IngestReport, deliveries: list[Delivery], counts: dict[str, int], batch_id: int) -> None:
    report.loaded = len(deliveries)
    report.batch_id = batch_id if deliveries else None
    for one in deliveries:
        report.rows[one.kind] = report.rows.get(one.kind, 0) + counts.get(one.identity, 0)
