"""What the names of a file's columns must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lakehouse.bronze.files import RefusedError
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.column_names import folded
from lakehouse.tables.reasons import FileReason

_NAMES_SHOWN = 12


def comparable(name: str) -> str:
    """Two columns have the same name where this is the same: as in Spark, case does not tell them apart."""
    return folded(name)


def check_names(names: Sequence[str], kind: FileKind) -> None:
    """Raises RefusedError where a name comes twice or a column is missing."""
    folded = [comparable(name) for name in names if name.strip()]
    if twice := sorted({name for name in folded if folded.count(name) > 1}):
        raise RefusedError(
            FileReason.DUPLICATE_HEADER,
            f"The header names {', '.join(twice)} more than once (case does not count): rename the columns",
        )
    if missing := missing_columns(names, kind):
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        raise RefusedError(
            FileReason.MISSING_COLUMN,
            f"There is no column {', '.join(missing)}; the file has {shown}: "
            "have the file mended, or declare the column as optional",
        )


def missing_columns(names: Iterable[str], kind: FileKind) -> list[str]:
    """The columns that the kind of file needs and the names lack."""
    present = {comparable(name) for name in names}
    return [name for name in kind.columns if name not in kind.optional and comparable(name) not in present]
