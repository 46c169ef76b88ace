"""The figures that a run ends with, read from what it wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import functions as F

from lakehouse.bronze.ingest import IngestReport
from lakehouse.events import RunSummary
from lakehouse.lake import Lake
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables.silver import LINEAGE, QUARANTINE


def summarise(
    lake: Lake,
    reports: Sequence[IngestReport],
    taken: Mapping[str, BatchSelection],
    published: int | None,
    seconds: Mapping[str, float],
) -> RunSummary:
    """Files and rows of this run. A row of a file that feeds two feeds counts in both."""
    new = [batch for intake in taken.values() for batch in intake.new]
    outcomes: dict[str, int] = {}
    repaired, reasons, refused = 0, {}, 0
    if new and lake.exists(LINEAGE):
        mine = lake.read(LINEAGE).where(F.col("_batch_id").isin(new))
        for row in mine.groupBy("outcome").agg(F.sum("rows").alias("n"), F.sum("rows_repaired").alias("m")).collect():
            outcomes[row["outcome"]] = row["n"]
            repaired += row["m"]
        quarantine = lake.read(QUARANTINE).where(F.col("_batch_id").isin(new))
        counted = quarantine.select(F.explode("reasons").alias("reason")).groupBy("reason").count().collect()
        reasons = {row["reason"]: row["count"] for row in counted}
        refused = outcomes.get("quarantined", 0)
    return RunSummary(
        files=sum(report.loaded for report in reports),
        files_duplicate=sum(report.duplicate for report in reports),
        files_rejected=sum(len(report.rejected) for report in reports),
        rows_in=sum(sum(report.rows.values()) for report in reports),
        accepted=outcomes.get("accepted", 0),
        repaired=repaired,
        superseded=outcomes.get("superseded", 0),
        quarantined=reasons,
        rows_quarantined=refused,
        pending=outcomes.get("pending", 0),
        published=published,
        seconds=dict(seconds),
    )
