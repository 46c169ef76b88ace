"""The closing summary: the figures that a run ends with, read from what it wrote, and how people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import functions as F
from rich.table import Table as Grid
from rich.text import Text

from lakehouse.bronze.ingest import IngestReport
from lakehouse.lake import Lake
from lakehouse.silver.intake import BatchSelection
from lakehouse.silver.newest_order import advice, newest_order
from lakehouse.tables.reasons import Outcome
from lakehouse.tables.silver import LEFT_OUT, LINEAGE, QUARANTINE
from lakehouse.terminal import marked, visible, visible_lines


@dataclass(frozen=True)
class RunSummary:
    """What a run did, in rows unless the name says otherwise."""

    files: int = 0
    """Files loaded."""
    files_duplicate: int = 0
    files_rejected: int = 0
    rows_in: int = 0
    accepted: int = 0
    repaired: int = 0
    """Of those accepted."""
    superseded: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Reason -> rows. A row with two reasons counts under both."""
    rows_quarantined: int | None = None
    """Rows in quarantine, each counted once; where not given, the sum over the reasons."""
    pending: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Why the declaration leaves rows out -> rows. Each row counts once, however many feeds its file has."""
    not_taken: Mapping[str, str] = field(default_factory=dict)
    """Source that the run left as it is published, since no feed takes some of its rows -> that in words."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Source that the run left as it is published, since the gate refused what it brought -> what failed."""
    published: int | None = None
    """Number of the publication; None where the run wrote none."""
    why_not_published: str = ""
    advice: str = ""
    """What to do about orders that are far from the day that the lake is seen from; empty where they are not."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Stage -> seconds."""

    @property
    def nothing_new(self) -> bool:
        return self.published is None and not self.why_not_published and self.rows_in == 0


def summarise(
    lake: Lake,
    reports: Sequence[IngestReport],
    taken: Mapping[str, BatchSelection],
    published: int | None,
    seconds: Mapping[str, float],
    *,
    why_not_published: str = "",
    not_taken: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> RunSummary:
    """Files and rows of this run. A row of a file that feeds two feeds counts in both."""
    new = [batch for selection in taken.values() for batch in selection.new]
    outcomes, repaired = _became(lake, new)
    return RunSummary(
        files=sum(report.loaded for report in reports),
        files_duplicate=sum(report.duplicate for report in reports),
        files_rejected=sum(len(report.rejected) for report in reports),
        rows_in=sum(sum(report.rows.values()) for report in reports),
        accepted=outcomes.get(Outcome.ACCEPTED, 0),
        repaired=repaired,
        superseded=outcomes.get(Outcome.SUPERSEDED, 0),
        quarantined=_reasons(lake, new),
        rows_quarantined=outcomes.get(Outcome.QUARANTINED, 0),
        pending=outcomes.get(Outcome.PENDING, 0),
        left_out=_left_out(lake, new),
        not_taken=dict(not_taken or {}),
        refused=dict(refused or {}),
        published=published,
        why_not_published=why_not_published,
        advice=advice(newest_order(lake.root), lake.as_of) if published is not None else "",
        seconds=dict(seconds),
    )


def _became(lake: Lake, batches: Sequence[int]) -> tuple[dict[str, int], int]:
    """Outcome -> rows of the batches, and how many of them were repaired."""
    if not batches or not lake.exists(LINEAGE):
        return {}, 0
    mine = lake.read(LINEAGE).where(F.col("_batch_id").isin(*batches))
    counted = mine.groupBy("outcome").agg(F.sum("rows").alias("n"), F.sum("rows_repaired").alias("m")).collect()
    return {row["outcome"]: row["n"] for row in counted}, sum(row["m"] for row in counted)


def _reasons(lake: Lake, batches: Sequence[int]) -> dict[str, int]:
    """Reason -> rows of the batches that are in quarantine for it."""
    if not batches or not lake.exists(QUARANTINE):
        return {}
    mine = lake.read(QUARANTINE).where(F.col("_batch_id").isin(*batches))
    counted = mine.select(F.explode("reasons").alias("reason")).groupBy("reason").count().collect()
    return {row["reason"]: row["count"] for row in counted}


def _left_out(lake: Lake, batches: Sequence[int]) -> dict[str, int]:
    """Why rows of the batches are left out -> rows."""
    if not batches or lake.is_empty(LEFT_OUT):
        return {}
    mine = lake.read(LEFT_OUT).where(F.col("_batch_id").isin(*batches))
    counted = mine.groupBy("left_out_why").agg(F.sum("rows").alias("rows")).collect()
    return {row["left_out_why"]: row["rows"] for row in counted}


def summary_grid(summary: RunSummary) -> Grid:
    """The closing summary as people see it: what the stages that ran have to say, and no line of others."""
    grid = Grid(title="Run", title_justify="left", show_header=False, box=None, padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right")
    grid.add_column(style="dim")
    ran = summary.seconds.keys()
    if not ran or "ingest" in ran:
        _add_files(grid, summary)
    if not ran or "silver" in ran:
        _add_outcomes(grid, summary)
    if _tells_of_publications(summary):
        grid.add_row("published", *_published(summary))
    for name in summary.not_taken:
        grid.add_row("  not taken", name, "no feed takes some of its rows", style="yellow")
    for name in summary.refused:
        grid.add_row("  refused", name, "the gate refused what it brought", style="red")
    for stage, seconds in summary.seconds.items():
        grid.add_row(f"  {stage}", f"{seconds:,.1f} s")
    return grid


def _add_files(grid: Grid, summary: RunSummary) -> None:
    aside = ", ".join(
        f"{count:,} {word}"
        for count, word in ((summary.files_duplicate, "already here"), (summary.files_rejected, "rejected"))
        if count
    )
    grid.add_row("files loaded", f"{summary.files:,}", aside)
    grid.add_row("rows in", f"{summary.rows_in:,}")


def _add_outcomes(grid: Grid, summary: RunSummary) -> None:
    quarantined = summary.rows_quarantined
    grid.add_row("  accepted", f"{summary.accepted:,}", f"{summary.repaired:,} repaired" if summary.repaired else "")
    grid.add_row("  superseded", f"{summary.superseded:,}")
    grid.add_row(
        "  quarantined",
        f"{sum(summary.quarantined.values()) if quarantined is None else quarantined:,}",
        style="yellow" if summary.quarantined or quarantined else None,
    )
    for reason, rows in sorted(summary.quarantined.items(), key=lambda item: (-item[1], item[0])):
        grid.add_row(f"    {visible(reason)}", f"{rows:,}")
    grid.add_row("  pending", f"{summary.pending:,}")
    if summary.left_out:
        grid.add_row("  left out", f"{sum(summary.left_out.values()):,}", "no feed reads them")
    for why, rows in sorted(summary.left_out.items(), key=lambda item: (-item[1], item[0])):
        grid.add_row(f"    {visible(why)}", f"{rows:,}")


def _tells_of_publications(summary: RunSummary) -> bool:
    """Stages before the gate publish nothing, which nobody asked of them."""
    ran = summary.seconds.keys()
    ended = summary.published is not None or bool(summary.why_not_published)
    return ended or (summary.nothing_new and ran <= {"ingest"}) or not ran.isdisjoint({"gate", "publish"})


def _published(summary: RunSummary) -> tuple[str | Text, str]:
    if summary.published is not None:
        return marked("[bold green]{}[/]", summary.published), ""
    return "nothing", "there was nothing new" if summary.nothing_new else visible_lines(summary.why_not_published)
