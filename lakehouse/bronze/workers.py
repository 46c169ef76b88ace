"""Processes that read parts of files beside each other. What is small is read in this process: no process is started.

Each process holds one portion of rows at most and waits until it is taken, so memory stays as it is however large the
files are. Portions come as they are ready: the order of rows is not that of their file, which their places tell.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import pyarrow as pa

from lakehouse.bronze.read import Part, Target, read_part, rows_of, stamped
from lakehouse.bronze.rows import TEXT, TEXTS, Rows
from lakehouse.delta.arrow_alone import keep_pandas_out
from lakehouse.sources.file_kind import FileKind

SMALL = 1 << 25
"""Bytes that are read in this process: sooner than another one is started."""
_MOST_WORKERS = 8
"""Beyond, who writes the rows is what is waited for."""
_SECONDS_TO_END = 5


class ReaderDiedError(Exception):
    """A process that read files ended before its work did. Nothing of that work was loaded."""


class StoppedError(Exception):
    """Raised where the rows are no longer wanted."""


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


def read_parts(
    parts: Sequence[Part], target: Target, is_stopped: Callable[[], bool], workers: int | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows of all parts. Raises what reading raises, ReaderDiedError, and StoppedError where they are not wanted.

    `workers` are how many processes read; none where 0; where None it is found out.
    """
    count = _workers(parts) if workers is None else workers
    found = _read_beside(parts, target, is_stopped, count) if count else _read_here(parts, target)
    for batch in found:
        _check_wanted(is_stopped)
        yield batch


def _check_wanted(is_stopped: Callable[[], bool]) -> None:
    if is_stopped():
        raise StoppedError("the files are not read any further")


def _workers(parts: Sequence[Part]) -> int:
    is_small = sum(part.bytes for part in parts) <= SMALL or len(parts) < 2
    return 0 if is_small else min(len(parts), _processors(), _MOST_WORKERS)


def _processors() -> int:
    """Those that this process may use; not every system tells, as macOS does not."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read_here(parts: Sequence[Part], target: Target) -> Iterator[pa.RecordBatch]:
    for part in parts:
        yield from read_part(part, target)


def _read_beside(
    parts: Sequence[Part], target: Target, is_stopped: Callable[[], bool], count: int
) -> Iterator[pa.RecordBatch]:
    # The largest first: none is left over when all others are read.
    waiting = sorted(range(len(parts)), key=lambda place: parts[place].bytes)
    schema = _schema(target.kind)
    with _started(count, parts, target.kind) as readers:
        for reader in readers:
            _give(reader, waiting)
        while readers:
            for ready in wait(list(readers), timeout=1):
                assert isinstance(ready, Connection)
                message = _received(ready, readers[ready])
                if message is None:
                    if not _give(ready, waiting):
                        del readers[ready]
                    continue
                place, first, data = message
                batch = pa.ipc.read_record_batch(pa.py_buffer(data), schema)
                yield stamped(parts[place], first, _rows(batch), target)
            _check_wanted(is_stopped)


def _give(reader: Connection, waiting: list[int]) -> bool:
    """Hands the next part to a process; False where there is none, and the process ends."""
    place = waiting.pop() if waiting else None
    with suppress(BrokenPipeError):  # it died: that is seen when it is listened to
        reader.send(place)
    return place is not None


def _received(reader: Connection, process: BaseProcess) -> tuple[int, int, bytes] | None:
    try:
        message = reader.recv()
    except (EOFError, OSError) as error:
        process.join(_SECONDS_TO_END)
        raise ReaderDiedError(
            f"a process that reads files ended before its work did (exit code {process.exitcode}): where it was killed,"
            " memory may be short; nothing of these files was loaded, run again"
        ) from error
    if isinstance(message, _Failure):
        raise message.error
    found: tuple[int, int, bytes] | None = message
    return found


@contextmanager
def _started(count: int, parts: Sequence[Part], kind: FileKind) -> Iterator[dict[Connection, BaseProcess]]:
    """Processes, each with the connection to it; all of them have ended afterwards."""
    context = multiprocessing.get_context("spawn")
    processes: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            process: BaseProcess = context.Process(target=_work, args=(theirs, list(parts), kind), daemon=True)
            process.start()
            theirs.close()  # so that its end is heard here
            processes[ours] = process
        yield dict(processes)
    finally:
        for connection, process in processes.items():
            connection.close()
            process.terminate()
            process.join(_SECONDS_TO_END)


def _work(asked: Connection, parts: Sequence[Part], kind: FileKind) -> None:
    """Reads the parts that it is asked for, until it is asked for none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this is told, and ends it
    keep_pandas_out()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody listens any more
        while (place := asked.recv()) is not None:
            try:
                for first, rows in rows_of(parts[place], kind):
                    asked.send((place, first, _batch(rows, kind).serialize().to_pybytes()))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception as error:
                asked.send(_Failure(error))
                return
            asked.send(None)


def _schema(kind: FileKind) -> pa.Schema:
    columns = [pa.field(str(place), TEXT) for place in range(len(kind.columns))]
    return pa.schema([*columns, pa.field("rescued", TEXTS), pa.field("corrupt", TEXT)])


def _batch(rows: Rows, kind: FileKind) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([*rows.values, rows.rescued, rows.corrupt], schema=_schema(kind))


def _rows(batch: pa.RecordBatch) -> Rows:
    *values, rescued, corrupt = batch.columns
    return Rows(values, rescued, corrupt)
