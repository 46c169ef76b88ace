"""Rows of CSV become the columns of the bronze table: frame in, frame out."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.bronze.columns import Step, by_name
from lakehouse.sources.model import FileKind

MOST_COLUMNS = 20_000
"""What the CSV parser takes is a little more."""
_MARK, _HIDES = "\ufeff", "_"
_MOST_LETTERS = 2**31 - 1
_END = "\x01"
"""Marks the end of a row; a value that is only this is nowhere in real files."""


def split_schema(fields: int) -> str:
    """The schema of a CSV row: its fields by place, and the row itself where it has more or fewer."""
    return ", ".join([*(f"c{place} STRING" for place in range(fields)), "_unsplit STRING"])


def line_columns(kind: FileKind, header: Sequence[str]) -> Step:
    """Splits `_line` at the delimiters.

    A line that has more or fewer fields than the header, or whose quotes do not pair, goes to `_corrupt_record`.
    """

    def step(rows: DataFrame) -> DataFrame:
        # One delimiter more gives each good row an empty last field; a quote left open would swallow it and show.
        line = F.concat("_line", F.lit(kind.delimiter))
        rows = rows.withColumn("_split", _split(line, kind, len(header) + 1))
        is_whole = F.col("_split").isNotNull() & F.col("_split._unsplit").isNull() & ~_odd_quotes("_line", kind)
        rows = rows.withColumn("_corrupt_record", F.when(~is_whole, F.col("_line")))
        values = [F.col(f"_split.c{place}") for place in range(len(header))]
        return _by_name(rows, kind, header, [_first_field(F.col("_line"), values[0]), *values[1:]])

    return step


def record_columns(kind: FileKind, header: Sequence[str]) -> Step:
    """The same for rows that Spark has split already, with the row itself in `_unsplit` where it has more or fewer."""

    def step(rows: DataFrame) -> DataFrame:
        rows = rows.withColumnRenamed("_unsplit", "_corrupt_record")
        return _by_name(rows, kind, header, [F.col(f"c{place}") for place in range(len(header))])

    return step


def _by_name(rows: DataFrame, kind: FileKind, header: Sequence[str], values: Sequence[Column]) -> DataFrame:
    """A corrupt row with fields to spare keeps its leading ones; other corrupt rows keep none."""
    rows = rows.withColumn("_has_surplus", _has_surplus(kind, len(header)))
    is_kept = F.col("_corrupt_record").isNull() | F.col("_has_surplus")
    return by_name(rows, kind, header, values, leading_kept=is_kept)


def _split(text: Column, kind: FileKind, fields: int) -> Column:
    """The fields of a CSV row as a struct; NULL for a row of more fields than the parser can hold."""
    options = {
        "sep": kind.delimiter,
        "quote": kind.quote,
        "escape": kind.quote,
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": "_unsplit",
    }
    short = F.octet_length(text) <= MOST_COLUMNS
    few = _count(text, kind.delimiter) <= MOST_COLUMNS
    # The parser drops U+FEFF from the start of the first row that it sees, so there it is hidden behind a letter.
    behind = F.when(F.startswith(text, F.lit(_MARK)), F.concat(F.lit(_HIDES), text)).otherwise(text)
    return F.when(short | few, F.from_csv(behind, split_schema(fields), options))


def _first_field(text: Column, first: Column) -> Column:
    """The first field of a row that `_split` split, as it stands in the row."""
    shown = F.substring(first, len(_HIDES) + 1, _MOST_LETTERS)
    return F.when(F.startswith(text, F.lit(_MARK)), shown).otherwise(first)


def _count(text: Column, letter: str) -> Column:
    return F.length(text) - F.length(F.replace(text, F.lit(letter), F.lit("")))


def _odd_quotes(name: str, kind: FileKind) -> Column:
    """A quote without its partner: the value, or the line, is cut, even where the number of fields comes out right."""
    return _count(F.col(name), kind.quote) % 2 == 1 if kind.quote else F.lit(False)


def _has_surplus(kind: FileKind, fields: int) -> Column:
    """True for a corrupt row whose quotes pair and that has more fields than the header."""
    marked = _split(F.concat("_corrupt_record", F.lit(kind.delimiter + _END)), kind, fields + 1)
    # The mark is the field after the last one, or within a value whose quote is open, unless it is further right.
    seen = F.concat_ws("", *(marked[f"c{place}"] for place in range(fields + 1)))
    wide = marked.isNotNull() & ~F.contains(seen, F.lit(_END)) & ~_odd_quotes("_corrupt_record", kind)
    return F.when(F.col("_corrupt_record").isNotNull(), F.coalesce(wide, F.lit(False)))
