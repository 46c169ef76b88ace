"""Rows as a reader gives them become the columns of the bronze table: frame in, frame out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import MapType, StringType

from lakehouse.bronze.formats.jsonl import json_fields
from lakehouse.bronze.formats.parquet_texts import text_of
from lakehouse.bronze.headers import comparable
from lakehouse.bronze.inspect_bytes import MOST_COLUMNS
from lakehouse.sources.model import FileKind
from lakehouse.sources.parquet.shapes import Shape

Step = Callable[[DataFrame], DataFrame]

TEXTS = MapType(StringType(), StringType())
_OF_THE_FILE = (
    *("_corrupt_record", "_name_values", "_file_modified_at", "_source_file", "_file_sha256", "_file_delivery"),
    "_row_in_file",
)
_MARK, _HIDES = "\ufeff", "_"
MOST_LETTERS = 2**31 - 1
_END = "\x01"
"""Marks the end of a row; a value that is only this is nowhere in real files."""


def split_schema(fields: int) -> str:
    """The schema of a CSV row: its fields by place, and the row itself where it has more or fewer."""
    return ", ".join([*(f"c{place} STRING" for place in range(fields)), "_unsplit STRING"])


def csv_line_columns(kind: FileKind, header: Sequence[str]) -> Step:
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


def csv_record_columns(kind: FileKind, header: Sequence[str]) -> Step:
    """The same for rows that Spark has split already, with the row itself in `_unsplit` where it has more or fewer."""

    def step(rows: DataFrame) -> DataFrame:
        rows = rows.withColumnRenamed("_unsplit", "_corrupt_record")
        return _by_name(rows, kind, header, [F.col(f"c{place}") for place in range(len(header))])

    return step


def json_line_columns(kind: FileKind) -> Step:
    """The fields of the JSON object in `_line`; a line that is not one object goes to `_corrupt_record`."""

    def step(rows: DataFrame) -> DataFrame:
        fields = F.udf(json_fields, TEXTS, useArrow=True)
        rows = rows.withColumn("_fields", fields("_line"))
        others = F.map_filter("_fields", lambda name, value: ~name.isin(*kind.columns) & value.isNotNull())
        rows = rows.withColumn("_corrupt_record", F.when(F.col("_fields").isNull(), F.col("_line")))
        columns = (F.try_element_at("_fields", F.lit(name)).alias(name) for name in kind.columns)
        return rows.select(*columns, _unless_empty(others).alias("_rescued"), *_OF_THE_FILE)

    return step


def parquet_columns(kind: FileKind, header: Sequence[str], shapes: Sequence[Shape]) -> Step:
    """The columns of Parquet as text; an instant as ISO 8601 in UTC."""

    def step(rows: DataFrame) -> DataFrame:
        values = [text_of(F.col(f"c{place}"), shape) for place, shape in enumerate(shapes)]
        rows = rows.withColumn("_corrupt_record", F.lit(None).cast("string"))
        return _by_name(rows, kind, header, values, is_delimited=False)

    return step


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
    shown = F.substring(first, len(_HIDES) + 1, MOST_LETTERS)
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


def _by_name(
    rows: DataFrame, kind: FileKind, header: Sequence[str], values: Sequence[Column], *, is_delimited: bool = True
) -> DataFrame:
    """Declared columns, and the others in `_rescued`.

    A corrupt row with fields to spare keeps its leading ones, up to the first that the declaration puts later: no
    value ever stands under another column's name because the file has another order. Other corrupt rows keep none.
    """
    is_whole = F.col("_corrupt_record").isNull()
    if is_delimited:
        rows = rows.withColumn("_has_surplus", _has_surplus(kind, len(header)))
    places = {comparable(name) or f"\n{place}": place for place, name in enumerate(header)}
    columns = []
    for rank, name in enumerate(kind.columns):
        place = places.pop(comparable(name), None)
        if place is None:
            value = F.lit(None).cast("string")
        elif _leads(kind.columns[: rank + 1], header[:place]):
            value = F.when(is_whole | F.col("_has_surplus"), values[place]) if is_delimited else values[place]
        else:
            value = F.when(is_whole, values[place])
        columns.append(value.alias(name))
    others = {_rescued_name(header, place): values[place] for place in sorted(places.values())}
    return rows.select(*columns, F.when(is_whole, _present(others)).alias("_rescued"), *_OF_THE_FILE)


def _rescued_name(header: Sequence[str], place: int) -> str:
    """The name as sent; that of a column without one is its place, with as many underscores as no other has."""
    name = header[place] if header[place].strip() else f"_{place + 1}"
    while not header[place].strip() and name in header:
        name = f"_{name}"
    return name


def _leads(declared: Sequence[str], before: Sequence[str]) -> bool:
    """Whether all that stands before a column in the file stands before it in the declaration too."""
    return {comparable(name) for name in before} <= {comparable(name) for name in declared}


def _present(values: Mapping[str, Column]) -> Column:
    """The values that are there, by name; NULL where there are none."""
    if not values:
        return F.lit(None).cast(TEXTS)
    pairs: list[Column] = reduce(lambda done, pair: [*done, F.lit(pair[0]), pair[1]], values.items(), [])
    return _unless_empty(F.map_filter(F.create_map(*pairs), lambda _, value: value.isNotNull()))


def _unless_empty(texts: Column) -> Column:
    return F.when(F.size(texts) > 0, texts)
