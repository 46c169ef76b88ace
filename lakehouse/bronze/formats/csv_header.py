"""The start of a CSV file: what stands above its header, and the names in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.formats.csv_exact import records, split_line
from lakehouse.bronze.formats.text import is_row
from lakehouse.bronze.headers import declared_in_order, is_header, known_as, missing_columns
from lakehouse.sources.file_kind import TO_HEADER, FileKind
from lakehouse.tables.reasons import FileReason

_LINES_ABOVE = 100
"""Within which a header is looked for that nothing is declared of."""
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
    first = next((place for place in range(count, len(lines)) if is_row(lines[place], kind)), None)
    return first + 1 if first is not None and _SEPARATOR_LINE.fullmatch(lines[first]) else count


def _line_of_header(lines: Sequence[str], kind: FileKind) -> int:
    for place, line in enumerate(lines):
        if is_row(line, kind) and not missing_columns(_first_record([line], kind.delimiter, kind), kind):
            return place
    return 0


def below(head: str, above: int) -> str:
    """The text after so many lines."""
    return head.split("\n", above)[-1] if head.count("\n") >= above else ""


def rows_above(head: str, above: int, kind: FileKind) -> int:
    """How many of these lines are neither blank nor comments."""
    lines = head.split("\n", above)[:above]
    return sum(1 for line in lines if is_row(line, kind))


def header_of(head: str, kind: FileKind) -> tuple[str, ...]:
    """The names of the columns. Raises RefusedError where they are not what the kind of file needs."""
    lines = _header_lines(head, kind)
    if kind.header:
        _refuse_lower_header(head, lines, kind)
        return _header(lines, kind)
    return declared_in_order(len(_first_record(lines, kind.delimiter, kind)), kind)


def _refuse_lower_header(head: str, lines: Sequence[str], kind: FileKind) -> None:
    """Raises RefusedError where not the first line but one below it names the columns, if not all of them."""
    if is_header(_first_record(lines, kind.delimiter, kind), kind):
        return
    for place, line in enumerate(_lines_of(head)[:_LINES_ABOVE]):
        if is_row(line, kind) and is_header(names := _first_record([line], kind.delimiter, kind), kind):
            rest = ""
            try:
                known_as(names, kind)
            except RefusedError as refused:
                rest = f". There: {refused}"
            remedy = "" if kind.skip_lines == TO_HEADER else ': declare skip_lines = "to_header"'
            lower = f"{place:,} {'line' if place == 1 else 'lines'} further down"
            raise RefusedError(
                FileReason.MISSING_COLUMN, f"The columns are named {lower}, and not in the first line{remedy}{rest}"
            )


def _header(lines: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    names = _first_record(lines, kind.delimiter, kind)
    missing = missing_columns(names, kind)
    alone = len(names) == 1 and len(kind.columns) > 1
    if missing or alone:
        for other in _COMMON_DELIMITERS:
            split = _first_record(lines, other, kind)
            fits = missing and not missing_columns(split, kind)
            if other != kind.delimiter and (fits or (alone and len(split) > 1)):
                raise RefusedError(
                    FileReason.WRONG_DELIMITER,
                    f"The header is split by {other!r}, not by the declared {kind.delimiter!r}: declare the delimiter",
                )
    return known_as(names, kind)


def _first_record(lines: Sequence[str], delimiter: str, kind: FileKind) -> tuple[str, ...]:
    if len(delimiter) == 1:
        fields = next(records_of(lines, delimiter, kind.quote), [])
    elif not kind.multiline:
        fields = split_line(lines[0], delimiter, kind.quote)
    else:
        first = next(records("".join(lines), delimiter, kind.quote, is_end=True))
        fields = [] if isinstance(first, int) else first.fields
    has_end = kind.trailing_delimiter and len(fields) > 1 and not fields[-1]
    return tuple(fields[:-1] if has_end else fields)


def records_of(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The records of CSV lines; blank lines are none. Raises csv.Error for a field of more than 256 million letters."""
    csv.field_size_limit(_LONGEST_FIELD)
    if not quote:
        return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE))
    return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=quote))


def _lines_of(head: str) -> list[str]:
    """The lines of a text; one with a carriage return within would be two to Python's reader, which refuses it."""
    return [line.removesuffix("\r").replace("\r", " ") for line in head.split("\n")]


def _header_lines(head: str, kind: FileKind) -> list[str]:
    """The lines in which the header stands: one, unless quoted values may hold line breaks."""
    lines = _lines_of(head)
    place = next((place for place, line in enumerate(lines) if is_row(line, kind)), None)
    if place is None and not kind.multiline:
        raise RefusedError(
            FileReason.EMPTY_FILE, "Below the lines that are skipped there is nothing: skip fewer, or mend the file"
        )
    return [f"{line}\n" for line in lines[place:]] if kind.multiline else [lines[place or 0]]
