"""Writer to tables by Delta in Spark."""

from __future__ import annotations

from functools import reduce
from operator import and_

import pyarrow as pa
from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.readwriter import DataFrameWriter

from lakehouse.engine.spark import footers
from lakehouse.frames import checkpointed
from lakehouse.lake.statistics import hidden_columns
from lakehouse.tables.model import Table

MOST_PARTITIONS = 200
"""A condition that names more is as dear as none."""


def writer(table: Table, rows: DataFrame) -> DataFrameWriter:
    """What writes the rows as the table has them. The mode is still to be said."""
    selected = rows.select(*table.column_names)
    if table.layer == "bronze":
        footers.without(rows.sparkSession, hidden_columns(table))
    if table.partitioned_by and table.layer != "bronze":
        # One partition's rows meet in one task, or in several where they are too many: few files, no bottleneck.
        selected = selected.hint("rebalance", *table.partitioned_by)
    return selected.write.format("delta")


def append(path: str, table: Table, rows: DataFrame) -> None:
    writer(table, rows).mode("append").save(path)


def append_any(path: str, table: Table, rows: DataFrame) -> bool:
    """Appends; commits nothing where there are no rows. Returns whether there were any."""
    if rows.isEmpty():
        return False
    append(path, table, rows)
    return True


def apply_difference(path: str, table: Table, changed: DataFrame) -> bool:
    """Deletes and appends what `difference.difference` found. Returns whether it found anything."""
    changed = checkpointed(changed)  # what is new is judged against the rows as they were
    counts = {row["_is_new"]: row["count"] for row in changed.groupBy("_is_new").count().collect()}
    if counts.get(False):
        delete(path, table, changed.where(~F.col("_is_new")).select("_gone.*"))
    if counts.get(True):
        append(path, table, changed.where("_is_new").select("_new.*"))
    return bool(counts)


def replace(path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
    """Replaces the rows for which the condition holds, or all."""
    write = writer(table, rows).mode("overwrite")
    (write if condition is None else write.option("replaceWhere", condition)).save(path)


def replace_all(path: str, table: Table, rows: DataFrame) -> bool | None:
    """None: to compare is the work of a join."""
    return None


def net_changes(path: str, base: int, head: int) -> pa.Table | None:
    """None: a table that Spark writes is too large for this process."""
    return None


def delete(path: str, table: Table, gone: DataFrame) -> None:
    """Deletes the rows that have the values of one of `gone` in its columns, null-safe."""
    condition = reduce(and_, (F.col(f"t.`{name}`").eqNullSafe(F.col(f"g.`{name}`")) for name in gone.columns))
    for name in table.partitioned_by:
        # Said as literals too: Delta then looks at these partitions alone.
        values = [row[0] for row in gone.select(name).distinct().limit(MOST_PARTITIONS + 1).collect()]
        if len(values) <= MOST_PARTITIONS and None not in values:
            condition &= F.col(f"t.`{name}`").isin(values)
    target = DeltaTable.forPath(gone.sparkSession, path).alias("t")
    target.merge(gone.alias("g"), condition).whenMatchedDelete().execute()
