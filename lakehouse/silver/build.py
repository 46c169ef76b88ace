"""Silver from bronze: derives again what new rows speak of, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from lakehouse.lake import Lake
from lakehouse.silver import derive
from lakehouse.silver.derive import Evaluated, Judge
from lakehouse.silver.rules import rules_fingerprint
from lakehouse.sources.expressions import needs_nfc, prepared
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.tables.silver import FEEDS, LINEAGE, QUARANTINE


@dataclass(frozen=True)
class Intake:
    """The batches of one source that a run works with."""

    consumed: tuple[int, ...]
    """Batches behind the newest publication."""
    new: tuple[int, ...]
    """Batches that the run adds."""
    everything: bool = False
    """True where all is derived again: the source's declaration, the rules or the code changed."""
    as_of_moved: bool = False
    """True where `as_of` is another than that of the newest publication: rows may have ceased to lie in the future."""

    @property
    def all(self) -> tuple[int, ...]:
        return (*self.consumed, *self.new)

    @property
    def is_idle(self) -> bool:
        return not (self.new or self.everything or self.as_of_moved)


class FeedBuild:
    """Builds the silver rows of one feed of one source."""

    def __init__(self, lake: Lake, source: Source, feed_name: str, judge: Judge, intake: Intake) -> None:
        self.lake = lake
        self.source = source
        self.name = feed_name
        self.feed = source.feeds[feed_name]
        self.canonical = FEEDS[feed_name]
        self.judge = judge
        self.intake = intake

    def run(self) -> None:
        everything = self.intake.everything or self._first_time() or self._lookup_changed()
        if everything:
            batches = dict.fromkeys(feed_kinds(self.feed), self.intake.all)
            self._write(self._evaluate(batches), batches, units=None)
            return
        units = self._changed_units().distinct().persist(StorageLevel.MEMORY_AND_DISK)
        try:
            if units.isEmpty():
                return
            batches = self._batches_to_read(units)
            found = self._evaluate(batches)
            of_units = Evaluated(
                found.rows.join(units, "_unit", "leftsemi"),
                {
                    join.file: rows.join(units, "_unit", "leftsemi") if join.role == "header" else rows
                    for join, rows in ((join, found.joined[join.file]) for join in self.feed.join)
                },
            )
            self._write(of_units, batches, units)
        finally:
            units.unpersist()

    # ── what to read ───────────────────────────────────────────────────────────────────────────────────────────────

    def _bronze(self, kind: str, batches: Iterable[int]) -> DataFrame:
        return self.lake.read(self.source.table(kind)).where(F.col("_batch_id").isin(*batches))

    def _bronze_of(self, batches: Mapping[str, Iterable[int]]) -> dict[str, DataFrame]:
        return {kind: self._bronze(kind, batches[kind]) for kind in feed_kinds(self.feed)}

    def _evaluate(self, batches: Mapping[str, Iterable[int]]) -> Evaluated:
        bronze = self._bronze_of(batches)
        nfc = {kind: needs_nfc(rows, self.source.files[kind]) for kind, rows in bronze.items()}
        return derive.evaluate_feed(bronze, self.source, self.name, self.judge, nfc)

    def _first_time(self) -> bool:
        return not self.intake.consumed

    def _lookup_changed(self) -> bool:
        """A changed look-up may concern any row, so all of the feed is derived again: look-ups are small and rare."""
        lookups = [join.file for join in self.feed.join if join.role == "lookup"]
        return any(not self._bronze(kind, self.intake.new).isEmpty() for kind in lookups if self.intake.new)

    def _changed_units(self) -> DataFrame:
        """`_unit` of everything that new rows speak of, and of what lay in the future before."""
        found = []
        if self.intake.new:
            batches = dict.fromkeys(feed_kinds(self.feed), self.intake.new)
            for join in self.feed.join:
                if join.role == "lookup":
                    batches[join.file] = self.intake.all
            evaluated = self._evaluate(batches)
            found.append(evaluated.rows.select("_unit"))
            found += [evaluated.joined[join.file].select("_unit") for join in self.feed.join if join.role == "header"]
        if self.intake.as_of_moved and self.canonical.happened_at:
            found.append(self._units_in_the_future(self.canonical.happened_at))
        if not found:
            return self.lake.spark.createDataFrame([], "_unit STRING")
        return reduce(DataFrame.unionByName, found)

    def _units_in_the_future(self, happened_at: str) -> DataFrame:
        code = f"in_future:{happened_at}"
        quarantined = (
            self._mine(QUARANTINE).where(F.array_contains("reasons", code)).select(F.col("unit_key").alias("_unit"))
        )
        # A day more, since the day of an instant is one in the source's zone.
        later = F.col(happened_at).cast("timestamp") > F.lit(self.judge.as_of).cast("timestamp") - F.expr(
            "interval 1 day"
        )
        return quarantined.unionByName(self._table_rows().where(later).select(F.col("_unit_key").alias("_unit")))

    def _batches_to_read(self, units: DataFrame) -> dict[str, tuple[int, ...]]:
        """For each file: the new batches and the older ones that hold rows of the units."""
        known = self._mine(LINEAGE).join(units, F.col("unit_key") == F.col("_unit"), "leftsemi")
        places = known.select("file_kind", "_batch_id").distinct().collect()  # grows with batches, not with rows
        batches = {}
        for kind in feed_kinds(self.feed):
            older = {row["_batch_id"] for row in places if row["file_kind"] == kind}
            batches[kind] = tuple(sorted(older.union(self.intake.new) & set(self.intake.all)))
        for join in self.feed.join:
            if join.role == "lookup":
                batches[join.file] = self.intake.all
        return batches

    # ── what is there ──────────────────────────────────────────────────────────────────────────────────────────────

    def _table_rows(self) -> DataFrame:
        return self.lake.read(self.canonical.table).where(F.col("source_system") == self.source.name)

    def _mine(self, table: object) -> DataFrame:
        rows = self.lake.read(table)  # type: ignore[arg-type]
        return rows.where((F.col("source_system") == self.source.name) & (F.col("feed") == self.name))

    # ── what to write ──────────────────────────────────────────────────────────────────────────────────────────────

    def _write(self, found: Evaluated, batches: Mapping[str, Iterable[int]], units: DataFrame | None) -> None:
        judged = derive.judged_rows(found.rows, self.source, self.name).persist(StorageLevel.MEMORY_AND_DISK)
        try:
            outcomes = derive.outcomes(judged, self.feed.file)
            for join in self.feed.join:
                joined = derive.joined_outcomes(found.joined[join.file], judged, join)
                outcomes = outcomes.unionByName(derive.outcomes(joined, join.file))
            accepted = derive.accepted_rows(judged, self.source, self.name)
            lineage = derive.lineage_rows(outcomes, self.source.name, self.name)
            refused = derive.quarantine_rows(
                outcomes, self._bronze_of(batches), self.source, self.name, rules_fingerprint(self.judge.rules)
            )
            table_rows, old_lineage, old_refused = self._table_rows(), self._mine(LINEAGE), self._mine(QUARANTINE)
            if units is not None:
                table_rows = table_rows.join(units, F.col("_unit_key") == F.col("_unit"), "leftsemi")
                lookups = [join.file for join in self.feed.join if join.role == "lookup"]
                mine = F.col("unit_key") == F.col("_unit")
                is_lookup = F.col("file_kind").isin(*lookups) if lookups else F.lit(False)
                old_lineage, old_refused = (
                    rows.where(~is_lookup).join(units, mine, "leftsemi").unionByName(rows.where(is_lookup))
                    for rows in (old_lineage, old_refused)
                )
            self.lake.replace_rows(self.canonical.table, accepted, table_rows)
            self.lake.replace_rows(QUARANTINE, refused, old_refused)
            self.lake.replace_rows(LINEAGE, lineage, old_lineage)
        finally:
            judged.unpersist()


def build_source(lake: Lake, source: Source, judge: Judge, intake: Intake) -> None:
    """All feeds of one source. What of bronze is not in `intake` is not seen."""
    if intake.is_idle:
        return
    for feed_name in source.feeds:
        FeedBuild(lake, source, feed_name, judge, intake).run()


def unread_rows(lake: Lake, source: Source, batches: Iterable[int]) -> dict[str, int]:
    """Rows of bronze that no feed takes, by kind of file; kinds that the source marks as ignored are left out."""
    left = {}
    for kind_name, kind in source.files.items():
        feeds = [feed for feed in source.feeds.values() if kind_name in feed_kinds(feed)]
        if kind.ignored or any(kind_name != feed.file or not feed.filter for feed in feeds):
            continue
        rows = prepared(lake.read(source.table(kind_name)).where(F.col("_batch_id").isin(*batches)), source, kind_name)
        taken = F.lit(False)
        for feed in feeds:
            taken = taken | F.coalesce(F.expr(feed.filter), F.lit(False))
        if count := rows.where((F.size("_problems") == 0) & ~taken).count():
            left[kind_name] = count
    return left
