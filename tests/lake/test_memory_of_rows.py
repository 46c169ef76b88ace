"""Rows of an engine on their way to delta-rs: whose memory they lie in, and that nothing stands still."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast

import pyarrow as pa
import pytest

from lakehouse.lake.arrow_writer import _received, in_own_memory
from tests.docs.pages import ROOT

ROWS = pa.table({"name": ["LAMP", None, "VASE"], "tags": [["a", "b"], [], None], "number": [1, 2, 3]})


def _as_an_engine_sends_them(rows: pa.Table) -> tuple[pa.Table, bytearray]:
    held = pa.BufferOutputStream()
    with pa.ipc.new_stream(held, rows.schema) as stream:
        stream.write_table(rows)
    message = bytearray(held.getvalue().to_pybytes())
    return pa.ipc.open_stream(pa.py_buffer(message)).read_all(), message


def test_rows_stay_when_the_message_is_let_go_that_they_came_in() -> None:
    received, message = _as_an_engine_sends_them(ROWS)
    with pytest.raises(BufferError):  # what is looked at below would show whose memory it is
        message.clear()
    own = in_own_memory(received)
    del received
    message.clear()
    assert own == ROWS


class Frame:
    """Gives its rows once, and keeps nothing of them. Without a session, it counts as one of Spark's."""

    sparkSession = None  # noqa: N815  # as PySpark calls it

    def __init__(self) -> None:
        rows, self.message = _as_an_engine_sends_them(ROWS)
        self._rows = [rows]

    def toArrow(self) -> pa.Table:  # noqa: N802  # as PySpark calls it
        return self._rows.pop()


def test_what_a_frame_gives_is_handed_on_without_the_message_that_it_came_in() -> None:
    frame = Frame()
    own = _received(cast(Any, frame))
    frame.message.clear()
    assert own == ROWS


def test_no_rows_keep_their_columns() -> None:
    assert in_own_memory(ROWS.slice(0, 0)) == ROWS.slice(0, 0)


WRITING_AND_READING_CHANGES = """
import sys, tempfile, threading, time
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from lakehouse.lake import arrow_writer, changes

class Frame:  # rows that come in forty messages
    sparkSession = None
    def toArrow(self):
        return pa.concat_tables([message(rows.slice(5 * place, 5)) for place in range(40)])

def message(some):
    held = pa.BufferOutputStream()
    with pa.ipc.new_stream(held, some.schema) as stream:
        stream.write_table(some)
    return pa.ipc.open_stream(held.getvalue().to_pybytes()).read_all()

rows = pa.table({f"c{place}": [str(number) for number in range(200)] for place in range(10)})
root = tempfile.mkdtemp()
for name in ("read", "one", "other"):
    write_deltalake(f"{root}/{name}", rows, configuration={"delta.enableChangeDataFeed": "true"})
for _ in range(3):
    write_deltalake(f"{root}/read", rows, mode="append")
until, done = time.monotonic() + float(sys.argv[1]), []

def write(name):
    while time.monotonic() < until:
        write_deltalake(f"{root}/{name}", arrow_writer._received(Frame()), mode="append")
        done.append(name)

def read():
    while time.monotonic() < until:
        assert changes.net_changes(f"{root}/read", 0, 3).num_rows == 600
        done.append("read")

threads = [threading.Thread(target=write, args=(name,), daemon=True) for name in ("one", "other")]
threads.append(threading.Thread(target=read, daemon=True))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert set(done) == {"one", "other", "read"}
"""


@pytest.mark.long
def test_tables_are_written_while_changes_of_others_are_read() -> None:
    command = [sys.executable, "-c", WRITING_AND_READING_CHANGES, "30"]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode == 0
