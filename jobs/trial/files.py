"""The first rows of a source's files, and of the files joined to them the rows that those speak of."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.trial.undeclared import undeclared
from lakehouse.bronze.by_bytes import named_by_bytes
from lakehouse.bronze.discover import kind_of, name_values, scan
from lakehouse.bronze.files import Delivery, FileFacts, FoundFile, RefusedError, Rejection, delivery_identity
from lakehouse.bronze.heads import copy_head
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.members import opened_up
from lakehouse.bronze.read import parts_of, rows_of
from lakehouse.settings import Archives
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.model import Source
from lakehouse.sources.plain.rows import Sent
from lakehouse.sources.same_rows import kind_of_rows

FILES_OF_A_KIND = 3
JUDGED_BYTES = 32 * 1024 * 1024
"""Of files together that are judged by all their bytes, as a run does it; the others by their beginnings."""
_DEAR = 16
"""How many times as long a workbook takes as as many bytes of text."""
FOLLOWED_ROWS = 200_000
"""Of each file that others are joined to: what a line speaks of may stand anywhere in it."""
FOLLOWED_BYTES = 256 * 1024 * 1024
"""Of all such files together."""


@dataclass
class Files:
    """Copies of the beginnings of files, and the files that a run would not take."""

    folder: Path
    taken: dict[str, list[FoundFile]] = field(default_factory=dict)
    """Kind -> its files that were copied."""
    counts: Counter[str] = field(default_factory=Counter)
    """Kind -> how many files there are of it."""
    not_taken: list[tuple[str, Rejection]] = field(default_factory=list)
    deep: frozenset[str] = frozenset()
    """Kinds whose files are looked through for the rows that others speak of."""
    is_cut: bool = False
    """Whether some file of these was not looked through to its end."""
    judged_bytes: int = 0
    """How many of JUDGED_BYTES have been looked at."""
    deliveries: dict[str, str] = field(default_factory=dict)
    """Identity of a delivery -> the file that was found to be it."""
    undeclared: dict[str, dict[str, str]] = field(default_factory=dict)
    """Kind -> columns of its files that its declaration does not name, as `undeclared` has them."""
    repeats: list[tuple[str, str]] = field(default_factory=list)
    """Files that are the same delivery as another one, and that one: a run loads one of them."""


def copied(source: Source, folder: Path, target: Path, rows: int) -> Files:
    """Copies the heads of the first files of each kind, and more of those that others are joined to.

    An archive is copied whole where a file in it is wanted.
    """
    deep = frozenset(kind_of_rows(source.files, join.file) for feed in source.feeds.values() for join in feed.join)
    files, followed, bounds = Files(target, deep=deep), 0, Archives()
    for found, refusal in opened_up(scan(folder), bounds):
        name = _kind(found, refusal, source, files)
        if name is None:
            continue
        files.counts[name] += 1
        followed += found.bytes if name in deep else 0
        is_deep = name in deep and followed <= FOLLOWED_BYTES
        if not _judge(found, name, source, files):
            continue
        if files.counts[name] > FILES_OF_A_KIND and not is_deep:
            files.is_cut |= name in deep
        elif found.member is None:
            wanted = FOLLOWED_ROWS if is_deep else rows
            copy_head(folder / found.path, target / found.path, wanted, source.files[name])
        else:
            _copy_whole(Path(found.location), target / Path(found.location).relative_to(folder.resolve()))
    for found, refusal in opened_up(scan(target), bounds):
        if (name := _kind(found, refusal, source, Files(target))) is not None:
            files.taken.setdefault(name, []).append(found)
    return files


def _kind(found: FoundFile, refusal: Rejection | None, source: Source, files: Files) -> str | None:
    """The kind of a file; None, and noted why, where a run would not take it."""
    try:
        if refusal:
            raise RefusedError(refusal.reason, refusal.detail)
        name = kind_of(found.path, source)
        name_values(found.path, source.files[name])
    except RefusedError as refused:
        files.not_taken.append((found.path, named_by_bytes(found, refused.rejection)))
        return None
    return name


def _judge(found: FoundFile, kind: str, source: Source, files: Files) -> bool:
    """Whether a run would take a file, as far as that is looked at: notes why not, and what it repeats."""
    of_kind = source.files[kind]
    weight = found.bytes * (_DEAR if of_kind.read_as(found.name) == "xlsx" else 1)
    if files.judged_bytes + weight > JUDGED_BYTES:
        return True
    files.judged_bytes += weight
    try:
        seen = inspect(found, of_kind)
        if isinstance(seen.outcome, Rejection):
            raise RefusedError(seen.outcome.reason, seen.outcome.detail)
    except RefusedError as refused:
        files.not_taken.append((found.path, refused.rejection))
        return False
    identity = delivery_identity(source.name, seen.sha256, dict(name_values(found.path, of_kind)))
    first = files.deliveries.setdefault(identity, found.path)
    if first != found.path:
        files.repeats.append((found.path, first))
    return first == found.path


def _copy_whole(file: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)


def deliveries(files: Files, source: Source) -> dict[str, list[Delivery]]:
    """The copies as bronze would take them; what it refuses goes to those that are not taken."""
    accepted: dict[str, list[Delivery]] = {}
    known = {path for path, _ in (*files.not_taken, *files.repeats)}
    for name, found in files.taken.items():
        for one in (one for one in found if one.path not in known):
            kind = source.files[name]
            try:
                outcome = inspect(one, kind).outcome
            except RefusedError as refused:
                outcome = refused.rejection
            if isinstance(outcome, FileFacts):
                named = name_values(one.path, kind)
                accepted.setdefault(name, []).append(Delivery(one, name, "", named, one.path, outcome))
                files.undeclared[name] = undeclared(outcome.header, kind) | files.undeclared.get(name, {})
            else:
                files.not_taken.append((one.path, outcome))
    return accepted


def sent_rows(found: Sequence[Delivery], kind: FileKind) -> Iterator[Sent]:
    """The rows of files as they were sent."""
    for part in parts_of(found):
        delivery = part.delivery
        for place, rows in rows_of(part, kind):
            columns = [one.to_pylist() for one in rows.values]
            corrupt = rows.corrupt.to_pylist()
            for number, problem in enumerate(corrupt):
                values = [column[number] for column in columns]
                yield Sent(delivery.found.path, place + number, values, problem, delivery.name_values)
