"""Two sides of a table's rows: what one has that the other has not."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import content_hash
from lakehouse.tables.model import Table


def names_gone(table: Table) -> list[str]:
    """The columns by which rows that go are found."""
    return [*table.key, *(name for name in table.partitioned_by if name not in table.key)]


def difference(table: Table, wanted: DataFrame, present: DataFrame) -> DataFrame:
    """Rows of which one side has no equal: those wanted alone as `_new`, the names of those present alone as `_gone`.

    Rows are equal whose business columns are. `_is_new` tells the two apart.
    """
    maps = [column.name for column in table.columns if column.type.startswith("MAP")]
    content = content_hash(table.business_columns, maps)
    wanted, present = wanted.withColumn("_content", content), present.withColumn("_content", content)
    # As SQL: each part written in Python is a message or more to the JVM, for each table of a run.
    new, gone = (
        f"struct({', '.join(f'`{name}`' for name in some)})" for some in (table.column_names, names_gone(table))
    )
    identity = [*table.key, "_content"]
    one = wanted.selectExpr(*(f"`{name}` AS `_w_{name}`" for name in identity), f"{new} AS _new")
    other = present.selectExpr(*(f"`{name}` AS `_p_{name}`" for name in identity), f"{gone} AS _gone")
    same = " AND ".join(f"`_w_{name}` <=> `_p_{name}`" for name in identity)
    both = one.join(other, F.expr(same), "full")
    return both.where("_new IS NULL OR _gone IS NULL").selectExpr("_new", "_gone", "_gone IS NULL AS _is_new")
