"""Rows as a reader gives them become the columns of the bronze table: frame in, frame out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import MapType, StringType

from lakehouse.bronze.headers import comparable
from lakehouse.sources.model import FileKind

Step = Callable[[DataFrame], DataFrame]

TEXTS = MapType(StringType(), StringType())
OF_THE_FILE = (
    *("_corrupt_record", "_name_values", "_file_modified_at", "_source_file", "_file_sha256", "_file_delivery"),
    "_row_in_file",
)


def by_name(
    rows: DataFrame,
    kind: FileKind,
    header: Sequence[str],
    values: Sequence[Column],
    *,
    leading_kept: Column | None = None,
) -> DataFrame:
    """Declared columns, and the others in `_rescued`; corrupt rows have none of them.

    But where `leading_kept` holds, a row keeps its leading ones, up to the first that the declaration puts later: no
    value ever stands under another column's name because the file has another order. Without it every row keeps them.
    """
    is_whole = F.col("_corrupt_record").isNull()
    places = {comparable(name) or f"\n{place}": place for place, name in enumerate(header)}
    columns = []
    for rank, name in enumerate(kind.columns):
        place = places.pop(comparable(name), None)
        if place is None:
            value = F.lit(None).cast("string")
        elif _leads(kind.columns[: rank + 1], header[:place]):
            value = values[place] if leading_kept is None else F.when(leading_kept, values[place])
        else:
            value = F.when(is_whole, values[place])
        columns.append(value.alias(name))
    others = {_rescued_name(header, place): values[place] for place in sorted(places.values())}
    return rows.select(*columns, F.when(is_whole, _present(others)).alias("_rescued"), *OF_THE_FILE)


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
    return unless_empty(F.map_filter(F.create_map(*pairs), lambda _, value: value.isNotNull()))


def unless_empty(texts: Column) -> Column:
    return F.when(F.size(texts) > 0, texts)
