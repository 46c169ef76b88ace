"""Writes publications, the snapshots that readers see: the one atomic act of a run. And what people say of batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lakehouse import __version__
from lakehouse.delta.damage import name_of
from lakehouse.delta.log import head_version
from lakehouse.delta.notes import note_of
from lakehouse.lake import Lake
from lakehouse.lake.durable import secure
from lakehouse.published import Publication, publications
from lakehouse.published.batches import consumed_batches
from lakehouse.published.verify import folder_of, verify
from lakehouse.tables.model import Table
from lakehouse.tables.ops import BATCH_DECISIONS, DATA_FILES, JOB_RUNS, PUBLICATIONS
from lakehouse.tables.registry import PUBLISHED


class LostRace(Exception):
    """Another run published first. Nothing of this one is visible; start it again. Exit code 1."""


def publish(lake: Lake, *, batches: Iterable[int], configuration: Mapping[str, str], now: datetime) -> int:
    """Makes the heads of all silver and gold tables what readers see. Returns the publication's number.

    Raises LostRace where something was published since this run began: it knows nothing of those batches.
    """
    parent = lake.publication.publication if lake.publication else None
    versions = {table.name: lake.version(table) for table in PUBLISHED if lake.exists(table)}
    return _write(
        lake,
        (parent or 0) + 1,
        kind="run",
        parent=parent,
        as_of=lake.as_of,
        table_versions=versions,
        table_notes=_secured(lake, (parent or 0) + 1, versions),
        batches=sorted(batches),
        configuration=dict(configuration),
        code_version=__version__,
        now=now,
    )


def roll_back(lake: Lake, to: Publication, *, now: datetime) -> tuple[int, list[int]]:
    """Publishes the table versions of an older publication, and holds the batches that came after it.

    Returns the new publication's number and the batches now held. Raises Damaged where it is not as it was.
    """
    for damage in verify(lake.root, to).damaged:
        raise damage
    published = publications(lake.root)
    after = consumed_batches(published, published[-1].publication) - consumed_batches(published, to.publication)
    held = sorted(after)
    # Held first: were this run killed in between, nothing would be published that is not meant.
    decide(lake, held, "hold", f"rolled back to publication {to.publication}", now)
    number = _write(
        lake,
        published[-1].publication + 1,
        kind="rollback",
        parent=to.publication,
        as_of=to.as_of,
        table_versions=dict(to.table_versions),
        table_notes=dict(to.table_notes),
        batches=[],
        configuration=dict(to.configuration),
        code_version=to.code_version,
        now=now,
    )
    return number, held


def republish(lake: Lake, mended: Sequence[str], *, now: datetime) -> int:
    """Publishes what is published once more, with what is there now of tables of bronze that were filled again.

    Their former versions are not as they were, so the publications before are not any more either.
    """
    last = publications(lake.root)[-1]
    number = last.publication + 1
    notes = {name: text for name, text in last.table_notes.items() if name not in mended}
    versions = {name: head_version(folder_of(lake.root, name)) for name in mended}
    new = secure(lake.root, versions, {})
    if new:
        _append_secured(lake, DATA_FILES, [asdict(one) | {"publication": number, "run_id": lake.run_id} for one in new])
    return _write(
        lake,
        number,
        kind="mended",
        parent=last.publication,
        as_of=last.as_of,
        table_versions=dict(last.table_versions),
        table_notes=notes | {name: str(note_of(folder_of(lake.root, name), one)) for name, one in versions.items()},
        batches=[],
        configuration=dict(last.configuration),
        code_version=last.code_version,
        now=now,
    )


def _secured(lake: Lake, number: int, versions: Mapping[str, int]) -> dict[str, str]:
    """Has the disk hold what the publication is to name, and bronze; keeps a hash of each new data file.

    Returns what is to be noted of each table.
    """
    named = {**versions, **{name_of(path): head_version(path) for path in lake.paths("bronze")}}
    notes = lake.publication.notes if lake.publication else {}
    new = secure(lake.root, named, {name: one.version for name, one in notes.items()})
    if new:
        rows = [asdict(one) | {"publication": number, "run_id": lake.run_id} for one in new]
        _append_secured(lake, DATA_FILES, rows)
    return {name: str(note_of(lake.root.joinpath(*name.split(".", 1)), version)) for name, version in named.items()}


def _write(lake: Lake, number: int, *, now: datetime, **row: Any) -> int:
    """Writes the publication that comes after the one that this run was built on; no other number would do."""
    whole = {**row, "publication": number, "published_at": now, "run_id": lake.run_id}
    _append_secured(lake, PUBLICATIONS, [whole], ("publication", number))
    written = [one for one in publications(lake.root) if one.publication == number]
    if [one.run_id for one in written] != [lake.run_id]:
        raise LostRace(f"publication {number} was written by another run: start this one again")
    return number


def _append_secured(
    lake: Lake, table: Table, rows: Sequence[Mapping[str, Any]], transaction: tuple[str, int] | None = None
) -> None:
    """Appends rows to a table of ops, and has the disk hold them."""
    before = {table.name: lake.version(table)} if lake.exists(table) else {}
    lake.append_rows(table, rows, transaction)
    secure(lake.root, {table.name: lake.version(table)}, before)


def decide(lake: Lake, batches: Iterable[int], decision: str, why: str, now: datetime) -> None:
    """Records what a person, or a rollback, says about batches."""
    rows = [
        {"batch_id": batch, "decision": decision, "details": why, "run_id": lake.run_id, "decided_at": now}
        for batch in batches
    ]
    if rows:
        lake.append_rows(BATCH_DECISIONS, rows)


def record_stage(
    lake: Lake,
    stage: str,
    status: str,
    *,
    started_at: datetime,
    ended_at: datetime,
    rows: Mapping[str, int],
    details: str,
) -> None:
    """One row of ops.job_runs. `rows` may name read, written and quarantined."""
    lake.append_rows(
        JOB_RUNS,
        [
            {
                "run_id": lake.run_id,
                "stage": stage,
                "status": status,
                "as_of": lake.as_of,
                "started_at": started_at,
                "ended_at": ended_at,
                "seconds": (ended_at - started_at).total_seconds(),
                **{f"rows_{name}": rows.get(name, 0) for name in ("read", "written", "quarantined")},
                "details": details,
            }
        ],
    )
