"""What a quality report shows: verdicts, quarantine by reason, publication and file, shares against their limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.published import publications
from lakehouse.tables.ops import INGESTED_FILES, QUALITY_RESULTS
from lakehouse.tables.reasons import RowStatus
from lakehouse.tables.silver import LEFT_OUT, QUARANTINE
from quality.checks.accounts import became
from quality.heads import Heads
from quality.thresholds import Quarantine
from quality.verdicts import Verdict
from quality.waivers import Waiver, holding

TREND = 10
"""Publications that the trend goes back."""
FILES = 15


@dataclass(frozen=True)
class Share:
    """How much of a feed is in quarantine."""

    feed: str
    rows: int
    quarantined: int
    limit: float

    @property
    def share(self) -> float:
        return self.quarantined / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class FileRow:
    """A file of which rows wait in quarantine. A row in quarantine for two feeds counts twice."""

    path: str
    rows: int
    quarantined: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Earlier:
    """A table that this run left as it was."""

    table: str
    judged_at: datetime
    passed: int
    others: int


@dataclass(frozen=True)
class Report:
    """Everything on the page."""

    run_id: str
    publication: int | None
    as_of: date
    made_at: datetime
    verdicts: Sequence[Verdict]
    earlier: Sequence[Earlier]
    shares: Sequence[Share]
    steps: Sequence[str]
    """What the trend is over: publications, and this run."""
    trend: Mapping[str, Sequence[int]]
    """Reason -> rows that came with each of the steps."""
    files: Sequence[FileRow]
    waivers: Sequence[Waiver]
    left_out: Sequence[tuple[str, str, str, int]]
    """Source, kind of file and why its declaration leaves rows out, with how many rows of all files."""

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.outcome for one in self.verdicts)

    @property
    def notable(self) -> list[Verdict]:
        """What did not simply pass, the gravest first."""
        order = ("failed", "waived", "warned")
        return sorted((one for one in self.verdicts if one.outcome in order), key=lambda one: order.index(one.outcome))

    @property
    def by_table(self) -> list[tuple[str, list[Verdict]]]:
        return [(table, list(rows)) for table, rows in groupby(self.verdicts, key=lambda one: one.table)]


def gather(
    heads: Heads, verdicts: Sequence[Verdict], limits: Quarantine, publication: int | None, now: datetime
) -> Report:
    """The report of this run. Small queries, over quarantine and lineage."""
    rows = heads.lake.read(QUARANTINE).where(F.col("status") == RowStatus.OPEN)
    by_batch = rows.select(F.explode("reasons").alias("reason"), "_batch_id").groupBy("reason", "_batch_id").count()
    steps, trend = _trend(heads, [tuple(row) for row in by_batch.collect()])
    return Report(
        heads.lake.run_id,
        publication,
        heads.lake.as_of,
        now,
        verdicts,
        _earlier(heads.lake.root, {one.table for one in verdicts}),
        _shares(heads, limits),
        steps,
        trend,
        _worst_files(heads, rows),
        holding(heads.lake.root, now.date()),
        _left_out(heads),
    )


def _trend(heads: Heads, found: list[tuple[str, int, int]]) -> tuple[list[str], dict[str, list[int]]]:
    """Reasons over the publications that their rows came with; batches of no publication came with this run."""
    of_batch = {batch: one.publication for one in publications(heads.lake.root) for batch in one.batches}
    numbers = sorted(set(of_batch.values()))[-TREND:]
    steps: list[int | None] = [*numbers, *([None] if any(batch not in of_batch for _, batch, _ in found) else [])]
    trend: dict[str, list[int]] = {}
    for reason, batch, count in found:
        if of_batch.get(batch) in steps:
            trend.setdefault(reason, [0] * len(steps))[steps.index(of_batch.get(batch))] += count
    ordered = dict(sorted(trend.items(), key=lambda item: (-sum(item[1]), item[0])))
    return ["this run" if step is None else f"publication {step}" for step in steps], ordered


def _shares(heads: Heads, limits: Quarantine) -> list[Share]:
    rows, refused = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in became(heads):
        rows[one.source, one.feed] += one.rows
        refused[one.source, one.feed] += one.quarantined
    return [
        Share(f"{source}.{feed}", total, refused[source, feed], limits.share_of(source, feed))
        for (source, feed), total in sorted(rows.items())
    ]


def _worst_files(heads: Heads, open_rows: DataFrame) -> list[FileRow]:
    """The files with the most open rows."""
    keys = ("source_system", "_source_file", "_file_delivery")
    counted = open_rows.groupBy(*keys).count().orderBy(F.desc("count"), *keys).limit(FILES).collect()
    deliveries = [row["_file_delivery"] for row in counted]
    exploded = open_rows.where(F.col("_file_delivery").isin(deliveries)).withColumn("reason", F.explode("reasons"))
    reasons: dict[str, Counter[str]] = {delivery: Counter() for delivery in deliveries}
    for delivery, reason, count in exploded.groupBy("_file_delivery", "reason").count().collect():
        reasons[delivery][reason] = count
    loaded = {
        row["delivery"]: row["rows"] or 0
        for row in small_rows(heads.lake.root, INGESTED_FILES, ["delivery", "rows", "status"])
        if row["status"] == "loaded"
    }
    return [
        FileRow(f"{source}/{path}", loaded.get(delivery, 0), count, tuple(reasons[delivery].most_common()))
        for source, path, delivery, count in counted
    ]


def _left_out(heads: Heads) -> list[tuple[str, str, str, int]]:
    if heads.lake.is_empty(LEFT_OUT):
        return []
    names = "source_system, file_kind, left_out_why"
    text = f"SELECT {names}, CAST(sum(rows) AS BIGINT) FROM {LEFT_OUT.name} GROUP BY {names} ORDER BY {names}"
    return [(source, kind, why, rows) for source, kind, why, rows in heads.ask(text)]


def _earlier(root: Path, judged: set[str]) -> list[Earlier]:
    """The latest verdicts about tables that this run did not change."""
    latest: dict[str, list[dict[str, object]]] = {}
    rows = small_rows(root, QUALITY_RESULTS, ["table_name", "run_id", "judged_at", "verdict"])
    for row in sorted(rows, key=lambda row: row["judged_at"]):
        if row["table_name"] not in judged:
            kept = latest.get(row["table_name"], [])
            latest[row["table_name"]] = [*(one for one in kept if one["run_id"] == row["run_id"]), row]
    return [
        Earlier(
            table,
            found[-1]["judged_at"],  # type: ignore[arg-type]
            sum(one["verdict"] == "passed" for one in found),
            sum(one["verdict"] != "passed" for one in found),
        )
        for table, found in sorted(latest.items())
    ]
