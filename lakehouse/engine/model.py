"""What an engine is: the least that a run asks of what runs its frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Node:
    """One part of an expression that was parsed."""

    kind: str
    """Spark's class for it, without its package: Literal, UnresolvedFunction, ScalarSubquery."""
    name: str
    """Of a function or column, its parts with `, ` between them; else empty."""
    children: int = 0
    """How many parts it has itself; they stand behind it, each with its own. Sail tells of none."""
    text: str | None = None
    """The value of a text that is written out."""


class EngineUnavailable(Exception):
    """The engine that is asked for cannot be had here, or not for this; the message says what to do. Exit code 2."""

    exit_code = 2


class Engine(Protocol):
    """What runs frames, for one run."""

    @property
    def name(self) -> str:
        """spark or sail."""

    @property
    def session(self) -> SparkSession:
        """Makes frames. Whatever works out what is in them, they are PySpark's."""

    @property
    def is_on_one_machine(self) -> bool:
        """True where nothing works for it but this machine."""

    @property
    def writes_delta(self) -> bool:
        """True where it commits to tables itself; else rows are handed to this process, which does."""

    @property
    def names_files(self) -> bool:
        """True where files come out with the names and the order that rows have; else this process writes them."""

    @property
    def rounds_in_binary(self) -> bool:
        """True where a double becomes a decimal by what it is in binary, and not by the digits it is written as."""

    def parsed(self, sql: str) -> Sequence[Node]:
        """Every part of an expression, those of sub-queries too, as this engine would read it.

        Raises ParseException where the text is no expression, and ValueError where it cannot surely be told.
        """

    def unlike(self, sql: str) -> str:
        """What of an expression it would work out otherwise than Spark, in words; empty where nothing. Raises
        ValueError where it cannot surely be told."""

    def handed(self, batches: Iterable[pa.RecordBatch], schema: StructType) -> DataFrame:
        """Rows of this process as a frame, in the types of the schema."""

    def received(self, rows: DataFrame) -> pa.Table:
        """The rows of a frame in this process."""

    def spooled(self, rows: DataFrame) -> AbstractContextManager[Path]:
        """Within it a folder of Parquet files that hold the rows, for more of them than this process is to hold."""

    def readable(self, folder: str) -> str:
        """A folder under a name that the engine can read it by."""

    def small(self) -> AbstractContextManager[None]:
        """Within it the engine expects few rows."""

    def watched(self) -> AbstractContextManager[None]:
        """Ends what runs within where what the engine works on goes away."""

    def close(self) -> None:
        """Lets go of what was held for the run. What serves several runs of a process may stay."""
