"""Promise P1, conservation: every row of every file is somewhere, and money stays the same from layer to layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from lakehouse.lake import Lake
from lakehouse.published.batches import list_batches
from lakehouse.silver.intake import BatchSelection, kinds_to_normalise
from lakehouse.sources.mapping.expressions import selected
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.sources.same_rows import kind_of_rows
from lakehouse.tables import gold, silver
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.reasons import BatchStatus, Outcome
from lakehouse.terminal import marked
from quality.checks.business import RETURNS_SUMS, SALES_SUMS
from quality.checks.measures import same_sums
from quality.heads import Heads

OUTCOMES = (
    Outcome.ACCEPTED, Outcome.SUPERSEDED, Outcome.QUARANTINED, Outcome.PENDING, Outcome.NO_LINES, Outcome.LOOKED_UP
)  # fmt: skip

LEFT_OUT = "left_out"
"""What of a kind of file its declaration leaves out, beside what a feed makes of the rest."""


@dataclass(frozen=True)
class Balance:
    """One kind of file in one feed: rows of bronze against what became of them."""

    source: str
    feed: str
    file_kind: str
    files: int
    rows: int
    not_selected: int
    left_out: int
    by_outcome: Mapping[Outcome, int]
    unbalanced: tuple[str, ...]
    """Files for which the sum does not hold, the first few."""

    @property
    def holds(self) -> bool:
        return not self.unbalanced and self.rows == self.not_selected + self.left_out + sum(self.by_outcome.values())

    @property
    def summands(self) -> str:
        """What became of the rows, as a sum."""
        counts: dict[str, int] = {name: self.by_outcome.get(name, 0) for name in OUTCOMES}
        counts |= {Outcome.NOT_SELECTED: self.not_selected, LEFT_OUT: self.left_out}
        return " + ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count) or "0"


@dataclass(frozen=True)
class Reconciliation:
    """All balances of a lake."""

    balances: tuple[Balance, ...]
    files_off: tuple[str, ...]
    """Files of which bronze does not hold the rows that were counted when they were loaded."""
    money: tuple[str, ...]
    """Sums of gold that are not those of silver."""

    @property
    def holds(self) -> bool:
        return all(one.holds for one in self.balances) and not self.files_off and not self.money

    def show(self, console: Console) -> None:
        grid = Grid(title="every row of bronze, and what became of it", title_justify="left", box=SIMPLE_HEAD)
        grid.add_column("source, feed, files")
        grid.add_column("rows", justify="right")
        grid.add_column("=")
        grid.add_column("")
        for one in self.balances:
            off = ", ".join(one.unbalanced)
            verdict = marked("[green]holds[/]") if one.holds else marked("[red]off: {}[/]", off)
            kind = "" if one.file_kind == one.feed else f" {one.file_kind}"
            files = marked("{} {}{} [dim]{}[/]", one.source, one.feed, kind, f"{one.files:,}")
            grid.add_row(files, f"{one.rows:,}", one.summands, verdict)
        console.print(grid)
        for off in self.files_off:
            console.print(marked("[red]bronze does not hold all rows of[/] {}", off))
        for off in self.money:
            console.print(marked("[red]{}[/]", off))
        if not self.money:
            console.print("units and money: silver = gold, per source and currency, to the last decimal")
        console.print(marked("[green]everything adds up[/]" if self.holds else "[red]it does not add up[/]"))


def reconciled(lake: Lake, sources: list[Source]) -> Reconciliation:
    """Balances of what the newest publication consumed, whatever a run after it left undone. Reads all of bronze."""
    balances = tuple(
        _balance(lake, source, feed_name, kind)
        for source in sources
        for feed_name, feed in source.feeds.items()
        for kind in feed_kinds(feed)
    )
    heads = Heads(lake, published=True)
    sums = (
        (table, same_sums(heads, of.name, table.name, amounts))
        for of, table, amounts in (
            (silver.ORDER_LINES, gold.FACT_SALES, SALES_SUMS),
            (silver.RETURNS, gold.FACT_RETURNS, RETURNS_SUMS),
        )
    )
    money = tuple(f"{table.name}: {sum_.observed}" for table, sum_ in sums if sum_.figure)
    heads.release()
    return Reconciliation(balances, tuple(_files_off(lake, sources)), money)


def _consumed(lake: Lake, source: Source) -> list[int]:
    batches = list_batches(lake.root)
    return [one.number for one in batches if one.source == source.name and one.status == BatchStatus.PUBLISHED]


def _bronze(lake: Lake, source: Source, kind: str) -> DataFrame:
    return lake.read_bronze(source, kind).where(F.col("_batch_id").isin(_consumed(lake, source)))


def _left_out(lake: Lake, source: Source, kind: str) -> DataFrame:
    """Rows that the declaration leaves out, by delivery; they are counted for the kind that has them."""
    of_kind = F.col("file_kind") == kind_of_rows(source.files, kind)
    mine = lake.read_published(silver.LEFT_OUT).where((F.col("source_system") == source.name) & of_kind)
    return mine.groupBy("_file_delivery").agg(F.sum("rows").alias(LEFT_OUT))


def _balance(lake: Lake, source: Source, feed_name: str, kind: str) -> Balance:
    feed = source.feeds[feed_name]
    nfc = kinds_to_normalise(lake, source, BatchSelection(tuple(_consumed(lake, source)), ()))
    rows = prepared(_bronze(lake, source, kind), source, kind, nfc=nfc[kind])
    taken = selected(feed, source, kind)
    sent = rows.groupBy("_file_delivery").agg(
        F.first("_source_file").alias("path"),
        F.count("*").alias("rows"),
        F.sum(F.when(taken | ~is_kept(), 0).otherwise(1)).alias(Outcome.NOT_SELECTED),
    )
    known = lake.read_published(silver.LINEAGE).where(
        (F.col("source_system") == source.name) & (F.col("feed") == feed_name) & (F.col("file_kind") == kind)
    )
    became = known.groupBy("_file_delivery").agg(
        F.sum("rows").alias("became"),
        *(F.sum(F.when(F.col("outcome") == name, F.col("rows")).otherwise(0)).alias(name) for name in OUTCOMES),
    )
    left_out = _left_out(lake, source, kind)
    both = sent.join(became, "_file_delivery", "full").join(left_out, "_file_delivery", "full").fillna(0)
    off = F.col("rows") != F.col(Outcome.NOT_SELECTED) + F.col(LEFT_OUT) + F.col("became")
    names = ("rows", Outcome.NOT_SELECTED, LEFT_OUT, *OUTCOMES)
    total = both.agg(
        F.count("*").alias("files"),
        *(F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in names),
        F.slice(F.collect_set(F.when(off, F.coalesce("path", "_file_delivery"))), 1, 5).alias("off"),
    ).collect()[0]
    by_outcome = {name: total[name] for name in OUTCOMES if total[name]}
    return Balance(
        source.name,
        feed_name,
        kind,
        total["files"],
        total["rows"],
        total[Outcome.NOT_SELECTED],
        total[LEFT_OUT],
        by_outcome,
        tuple(total["off"]),
    )


def _files_off(lake: Lake, sources: list[Source]) -> list[str]:
    """Loaded files whose rows are not all in bronze, or are there twice."""
    found = []
    for source in sources:
        files = lake.read(INGESTED_FILES).where((F.col("source_system") == source.name) & (F.col("status") == "loaded"))
        for kind in source.loaded:
            counted = lake.read(source.table(kind)).groupBy("_file_delivery").agg(F.count("*").alias("there"))
            mine = files.where(F.col("file_kind") == kind)
            both = mine.join(counted, mine["delivery"] == counted["_file_delivery"], "full")
            off = both.where(F.coalesce("rows", F.lit(0)) != F.coalesce("there", F.lit(0)))
            found += [row["path"] or row["_file_delivery"] for row in off.limit(5).collect()]
    return found
