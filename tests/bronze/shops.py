"""Sources that say what is in a landing folder, and a lake that takes it in."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import Row, SparkSession

from lakehouse.bronze.files import Inspection, Rejection
from lakehouse.bronze.ingest import IngestReport, ingest
from lakehouse.bronze.ledger import next_batch_id
from lakehouse.bronze.read import Part, Target, read_part
from lakehouse.lake import Lake
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.model import Source
from lakehouse.tables.bronze import TECHNICAL, bronze_table
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.reasons import FileReason

NOW = datetime(2024, 1, 1, tzinfo=UTC)
AB: dict[str, Any] = {"pattern": "*", "columns": ["a", "b"]}
"""The plainest kind of file: anything, with the columns a and b."""


def source_of(fingerprint: str = "f1", /, **files: Mapping[str, Any]) -> Source:
    """A source with these kinds of file; the first one's first column is its customers."""
    kind, declared = next(iter(files.items()))
    feeds = {"customers": {"file": kind, "columns": {"customer_id": f"`{declared['columns'][0]}`"}}}
    return Source.model_validate(
        {"name": "shop", "currency": "EUR", "time_zone": "UTC", "files": files, "feeds": feeds}
        | {"fingerprint": fingerprint}
    )


def kind_with(**declared: Any) -> FileKind:
    return FileKind.model_validate(AB | declared)


def values(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    """The columns of that name, or a and b, row by row."""
    return [tuple(row[name] for name in names or ("a", "b")) for row in rows]


def rows_read(parts: Sequence[Part], kind: FileKind) -> list[Row]:
    """The rows of the parts with the columns as the kind declares them."""
    target = Target(kind, bronze_table("shop", "rows", kind.columns), 1, NOW)
    names = [*kind.columns, *(column.name for column in TECHNICAL)]
    found = []
    for part in parts:
        for batch in read_part(part, target):
            columns = zip(names, (_python(column) for column in batch.columns), strict=True)
            by_name = dict(columns)
            found += [Row(**dict(zip(by_name, row, strict=True))) for row in zip(*by_name.values(), strict=True)]
    return found


def _python(values: pa.Array) -> list[Any]:
    return values.to_pylist(maps_as_pydicts="strict")


def written(
    rows: list[list[str]], line_end: str = "\n", delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, delimiter=delimiter, quoting=quoting).writerows([["a", "b"], *rows])
    return text.getvalue().encode()


def parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def refused(content: bytes, found: Inspection) -> FileReason | None:
    """Why a file of these bytes is not loaded; None where it is."""
    assert found.sha256 == hashlib.sha256(content).hexdigest(), "the hash is of the whole file all the same"
    return found.outcome.reason if isinstance(found.outcome, Rejection) else None


class Shop:
    """A lake and a landing folder of one source."""

    def __init__(self, spark: SparkSession, root: Path) -> None:
        self.landing = root / "landing"
        self.lake = Lake(spark, root / "lake", run_id="r1", as_of=date(2024, 1, 1))

    def ingest(self, source: Source, now: datetime = NOW) -> IngestReport:
        return ingest(self.lake, source, self.landing, batch_id=next_batch_id(self.lake), now=now)

    def bronze(self, source: Source, kind: str) -> list[Row]:
        return self.lake.read(source.table(kind)).orderBy("_batch_id", "_source_file", "_row_in_file").collect()

    def files(self) -> list[tuple[str, str]]:
        """Path and status of what ops.ingested_files holds."""
        rows = self.lake.read(INGESTED_FILES).orderBy("path", "modified_at", "status").collect()
        return [(row["path"], row["status"]) for row in rows]
