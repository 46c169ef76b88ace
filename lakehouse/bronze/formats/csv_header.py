"""The start of a CSV file: what stands above its header, and the names in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.formats.text import blank_letters
from lakehouse.bronze.headers import check_names, missing_columns
from lakehouse.sources.file_kind import TO_HEADER, FileKind
from lakehouse.tables.reasons import FileReason

_COMMON_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 1 << 28
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?', re.IGNORECASE)
"""By which Excel is told the delimiter."""


def lines_above(head: str, kind: FileKind) -> int:
    """How many lines stand above the header, or above the first row where there is none.

    Those that the kind says, and a line like `sep=;`. Where the header is to be looked for and no line holds the
    columns there are none: what is missing is said of the first line then.
    """
    lines = [line.removesuffix("\r") for line in head.split("\n")]
    count = _line_of_header(lines, kind) if kind.skip_lines == TO_HEADER else int(kind.skip_lines)
    first = next((place for place in range(count, len(lines)) if lines[place].strip(blank_letters(kind))), None)
    return first + 1 if first is not None and _SEPARATOR_LINE.fullmatch(lines[first]) else count


def _line_of_header(lines: Sequence[str], kind: FileKind) -> int:
    for place, line in enumerate(lines):
        if line and not missing_columns(_first_record([line], kind.delimiter, kind.quote), kind):
            return place
    return 0


def below(head: str, above: int) -> str:
    """The text after so many lines."""
    return head.split("\n", above)[-1] if head.count("\n") >= above else ""


def rows_above(head: str, above: int, kind: FileKind) -> int:
    """How many of these lines are not blank."""
    lines = head.split("\n", above)[:above]
    return sum(1 for line in lines if line.removesuffix("\r").strip(blank_letters(kind)))


def header_of(head: str, kind: FileKind) -> tuple[str, ...]:
    """The names of the columns. Raises RefusedError where they are not what the kind of file needs."""
    lines = _header_lines(head, kind)
    return _header(lines, kind) if kind.header else _declared(lines, kind)


def _header(lines: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    names = _first_record(lines, kind.delimiter, kind.quote)
    missing = missing_columns(names, kind)
    alone = len(names) == 1 and len(kind.columns) > 1
    if missing or alone:
        for other in _COMMON_DELIMITERS:
            split = _first_record(lines, other, kind.quote)
            fits = missing and not missing_columns(split, kind)
            if other != kind.delimiter and (fits or (alone and len(split) > 1)):
                raise RefusedError(
                    FileReason.WRONG_DELIMITER,
                    f"The header is split by {other!r}, not by the declared {kind.delimiter!r}: declare the delimiter",
                )
    check_names(names, kind)
    return names


def _declared(lines: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    """The declared columns in their order, for a file that does not name them; further ones have no name."""
    count = len(_first_record(lines, kind.delimiter, kind.quote))
    if missing := [name for name in kind.columns[count:] if name not in kind.optional]:
        raise RefusedError(
            FileReason.MISSING_COLUMN,
            f"The first row has {count} fields and no column {', '.join(missing)}: declare the columns that the file"
            " has, in its order, its delimiter, or header = true",
        )
    return (*kind.columns[:count], *[""] * (count - len(kind.columns)))


def _first_record(lines: Sequence[str], delimiter: str, quote: str) -> tuple[str, ...]:
    return tuple(next(records_of(lines, delimiter, quote), ()))


def records_of(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The records of CSV lines; blank lines are none. Raises csv.Error for a field of more than 256 million letters."""
    csv.field_size_limit(_LONGEST_FIELD)
    if not quote:
        return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE))
    return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=quote))


def _header_lines(head: str, kind: FileKind) -> list[str]:
    """The lines in which the header stands: one, unless quoted values may hold line breaks."""
    lines = [line.removesuffix("\r").replace("\r", " ") for line in head.split("\n")]
    if kind.multiline:
        return [f"{line}\n" for line in lines]
    first = next((line for line in lines if line.strip(blank_letters(kind))), None)
    if first is None:
        raise RefusedError(
            FileReason.EMPTY_FILE, "Below the lines that are skipped there is nothing: skip fewer, or mend the file"
        )
    return [first]
