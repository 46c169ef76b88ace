"""Which rows of a file its declaration leaves out, and why."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.strict import inlined
from lakehouse.sources.model import Source


def with_left_out(rows: DataFrame, source: Source, kind: FileKind) -> DataFrame:
    """Adds `_left_out`: why a row is left out, NULL where it is not. `rows` are prepared, with `_problems`.

    A row that could not be read is never left out, nor one of which a number that the condition hangs on does not
    read: nobody can say what it is.
    """
    why = F.lit(None).cast("string")
    for one in reversed(kind.leave_out):
        found = inlined(one.where, source, kind)
        holds = f"({found.sql}) AND NOT {found.unsure}" if found.unsure else found.sql
        why = F.when(F.expr(holds), F.lit(one.why)).otherwise(why)
    return rows.withColumn("_left_out", F.when(F.size("_problems") == 0, why) if kind.leave_out else why)


def is_kept() -> Column:
    """True for the prepared rows that are not left out."""
    return F.col("_left_out").isNull()
