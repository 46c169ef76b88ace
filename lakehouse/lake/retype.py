"""Tables of an earlier layout brought to the types that are declared now.

Their rows are written again under the new types: to widen a column in place is a feature of Delta that not all who read
the lake know. A run that is cut short in between leaves the published version, from which the next run starts again.
"""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.delta.log import commit_text, opened
from lakehouse.lake.ddl import add_columns, create_table, set_properties
from lakehouse.lake.parquet_read import schema_of
from lakehouse.lake.statistics import to_be_set
from lakehouse.tables.column_names import folded
from lakehouse.tables.model import Table


def bring_up_to_date(spark: SparkSession, path: str, table: Table, rows: DataFrame) -> None:
    """Adds new columns of the declaration, and what it says of statistics. Where columns have other types than
    declared, the table is made anew with `rows`: its own, at a version that is named."""
    there = {folded(one.name): one.dataType.simpleString().upper() for one in rows.schema}
    missing = [one for one in table.columns if folded(one.name) not in there]
    target = f"delta.`{path}`"
    if any(there.get(folded(one.name), one.type) != one.type for one in table.columns):
        nothing = {one.name: F.lit(None).cast(one.type) for one in missing}
        typed = [F.col(f"`{one.name}`").cast(one.type).alias(one.name) for one in table.columns]
        spark.sql(create_table(target, table, replace=True))
        rows.withColumns(nothing).select(*typed).write.format("delta").mode("append").save(path)
    elif missing:
        spark.sql(add_columns(target, missing))
    if unsaid := to_be_set(opened(path).metadata().configuration, table):
        spark.sql(set_properties(target, unsaid))


def was_retyped(path: str, base: int | None, head: int) -> bool:
    """Whether columns have other types at version `head` than at `base`: no change feed leads from one to the other."""
    if base is None or not any('"metaData":{' in commit_text(path, version) for version in range(base + 1, head + 1)):
        return False
    before, after = (_types(path, version) for version in (base, head))
    return any(after.get(name, kind) != kind for name, kind in before.items())


def _types(path: str, version: int) -> dict[str, str]:
    return {one.name: one.dataType.simpleString() for one in schema_of(opened(path, version))}
