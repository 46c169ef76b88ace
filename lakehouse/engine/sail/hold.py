"""Frames held for several uses: Sail has no store of its own for them, so they lie in files that go with the run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from lakehouse.frames import nullable

WRITTEN = {"compression": "lz4_raw", "dictionary_enabled": "false"}
"""How held rows lie there: they are read once or twice and go, so what makes files small costs more than it saves."""


class Scratch:
    """A folder for the held rows of one session."""

    def __init__(self, session: SparkSession, within: Path | None = None) -> None:
        self._session = session
        self._folder = Path(tempfile.mkdtemp(prefix="sail-", dir=within))
        self._numbers = count()

    def hold(self, rows: DataFrame) -> DataFrame:
        """The rows as they are now, worked out once."""
        folder = self._written(rows)
        # To ask for the schema of the rows has Sail resolve all that they come from once more.
        file = next(folder.glob("*.parquet"), None)
        found = from_arrow_schema(pq.read_schema(file), prefer_timestamp_ntz=True) if file else rows.schema
        return self._read(folder, found)

    @contextmanager
    def spooled(self, rows: DataFrame) -> Iterator[Path]:
        """A folder of Parquet files of the rows, which goes when all is done."""
        folder = self._written(rows)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _written(self, rows: DataFrame) -> Path:
        folder = self._new()
        rows.write.options(**WRITTEN).parquet(str(folder))
        return folder

    def handed(self, batches: Iterable[pa.RecordBatch], schema: StructType) -> DataFrame:
        """Rows of this process as a frame: too many for a message may be among them."""
        folder, writer = self._new(), None
        folder.mkdir()
        for batch in batches:
            writer = writer or pq.ParquetWriter(folder / "handed.parquet", batch.schema)
            writer.write_batch(batch)
        if writer:
            writer.close()
        return self._read(folder, schema)

    def release(self, rows: DataFrame) -> None:
        """Nothing: what else was made of the rows may still be asked for, and the folder goes with the run."""

    def _new(self) -> Path:
        return self._folder / str(next(self._numbers))

    def _read(self, folder: Path, schema: StructType) -> DataFrame:
        """The rows of the files of a folder, which may be none."""
        if not any(folder.glob("*.parquet")):
            return self._session.createDataFrame([], nullable(schema))
        return self._session.read.schema(nullable(schema)).parquet(str(folder))

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
