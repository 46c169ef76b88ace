"""Questions to one publication, each asked once: the memo is bounded by bytes."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from dashboard.data.shelf import Shelf
from lakehouse.published import Publication, PublishedLake, open_published

UNKNOWN = "unknown"
"""What marts say where a source does not."""
MOST_BYTES = 64 * 2**20
_TABLES = re.compile(r"\b(?:silver|gold|ops)\.[a-z_]+")


def tables_of(sql: str) -> tuple[str, ...]:
    """The tables and views that a statement names, each once."""
    return tuple(dict.fromkeys(_TABLES.findall(sql)))


@dataclass(frozen=True)
class Answer:
    """Rows, and how to get the same again: `sql` with `parameters` at the publication."""

    table: pa.Table
    sql: str
    parameters: Mapping[str, object]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables and views that the question names."""
        return tables_of(self.sql)

    @property
    def is_empty(self) -> bool:
        return int(self.table.num_rows) == 0

    def frame(self) -> pd.DataFrame:
        """For drawing: decimals as float64, days as datetime64. Exact values are in `table`."""
        fields = [
            pa.field(field.name, pa.float64() if pa.types.is_decimal(field.type) else field.type)
            for field in self.table.schema
        ]
        frame: pd.DataFrame = self.table.cast(pa.schema(fields)).to_pandas(date_as_object=False)
        return frame

    def first(self) -> dict[str, Any]:
        """The first row, exact; empty where there is none."""
        rows: list[dict[str, Any]] = self.table.slice(0, 1).to_pylist()
        return rows[0] if rows else {}

    def knows(self, column: str) -> bool:
        """Whether any row says something there: neither NULL nor `unknown`."""
        return any(value is not None and value != UNKNOWN for value in self.table.column(column).to_pylist())

    def total(self, name: str) -> Any:
        """Exact sum of a column without NULLs; 0 where there is nothing to add up."""
        return sum(value for value in self.table.column(name).to_pylist() if value is not None)


class Answers:
    """One publication of one lake, asked by several threads. The least recently used answers go first."""

    def __init__(self, lake: PublishedLake, most_bytes: int = MOST_BYTES) -> None:
        self._lake = lake
        self._most_bytes = most_bytes
        self._shelf = Shelf(lake)
        self._held: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def publication(self) -> Publication | None:
        return self._lake.publication

    @property
    def known_at(self) -> datetime:
        """When the publication was made. Tables of ops only grow and are read as they are now: what they noted up to
        then was known then."""
        return self.publication.published_at if self.publication else datetime.max.replace(tzinfo=UTC)

    @property
    def bytes_held(self) -> int:
        return self._bytes

    def has(self, *tables: str) -> bool:
        """Whether the publication holds all of the tables; an older one may lack what came later."""
        held = set(self.publication.table_versions) if self.publication else set()
        return set(tables) <= held

    def ask(self, sql: str, /, **parameters: object) -> Answer:
        """The answer to a statement that only reads; parameters stand in it as `$name`.

        Raises UnknownTable where the publication lacks a table, NothingPublished where the lake has no publication.
        """
        key = (sql, *sorted((name, _hashable(value)) for name, value in parameters.items()))
        with self._lock:
            if found := self._held.get(key):
                self._held.move_to_end(key)
                return found
        given = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters.items()}
        source = self._shelf if self._shelf.holds(tables_of(sql)) else self._lake
        answer = Answer(source.sql(sql, given).to_arrow_table(), sql, given)
        with self._lock:
            self._keep(key, answer)
        return answer

    def _keep(self, key: tuple[object, ...], answer: Answer) -> None:
        if key in self._held or answer.table.nbytes > self._most_bytes:
            return
        self._held[key] = answer
        self._bytes += answer.table.nbytes
        while self._bytes > self._most_bytes:
            _, gone = self._held.popitem(last=False)
            self._bytes -= gone.table.nbytes


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def opened(lake: Path, publication: int | None = None) -> Answers:
    """The answers of a publication (the newest where None). Raises as `open_published`."""
    return Answers(open_published(lake, publication))
