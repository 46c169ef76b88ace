"""Deliveries are appended to their bronze tables: by this machine without Spark, else by the executors of a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

from lakehouse.bronze.cluster import read_by_spark
from lakehouse.bronze.files import Delivery, Rejection, UnreadFileError
from lakehouse.bronze.opening import trouble_of
from lakehouse.bronze.read import Part, Target, parts_of
from lakehouse.bronze.workers import read_parts
from lakehouse.delta.quoting import identifier
from lakehouse.delta.rows import answer
from lakehouse.lake import Lake
from lakehouse.sources.model import Source
from lakehouse.sources.normal_form import NOT_SURELY_NFC
from lakehouse.tables.column_names import stored_name

FILES_PER_APPEND = 20_000
BYTES_PER_APPEND = 1 << 33
_TABLES_AT_ONCE = 3
NotLoaded = tuple[Delivery, Rejection]
"""A delivery that was to be loaded and was not, and why."""
_SUSPECT = re.sub(r"\\u([0-9A-F]{4})", r"\\x{\1}", NOT_SURELY_NFC)
"""As DuckDB writes it."""


class _NothingAppendedError(Exception):
    """Executors failed, and nothing was committed."""


def load(
    lake: Lake,
    source: Source,
    deliveries: Iterable[Delivery],
    batch_id: int,
    now: datetime,
    progress: Callable[[str], None],
) -> list[NotLoaded]:
    """Appends the deliveries to their tables, some tables at once: most of a small append is waiting.

    Returns those that were left out, because their files changed meanwhile or can no longer be read.
    """
    kinds: dict[str, list[Delivery]] = {}
    for one in deliveries:
        kinds.setdefault(one.kind, []).append(one)
    stopped = Event()

    def load_kind(kind: str) -> list[NotLoaded]:
        progress(f"{source.name}: loading {len(kinds[kind]):,} files of kind {kind}")
        target = Target(source.files[kind], source.table(kind), batch_id, now)
        return [one for group in groups(kinds[kind]) for one in append(lake, group, target, stopped.is_set)]

    with ThreadPoolExecutor(_TABLES_AT_ONCE) as pool:
        begun = [pool.submit(load_kind, kind) for kind in kinds]
        try:
            wait(begun)
        except BaseException:  # who waits is told to stop, as by Ctrl-C
            stopped.set()
            raise
    return [one for loaded in begun for one in loaded.result()]


def append(lake: Lake, group: list[Delivery], target: Target, is_stopped: Callable[[], bool]) -> list[NotLoaded]:
    """In one commit, without the files that cannot be read as they were judged: where one is seen to have changed when
    others were read already, nothing of the group was committed yet, and the others are read again."""
    left_out: list[NotLoaded] = []
    while group:
        try:
            _append_parts(lake, parts_of(group), target, is_stopped)
            break
        except (UnreadFileError, _NothingAppendedError) as error:
            troubles = troubles_of(group, error)
            if not troubles:
                raise error.__cause__ or error from None
        left_out += troubles
        group = [one for one in group if all(one is not other for other, _ in troubles)]
    return left_out


def _append_parts(lake: Lake, parts: Sequence[Part], target: Target, is_stopped: Callable[[], bool]) -> None:
    if lake.is_on_one_machine:
        lake.append_batches(target.table, read_parts(parts, target, is_stopped))
        return
    lake.ensure(target.table)
    before = lake.version(target.table)
    try:
        lake.append(target.table, read_by_spark(lake.spark, parts, target))
    except Exception as error:
        if lake.version(target.table) != before:  # it was committed all the same
            raise
        raise _NothingAppendedError from error


def troubles_of(group: Iterable[Delivery], error: Exception) -> list[NotLoaded]:
    """The deliveries that cannot be read as they were judged, each with the reason: the one that the error tells of, if
    it does (an executor's comes as a text), and all others whose files changed by now."""
    found = []
    for one in group:
        is_named = isinstance(error, UnreadFileError) and error.path == one.found.path
        why = error.rejection if isinstance(error, UnreadFileError) and is_named else trouble_of(one.found)
        if why:
            found.append((one, why))
    return found


def groups(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Deliveries of one kind that are appended together: as many as a run that is killed may have to read again."""
    group: list[Delivery] = []
    size = 0
    for one in deliveries:
        group.append(one)
        size += one.found.bytes
        if len(group) == FILES_PER_APPEND or size >= BYTES_PER_APPEND:
            yield group
            group, size = [], 0
    if group:
        yield group


def is_in_normal_form(lake: Lake, source: Source, kind: str, batch_id: int) -> bool:
    """Whether all text that the batch has of the kind is in normal form, where the bytes of its files do not say."""
    table = source.table(kind)
    names = ", ".join(identifier(stored_name(name)) for name in source.files[kind].columns)
    # The pattern is dear, and a text of ASCII letters alone, as many bytes as letters, has no need of it.
    suspect = "strlen(text) > length(text) AND regexp_matches(text, ?)"
    texts = f"SELECT concat_ws(' ', {names}) AS text FROM {table.short_name}"
    query = f"SELECT coalesce(bool_or({suspect}), false) FROM ({texts})"
    [(found,)] = answer(lake.root, table, query, [_SUSPECT], within={"_batch_id": batch_id})
    return not found
