"""Which sold line a return takes back: silver and gold ask the same."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

ORDER = ["source_system", "order_id"]


def with_matched_line(returns: DataFrame, lines: DataFrame, names: Sequence[str]) -> DataFrame:
    """Adds `_sold`: the line that came back, with the columns `names`; NULL where it is unknown.

    It is the line that the return names; else the only line of the named order that has the product. Of several such
    lines none is chosen. Every return stays one row: a line has one number, and is the only one of its product.
    """
    sold = lines.select(*ORDER, "line_number", "product_id", F.struct(*names).alias("_line"))
    by_number = sold.select(*ORDER, "line_number", F.col("_line").alias("_by_number"))
    alone = sold.groupBy(*ORDER, "product_id").agg(F.count("*").alias("_lines"), F.first("_line").alias("_by_product"))
    alone = alone.where(F.col("_lines") == 1).drop("_lines")
    return (
        returns.join(by_number, [*ORDER, "line_number"], "left")
        .join(alone, [*ORDER, "product_id"], "left")
        .withColumn("_sold", F.coalesce("_by_number", "_by_product"))
        .drop("_by_number", "_by_product")
    )
