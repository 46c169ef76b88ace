"""What the names of a file's columns must be."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from lakehouse.bronze.files import RefusedError
from lakehouse.sources.model import FileKind
from lakehouse.tables.column_names import folded
from lakehouse.tables.reasons import FileReason

COMMON_DELIMITERS = (",", ";", "\t", "|")
LONGEST_FIELD = 1 << 28
_NAMES_SHOWN = 12


def comparable(name: str) -> str:
    """Two columns have the same name where this is the same: as in Spark, case does not tell them apart."""
    return folded(name)


def csv_records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The records of CSV lines; blank lines are none. Raises csv.Error for a field of more than 256 million letters."""
    csv.field_size_limit(LONGEST_FIELD)
    if not quote:
        return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE))
    return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=quote))


def csv_header(lines: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    """The names in the first record. Raises RefusedError where they are not what the kind of file needs."""
    names = _first_record(lines, kind.delimiter, kind.quote)
    missing = missing_columns(names, kind)
    alone = len(names) == 1 and len(kind.columns) > 1
    if missing or alone:
        for other in COMMON_DELIMITERS:
            split = _first_record(lines, other, kind.quote)
            fits = missing and not missing_columns(split, kind)
            if other != kind.delimiter and (fits or (alone and len(split) > 1)):
                raise RefusedError(
                    FileReason.WRONG_DELIMITER,
                    f"The header is split by {other!r}, not by the declared {kind.delimiter!r}: declare the delimiter",
                )
    check_names(names, kind)
    return names


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


def _first_record(lines: Sequence[str], delimiter: str, quote: str) -> tuple[str, ...]:
    return tuple(next(csv_records(lines, delimiter, quote), ()))
