"""What a format of files must say of itself for bronze to take its files in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pyspark.sql import DataFrame, DataFrameReader

from lakehouse.bronze.columns import Step
from lakehouse.bronze.files import FileFacts, OpenedFile
from lakehouse.sources.model import FileKind


class FileFormat(Protocol):
    """One format of files. A module with these functions is one."""

    def facts(self, file: OpenedFile, kind: FileKind) -> FileFacts:
        """What the bytes say of how to read them. Raises RefusedError where Spark would misread them in silence."""

    def header_rows(self, kind: FileKind) -> int:
        """How many of each file's first `rows` are its header."""

    def rows(self, reader: DataFrameReader, paths: Sequence[str], kind: FileKind, facts: FileFacts) -> DataFrame:
        """The rows as Spark's reader gives them, `located`, in the order of each file.

        What the facts say holds for each of the files, and their encoding is one that Spark has.
        """

    def columns(self, kind: FileKind, facts: FileFacts) -> Step:
        """The step that makes the columns of the bronze table of `rows` once they are numbered."""

    def head(self, file: Path, target: Path, rows: int, kind: FileKind) -> None:
        """Copies the first rows, or all of a file that cannot be cut, to `target`: a file of the same format."""
