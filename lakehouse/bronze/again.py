"""Loads files again whose rows bronze has lost: as they were, in the batch that they came with.

The ledger (`ops.ingested_files`) knows each delivery with its rows. What of a table cannot be trusted is set aside,
what is left of an incomplete delivery goes, and its rows are read anew from the landing folder. Cut short, it goes on
from there when it is called once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from lakehouse.bronze.discover import name_values
from lakehouse.bronze.entries import entries
from lakehouse.bronze.files import Delivery, FoundFile, RefusedError, Rejection, instant
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.load import append, groups
from lakehouse.bronze.members import opened_up
from lakehouse.bronze.opening import unreadable
from lakehouse.bronze.read import Target
from lakehouse.delta.quoting import spark_literal
from lakehouse.delta.rows import answer
from lakehouse.lake import Lake
from lakehouse.lake.intact import delete_rows, drop_damaged_files
from lakehouse.settings import Archives
from lakehouse.sources.model import Source
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.reasons import FileReason

_NOTED = """SELECT path, sha256, delivery, file_kind, rows, batch_id, epoch_us(modified_at), epoch_us(_ingested_at)
    FROM ingested_files WHERE source_system = ? AND status = 'loaded' AND rows > 0 ORDER BY file_kind, batch_id, path"""


@dataclass(frozen=True)
class Noted:
    """A delivery as the ledger has it."""

    path: str
    sha256: str
    delivery: str
    kind: str
    rows: int
    batch_id: int
    modified_at: int
    """Microseconds since 1970, as the next one."""
    ingested_at: int


@dataclass
class Again:
    """What became of the files of one source."""

    loaded: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    """Files of which bronze has all rows."""
    not_loaded: dict[str, str] = field(default_factory=dict)
    """File whose rows are lost still -> why."""
    tables: list[str] = field(default_factory=list)
    """Tables of bronze that were looked at."""


def noted(root: Path, source_name: str) -> list[Noted]:
    """The deliveries of a source that were loaded and had rows, by kind and batch."""
    return [Noted(*row) for row in answer(root, INGESTED_FILES, _NOTED, [source_name])]


def load_again(lake: Lake, source: Source, landing: Path, wanted: Collection[str] | None, archives: Archives) -> Again:
    """Has bronze hold all rows of the files, paths below landing/<source>; of all that lost some where None.

    A file must be as it was when it was loaded. Tables are looked at byte for byte.
    """
    report = Again()
    known = [one for one in noted(lake.root, source.name) if one.kind in source.files]
    lost: list[Noted] = []
    for kind, of_kind in groupby(known, lambda one: one.kind):
        report.tables.append(source.table(kind).name)
        drop_damaged_files(lake, source.table(kind).name)
        counts = _counts(lake, source, kind)
        for one in of_kind:
            if counts.get((one.batch_id, one.delivery), 0) != one.rows:
                lost.append(one)
            elif wanted and one.path in wanted:
                report.whole.append(one.path)
    asked = [one for one in lost if wanted is None or one.path in wanted]
    report.not_loaded = {one.path: "its rows are lost, and it was not named" for one in lost if one not in asked}
    found = _found(landing / source.name, {one.path for one in asked}, archives)
    for (kind, batch_id, ingested_at), of_batch in groupby(
        asked, lambda one: (one.kind, one.batch_id, one.ingested_at)
    ):
        target = Target(source.files[kind], source.table(kind), batch_id, instant(ingested_at))
        _load(lake, target, list(of_batch), source, found, report)
    return report


def _counts(lake: Lake, source: Source, kind: str) -> Mapping[tuple[int, str], int]:
    """Rows that a bronze table has, by batch and delivery."""
    table = source.table(kind)
    text = f"SELECT _batch_id, _file_delivery, count(*) FROM {table.short_name} GROUP BY ALL"
    return {(batch, delivery): rows for batch, delivery, rows in answer(lake.root, table, text)}


def _found(folder: Path, paths: Collection[str], archives: Archives) -> dict[str, FoundFile | Rejection]:
    """The files in the landing folder, those in archives among them, that are looked for."""
    found: dict[str, FoundFile | Rejection] = {}
    outer = {"/".join(parts[: at + 1]) for path in paths if (parts := path.split("/")) for at in range(len(parts))}
    for file, why in entries(folder):
        if why is None and file.path in outer:
            for one, refusal in opened_up([file], archives):
                if one.path in paths:
                    found[one.path] = refusal or one
    return found


def _load(
    lake: Lake,
    target: Target,
    lost: Sequence[Noted],
    source: Source,
    found: Mapping[str, FoundFile | Rejection],
    report: Again,
) -> None:
    deliveries: list[Delivery] = []
    for one in lost:
        try:
            deliveries.append(_delivery(one, found.get(one.path), source))
        except RefusedError as refused:
            report.not_loaded[one.path] = refused.rejection.detail
        except OSError as error:
            report.not_loaded[one.path] = unreadable(error).detail
    for group in groups(deliveries):
        _forget(lake, target, [one.identity for one in group])
        left_out = append(lake, group, target, lambda: False)
        report.not_loaded |= {one.found.path: why.detail for one, why in left_out}
        report.loaded += [one.found.path for one in group if one.found.path not in report.not_loaded]


def _delivery(one: Noted, found: FoundFile | Rejection | None, source: Source) -> Delivery:
    """The file as it was loaded. Raises RefusedError where it is not there, or not as it was."""
    kind = source.files[one.kind]
    if found is None:
        raise _refused(f"There is no such file below the landing folder of {source.name}: put it back as it was")
    if isinstance(found, Rejection):
        raise RefusedError(found.reason, found.detail)
    seen = inspect(found, kind)
    if seen.sha256 != one.sha256:
        raise _refused("It holds other bytes than were loaded: put it back as it was")
    if isinstance(seen.outcome, Rejection):
        raise RefusedError(seen.outcome.reason, seen.outcome.detail)
    # Of a copy that was put back the time is another one, and it orders versions.
    as_it_was = replace(found, modified_at=one.modified_at)
    values = dict(name_values(found.path, kind))
    return Delivery(as_it_was, one.kind, seen.sha256, values, one.delivery, seen.outcome)


def _refused(detail: str) -> RefusedError:
    return RefusedError(FileReason.UNREADABLE_FILE, detail)


def _forget(lake: Lake, target: Target, deliveries: Iterable[str]) -> None:
    """Deletes what is left of deliveries in their batch, where anything is."""
    listed = ", ".join(map(spark_literal, deliveries))
    delete_rows(lake, target.table.name, f"_batch_id = {target.batch_id} AND _file_delivery IN ({listed})")
