"""What a format of files must say of itself for bronze to take its files in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece
from lakehouse.bronze.rows import Rows
from lakehouse.sources.file_kind import FileKind


class FileFormat(Protocol):
    """One format of files. A module with these functions is one."""

    def facts(self, file: OpenedFile, kind: FileKind) -> FileFacts:
        """What the bytes say of how to read them. Raises RefusedError where not all of them can be read as they are."""

    def rows(self, file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
        """The rows of a piece, or of the whole file where None, in their order and some at a time.

        The file is the one that the facts are of, and `plain` its bytes of the piece.
        """

    def head(self, file: Path, target: Path, rows: int, kind: FileKind) -> None:
        """Copies the first rows, or all of a file that cannot be cut, to `target`: a file of the same format."""
