"""The returns of a source that names their orders: judged beside each other, and beside the lines that were sold."""

from __future__ import annotations

from concurrent.futures import Future

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import checkpointed, persisted, released
from lakehouse.silver.beyond_sold import RETURN, beyond_sold, with_refused
from lakehouse.silver.feed import FeedBuild
from lakehouse.silver.outcomes import FeedReport, UnitResult
from lakehouse.sources.model import Source
from lakehouse.tables.reasons import Outcome, RowReason
from lakehouse.tables.silver import ORDER_LINES, QUARANTINE


def may_be_matched(source: Source) -> bool:
    """Whether the source's returns can name lines that the source sold."""
    returns = source.feeds.get("returns")
    return returns is not None and "order_id" in returns.columns and "order_lines" in source.feeds


class ReturnsBuild(FeedBuild):
    """Builds the returns, once the lines are built."""

    lines: Future[FeedReport | None] | None = None
    """What builds the lines."""
    _judged_first: list[DataFrame]

    def run(self) -> FeedReport | None:
        if self.lines is not None:
            self.lines.result()
        self._judged_first = []
        return super().run()

    def _changed_units(self) -> list[DataFrame]:
        """Those of new returns; of lines that changed; and of all that wait because more came back than was sold."""
        code = F.array_contains("reasons", RowReason.MORE_THAN_SOLD)
        waiting = self._mine(QUARANTINE).where(code).select(F.col("unit_key").alias("_unit"))
        lines = self._changed_lines()
        returned = [] if lines is None else [self._accepted_of(lines)]
        return [*super()._changed_units(), waiting, *returned]

    def _changed_lines(self) -> DataFrame | None:
        """The lines of the source that this run put there or took away; None where it did neither."""
        changes = self.lake.changes(ORDER_LINES)
        lines = self.lake.read(ORDER_LINES) if changes.everything else changes.rows
        return None if lines is None else lines.where(F.col("source_system") == self.source.name)

    def _accepted_of(self, rows: DataFrame) -> DataFrame:
        """`_unit` of the accepted returns of the orders that rows name."""
        orders = rows.where("order_id IS NOT NULL").select("order_id").distinct()
        return self._table_rows().join(orders, "order_id", "leftsemi").select(F.col("_unit_key").alias("_unit"))

    def _write_whole(self, units: DataFrame) -> FeedReport | None:
        """With the units their rivals: the accepted returns of the same orders, which may have to give way."""
        if units.isEmpty():
            return None
        bronze, kept, are_known = self._bronze_of_units(units)
        rivals = self._accepted_of(self._evaluate(bronze).rows).join(units, "_unit", "left_anti")
        rivals = checkpointed(rivals.distinct())
        if rivals.isEmpty():
            return self._write([self._derived(bronze, units, are_known=are_known)], kept)
        for frame in kept:
            released(frame)
        return super()._write_whole(checkpointed(units.unionByName(rivals)))

    def _judged(self, rows: DataFrame, units: DataFrame | None) -> DataFrame:
        judged = persisted(super()._judged(rows, units))
        self._judged_first.append(judged)
        accepted = judged.where((F.col("_outcome") == Outcome.ACCEPTED) & F.col("order_id").isNotNull())
        returns = accepted.withColumn("source_system", F.lit(self.source.name)).select(*RETURN)
        orders = returns.select("order_id").distinct()
        if units is not None:
            others = self._table_rows().join(orders, "order_id", "leftsemi")
            others = others.join(units, F.col("_unit_key") == F.col("_unit"), "left_anti")
            returns = returns.unionByName(others.select(*RETURN))
        lines = self.lake.read(ORDER_LINES).where(F.col("source_system") == self.source.name)
        return with_refused(judged, beyond_sold(returns, lines.join(orders, "order_id", "leftsemi")))

    def _write(self, parts: list[UnitResult], kept: list[DataFrame]) -> FeedReport:
        return super()._write(parts, [*kept, *self._judged_first])
