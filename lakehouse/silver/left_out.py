"""silver.left_out: how many rows of each file its source's declaration leaves out, and why."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from lakehouse.lake import Lake
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LEFT_OUT

_FILE = ("_source_file", "_file_sha256", "_file_delivery", "_batch_id")


def count_left_out(lake: Lake, source: Source, selection: BatchSelection, nfc: Mapping[str, bool]) -> None:
    """Brings the counts of one source up to date: a file's never change, unless all is derived again."""
    is_whole = selection.everything or not selection.consumed
    mine = lake.read(LEFT_OUT).where(F.col("source_system") == source.name)
    batches = selection.all if is_whole else selection.new
    counted = [
        left_out_rows(lake.read_bronze(source, name).where(F.col("_batch_id").isin(*batches)), source, name, nfc[name])
        for name, kind in source.loaded.items()
        if kind.leave_out and batches
    ]
    if not counted and (not is_whole or lake.is_empty(LEFT_OUT)):
        return
    present = mine if is_whole else mine.where("false")
    lake.replace_rows(LEFT_OUT, union(counted) if counted else mine.where("false"), present)


def left_out_rows(bronze: DataFrame, source: Source, kind_name: str, nfc: bool) -> DataFrame:
    """Rows of silver.left_out for rows of one kind of file."""
    rows = prepared(bronze, source, kind_name, nfc=nfc).where(~is_kept())
    counted = rows.groupBy(F.col("_left_out").alias("left_out_why"), *_FILE).agg(F.count("*").alias("rows"))
    return counted.select(
        F.lit(source.name).alias("source_system"), F.lit(kind_name).alias("file_kind"), "left_out_why", "rows", *_FILE
    )
