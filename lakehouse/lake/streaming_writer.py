"""Writer to tables of more rows than this process is to hold, by delta-rs: from files of the engine, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import write_deltalake
from pyspark.sql import DataFrame

from lakehouse.delta.arrow_types import arrow_schema
from lakehouse.engine.model import Engine
from lakehouse.lake import arrow_writer
from lakehouse.lake.statistics import of_files
from lakehouse.tables.model import Table


@dataclass(frozen=True)
class StreamingWriter:
    """See lakehouse.lake.writer.Writer. What changed in a table, and not the whole, goes through memory."""

    engine: Engine

    def append(self, path: str, table: Table, rows: DataFrame) -> None:
        self.append_any(path, table, rows)

    def append_any(self, path: str, table: Table, rows: DataFrame) -> bool:
        with self._files(table, rows) as found:
            if not found.count_rows():
                return False
            write_deltalake(path, _batches(found), mode="append", writer_properties=of_files(table))
            return True

    def replace(self, path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
        with self._files(table, rows) as found:
            self._overwrite(path, table, found, condition)

    def replace_all(self, path: str, table: Table, rows: DataFrame) -> bool | None:
        with self._files(table, rows) as found:
            if arrow_writer.has_rows(path, table, found):
                return False
            self._overwrite(path, table, found)
            return True

    def delete(self, path: str, table: Table, gone: DataFrame) -> None:
        arrow_writer.delete(path, table, gone)

    def apply_difference(self, path: str, table: Table, changed: DataFrame) -> bool:
        return arrow_writer.apply_difference(path, table, changed)

    def net_changes(self, path: str, base: int, head: int) -> pa.Table | None:
        return arrow_writer.net_changes(path, base, head)

    def _overwrite(self, path: str, table: Table, found: ds.Dataset, condition: str | None = None) -> None:
        wanted, properties = _batches(found), of_files(table)
        if condition is None:
            write_deltalake(path, wanted, mode="overwrite", writer_properties=properties)
        else:
            write_deltalake(path, wanted, mode="overwrite", predicate=condition, writer_properties=properties)

    @contextmanager
    def _files(self, table: Table, rows: DataFrame) -> Iterator[ds.Dataset]:
        """The rows in the table's own types, as files."""
        with self.engine.spooled(rows.selectExpr(*arrow_writer.as_declared(table))) as folder:
            # Which columns are never NULL the table itself says; Spark writes times as 96 bits, of nanoseconds.
            schema = pa.schema([one.with_nullable(True) for one in arrow_schema(table)])
            kind = ds.ParquetFileFormat(read_options=ds.ParquetReadOptions(coerce_int96_timestamp_unit="us"))
            # Of no rows an engine may write no file.
            files = [str(one) for one in sorted(folder.glob("*.parquet"))]
            yield ds.dataset(files, schema, format=kind) if files else ds.dataset(schema.empty_table())


def _batches(found: ds.Dataset) -> pa.RecordBatchReader:
    # Else sixteen batches of each of four files wait in memory.
    return found.scanner(batch_readahead=2, fragment_readahead=1).to_reader()
