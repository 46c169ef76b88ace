"""The rows of an answer, of which few are held at a time: DuckDB would hold all, outside its bound of memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

_BLOCK = 1000


def streamed(cursor: DuckDBPyConnection, text: str, seconds: float | None) -> Iterator[tuple[Any, ...]]:
    """The rows of the query, in their order.

    `seconds` is what DuckDB may take for them in all; who is slow in taking them has all the time. Raises duckdb.Error.
    """
    left = seconds

    def within(ask: Any) -> Sequence[tuple[Any, ...]]:
        nonlocal left
        if left is None:
            return ask() or ()
        timer = threading.Timer(max(left, 0), cursor.interrupt)
        timer.daemon = True
        began = time.monotonic()
        timer.start()
        try:
            return ask() or ()
        finally:
            timer.cancel()
            left -= time.monotonic() - began

    within(lambda: cursor.execute(text) and None)
    while block := within(lambda: cursor.fetchmany(_BLOCK)):
        yield from block
