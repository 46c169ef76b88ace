"""What the rows of a group say beside each of them, at the price of the groups that have something to say.

A window costs Spark a sort, however many groups there are. Sail pays for each group, and for orders, customers and keys
there are nearly as many groups as rows, most of them of one row. There what the window says is known without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.window import WindowSpec

from lakehouse.frames import checkpointed, pays_for_each_group, union

Names = Sequence[str | Column]
MOST_AT_ONCE = 250_000
"""Rows that go through windows together, of an engine that holds them in memory several times over."""


class Over(Protocol):
    """Window functions. `by`: the columns of a group, `order`: of its rows."""

    def least(self, value: Column, by: Names) -> Column: ...

    def greatest(self, value: Column, by: Names) -> Column: ...

    def count(self, by: Names) -> Column: ...

    def number(self, by: Names, order: Names) -> Column:
        """Place of the row in its group, from 1."""

    def before(self, value: Column, by: Names, order: Names) -> Column:
        """The value of the row before it, NULL for the first."""

    def after(self, value: Column, by: Names, order: Names) -> Column:
        """The value of the row after it, NULL for the last."""

    def latest(self, value: Column, by: Names, order: Names) -> Column:
        """The last value that is not NULL, of the rows up to this one."""


class _Windows:
    def least(self, value: Column, by: Names) -> Column:
        return F.min(value).over(_window(by))

    def greatest(self, value: Column, by: Names) -> Column:
        return F.max(value).over(_window(by))

    def count(self, by: Names) -> Column:
        return F.count("*").over(_window(by))

    def number(self, by: Names, order: Names) -> Column:
        return F.row_number().over(_window(by, order))

    def before(self, value: Column, by: Names, order: Names) -> Column:
        return F.lag(value).over(_window(by, order))

    def after(self, value: Column, by: Names, order: Names) -> Column:
        return F.lead(value).over(_window(by, order))

    def latest(self, value: Column, by: Names, order: Names) -> Column:
        so_far = _window(by, order).rowsBetween(Window.unboundedPreceding, Window.currentRow)
        return F.last(value, ignorenulls=True).over(so_far)


class _Alone:
    """The same of a row that has nobody beside it."""

    def least(self, value: Column, by: Names) -> Column:
        return value

    def greatest(self, value: Column, by: Names) -> Column:
        return value

    def count(self, by: Names) -> Column:
        return F.lit(1).cast("bigint")

    def number(self, by: Names, order: Names) -> Column:
        return F.lit(1)

    def before(self, value: Column, by: Names, order: Names) -> Column:
        return F.when(F.lit(False), value)

    def after(self, value: Column, by: Names, order: Names) -> Column:
        return F.when(F.lit(False), value)

    def latest(self, value: Column, by: Names, order: Names) -> Column:
        return value


WINDOWS, ALONE = _Windows(), _Alone()


def in_groups(
    rows: DataFrame,
    keys: Sequence[str],
    said: Callable[[DataFrame, Over], DataFrame],
    *,
    speaks: Column | None = None,
) -> DataFrame:
    """The rows with what `said` adds to them by windows of groups that are no wider than `keys`.

    `speaks` is true of rows that tell others of their group something: a group without any such row is one of rows that
    stand alone.
    """
    if not pays_for_each_group(rows):
        return said(rows, WINDOWS)
    # Of a hash, for it is never NULL and quick to join by; groups that share one merely go through windows for nothing.
    held = checkpointed(rows.withColumn("_group", F.xxhash64(*keys)))
    speaking = F.count("*") if speaks is None else F.count(F.when(speaks, F.lit(1)))
    sizes = held.groupBy("_group").agg(F.count("*").alias("_size"), speaking.alias("_speaking"))
    several = checkpointed(sizes.where("_size > 1 AND _speaking > 0").select("_group", "_size"))
    together, alone = (held.join(several, "_group", how) for how in ("leftsemi", "leftanti"))
    parts = [said(part.drop("_group"), WINDOWS) for part in _in_parts(together, several)]
    if len(parts) > 1:
        parts = [checkpointed(part) for part in parts]
    return union([said(alone.drop("_group"), ALONE), *parts])


def _in_parts(rows: DataFrame, sizes: DataFrame) -> list[DataFrame]:
    """The rows in parts of whole groups, each of about MOST_AT_ONCE rows."""
    [(count,)] = sizes.agg(F.coalesce(F.sum("_size"), F.lit(0))).collect()
    number = -(-int(count) // MOST_AT_ONCE)
    if number < 2:
        return [rows]
    return [rows.where(F.pmod("_group", F.lit(number)) == place) for place in range(number)]


def _window(by: Names, order: Names = ()) -> WindowSpec:
    window = Window.partitionBy(*by)
    return window.orderBy(*order) if order else window
