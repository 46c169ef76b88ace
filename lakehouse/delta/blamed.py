"""Errors of readers, told as damage of the table that they were at where it is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lakehouse.delta.log import head_version
from lakehouse.delta.notes import check


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """Raises Damaged, with table and file, where something within fails and a data file of the table's head is gone or
    of another size than its log says. Else what fails within comes through."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.InvalidInputException):
        check(path, head_version(path), None)
        raise
