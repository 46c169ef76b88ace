"""Rows of the quarantine as a file for those who mend them: whole, so it is readable for its owner alone."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from lakehouse.export.cells import safe_cell
from lakehouse.published import PublishedLake
from lakehouse.quarantine.reading import Waiting, rows
from lakehouse.quarantine.selection import Chosen, with_identity
from lakehouse.settings import ConfigurationError

NAMED = ("id", "source", "feed", "file", "row", "status", "reasons")
_PRIVATE = 0o600
_COLUMNS = """
    SELECT DISTINCT unnest(json_keys(raw_row)) AS name FROM {table} WHERE {condition} ORDER BY name
"""


def export(lake: PublishedLake, chosen: Chosen, file: Path, columns: Sequence[str] = ()) -> int:
    """Writes the chosen rows, as CSV or (where the name ends in .jsonl) as JSON lines. Returns how many.

    `columns` come first in the CSV, in that order, as far as rows have them. In CSV a text that a spreadsheet would
    take for a formula has an apostrophe before it; JSON lines are exact. Raises ConfigurationError where the file
    exists or cannot be made.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError as error:
        raise ConfigurationError(f"{file} exists already: name another file") from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        found = rows(lake, chosen)
        if file.suffix == ".jsonl":
            return _json_lines(stream, found)
        text = _COLUMNS.format(table=with_identity("silver.quarantine"), condition=chosen.sql())
        there = [name for (name,) in lake.sql(text).fetchall()]
        return _csv(stream, found, [*(c for c in columns if c in there), *(c for c in there if c not in columns)])


def _json_lines(stream: TextIO, found: Iterable[Waiting]) -> int:
    count = 0
    for one in found:
        row = {name: getattr(one, name) for name in NAMED} | {"sent": one.sent}
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _csv(stream: TextIO, found: Iterable[Waiting], columns: Sequence[str]) -> int:
    writer, count = csv.writer(stream), 0
    writer.writerow([*NAMED, *map(safe_cell, columns)])
    for one in found:
        named = [one.id, one.source, one.feed, one.file, str(one.row), one.status, " ".join(one.reasons)]
        writer.writerow([safe_cell(_text(value)) for value in (*named, *(one.sent.get(name) for name in columns))])
        count += 1
    return count


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
    return json.dumps(value, ensure_ascii=False)
