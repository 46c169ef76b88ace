"""Tables kept by this process, by delta-rs: for engines that only work out rows.

Tables that Spark made go on here, and those made here there. Where deletion vectors take rows away, DuckDB reads what
is left, and the table is written anew before it changes: delta-rs knows no such vectors. DuckDB also reads the files
from which delta-rs took rows: it notes their texts as Arrow's views, which Sail's reader cannot take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from pyspark.sql import DataFrame

from lakehouse.delta.log import head_version, opened
from lakehouse.engine.model import Engine
from lakehouse.frames import nullable
from lakehouse.lake import arrow_ddl, arrow_writer, changes
from lakehouse.lake.arrow_rows import difference_of_versions, rows_left
from lakehouse.lake.parquet_read import has_deleted_rows, schema_of
from lakehouse.lake.streaming_writer import StreamingWriter
from lakehouse.lake.writer import Writer
from lakehouse.tables.model import Table

MOST_HELD = 100_000
"""Rows behind a table up to which its own are held in this process to be written; more go there by files."""


@dataclass(frozen=True)
class ArrowKeeper:
    """See lakehouse.lake.keeper."""

    engine: Engine
    _handed: dict[tuple[str, int], DataFrame] = field(default_factory=dict)
    """Versions of tables that DuckDB has read for the engine."""

    def rows(self, path: str, version: int | None) -> DataFrame:
        number = head_version(path) if version is None else version
        table = opened(path, number)
        if not table.file_uris():
            return self.engine.session.createDataFrame([], nullable(schema_of(table)))
        if has_deleted_rows(table) or any(map(holds_views, table.file_uris())):
            if (path, number) not in self._handed:
                with rows_left(path, number) as rows:
                    self._handed[path, number] = self.engine.handed(rows, schema_of(table))
            return self._handed[path, number]
        reader = self.engine.session.read
        if not self.engine.writes_delta:
            # Else Sail has columns' comments be part of their types, of which unions find those of one side wrong.
            reader = reader.schema(nullable(schema_of(table)))
        return reader.format("delta").option("versionAsOf", number).load(self.engine.readable(path))

    def changed_rows(self, path: str, base: int) -> DataFrame:
        head = head_version(path)
        schema = changes.with_type_of_change(schema_of(opened(path, head)))
        if (net := changes.net_changes(path, base, head)) is not None:
            return self.engine.handed(net.to_batches(), schema)
        with difference_of_versions(path, base, head) as rows:
            return self.engine.handed(rows, schema)

    def create(self, path: str, table: Table) -> None:
        arrow_ddl.create(path, table)

    def bring_up_to_date(self, path: str, table: Table) -> None:
        arrow_ddl.bring_up_to_date(path, table)

    def writer(self, path: str, table: Table, rows_behind: Callable[[], int]) -> Writer:
        """Always this process. Constraints of older code hold as they are, as for Spark."""
        if has_deleted_rows(opened(path)):
            arrow_ddl.without_deletion_vectors(path, table)
        return arrow_writer if rows_behind() <= MOST_HELD else StreamingWriter(self.engine)

    def empty(self, path: str) -> None:
        DeltaTable(Path(path)).delete()

    def restore(self, path: str, version: int) -> None:
        DeltaTable(Path(path)).restore(version)


@lru_cache(4096)
def holds_views(file: str) -> bool:
    """Whether a data file, which never changes, notes columns of texts as views."""
    return any(_is_view(one.type) for one in pq.read_schema(unquote(file.removeprefix("file://"))))


def _is_view(kind: pa.DataType) -> bool:
    if pa.types.is_string_view(kind):
        return True
    return any(_is_view(kind.field(place).type) for place in range(kind.num_fields))
