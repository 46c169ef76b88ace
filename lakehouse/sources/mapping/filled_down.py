"""Values that stand on the first row of a group only, given to the rows below it: `fill_down` of a kind of file."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.tables.bronze import FILLED


def with_filled_down(rows: DataFrame, kind: FileKind, *, is_known: bool) -> DataFrame:
    """Rows of whole files with normal texts (see `prepared`), an empty value that of the last row above it that has one
    in its group.

    A row that does not name its group, or that could not be read, neither gives nor takes. Where the values `is_known`,
    they are in `_filled`, so that the rows need not be those of whole files.
    """
    if is_known:
        values = {name: F.col(FILLED)[place] for place, name in enumerate(filled_columns(kind))}
        return rows.withColumns(values).drop(FILLED)
    for step in kind.fill_down:
        above = Window.partitionBy("_file_delivery", *map(sent_column, step.within)).orderBy("_row_in_file")
        above = above.rowsBetween(Window.unboundedPreceding, Window.currentRow)
        takes_part = _takes_part(step.within)
        rows = rows.withColumns(
            {
                name: F.when(
                    takes_part, F.last(F.when(takes_part, sent_column(name)), ignorenulls=True).over(above)
                ).otherwise(sent_column(name))
                for name in step.columns
            }
        )
    return rows


def filled_columns(kind: FileKind) -> tuple[str, ...]:
    """The columns that take values from above, in the order in which `_filled` holds them."""
    return tuple(dict.fromkeys(name for step in kind.fill_down for name in step.columns))


def known_values(kind: FileKind) -> Column:
    """The values of prepared rows as `_filled` holds them: with them, rows keep their values without those above."""
    return F.array(*map(sent_column, filled_columns(kind))).alias(FILLED)


def _takes_part(within: Iterable[str]) -> Column:
    takes_part = F.size("_problems") == 0
    for name in within:
        takes_part = takes_part & sent_column(name).isNotNull()
    return takes_part
