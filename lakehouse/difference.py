"""Two sides of a table's rows: what one has that the other has not."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.model import Table


def difference(table: Table, wanted: DataFrame, present: DataFrame) -> DataFrame:
    """Rows of which one side has no equal: those wanted alone as `_new`, the names of those present alone as `_gone`.

    Both sides have `_content`, a hash of their business columns. `_is_new` tells the two apart.
    """
    names = [*table.key, *(name for name in table.partitioned_by if name not in table.key)]
    new = F.struct(*table.column_names).alias("_new")
    gone = F.struct(*names).alias("_gone")
    identity = [*table.key, "_content"]
    one = wanted.select(*(F.col(name).alias(f"_w_{name}") for name in identity), new)
    other = present.select(*(F.col(name).alias(f"_p_{name}") for name in identity), gone)
    same = reduce(
        lambda so_far, condition: so_far & condition,
        (F.col(f"_w_{name}").eqNullSafe(F.col(f"_p_{name}")) for name in identity),
    )
    both = one.join(other, same, "full")
    return both.where("_new IS NULL OR _gone IS NULL").select("_new", "_gone", F.col("_gone").isNull().alias("_is_new"))
