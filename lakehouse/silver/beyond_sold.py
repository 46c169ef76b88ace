"""Returns of more units than were sold: those that are beyond a line wait in quarantine, whatever came first.

A line's returns are taken in the order of their time: one that does not fit into what is still out is refused, and the
next ones may fit. So what is accepted follows from the returns and the lines that there are, never from when they came.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.matching import with_matched_line
from lakehouse.tables.reasons import Outcome, RowReason

RETURN = ("source_system", "return_id", "order_id", "line_number", "product_id", "returned_at", "quantity")
_UNITS = "DECIMAL(38,6)"


def beyond_sold(returns: DataFrame, lines: DataFrame) -> DataFrame:
    """`return_id` of the returns of one source that are refused. `returns` hold all that could be accepted of their
    orders (the columns RETURN), `lines` at least those of these orders."""
    in_time = F.struct("returned_at", "return_id", F.col("quantity").cast(_UNITS).alias("units"))
    matched = with_matched_line(returns, lines, ("line_number", "quantity")).where(F.col("_sold").isNotNull())
    of_line = matched.groupBy("order_id", F.col("_sold.line_number").alias("_line")).agg(
        F.first(F.col("_sold.quantity").cast(_UNITS)).alias("_sold_units"),
        F.sum(F.col("quantity").cast(_UNITS)).alias("_units"),
        F.array_sort(F.collect_list(in_time)).alias("_returns"),
    )
    too_many = of_line.where(F.col("_units") > F.col("_sold_units"))
    nothing = F.struct(F.lit(0).cast(_UNITS).alias("out"), F.array().cast("array<string>").alias("refused"))
    return too_many.select(F.explode(F.aggregate("_returns", nothing, _taken)["refused"]).alias("return_id"))


def _taken(so_far: Column, one: Column) -> Column:
    """The units that came back, and the returns that were refused, once one more is taken or refused."""
    out = (so_far["out"] + one["units"]).cast(_UNITS)
    refused = F.array_append(so_far["refused"], one["return_id"])
    return F.when(
        out <= F.col("_sold_units"), F.struct(out.alias("out"), so_far["refused"].alias("refused"))
    ).otherwise(F.struct(so_far["out"].alias("out"), refused.alias("refused")))


def with_refused(judged: DataFrame, beyond: DataFrame) -> DataFrame:
    """Judged returns, those accepted that are beyond what was sold quarantined."""
    marked = judged.join(beyond.withColumn("_is_beyond", F.lit(True)), "return_id", "left")
    is_beyond = F.col("_is_beyond") & (F.col("_outcome") == Outcome.ACCEPTED)
    reasons = F.array(F.lit(RowReason.MORE_THAN_SOLD))
    return (
        marked.withColumn("_reasons", F.when(is_beyond, reasons).otherwise(F.col("_reasons")))
        .withColumn("_outcome", F.when(is_beyond, Outcome.QUARANTINED).otherwise(F.col("_outcome")))
        .drop("_is_beyond")
    )
