"""Silver from bronze: derives again what new rows speak of, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
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

FEEDS_AT_ONCE = 3


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


@dataclass(frozen=True)
class Accounts:
    """What a feed has to say in the tables that all feeds share, and what it said there before."""

    lineage: DataFrame
    refused: DataFrame
    old_lineage: DataFrame
    old_refused: DataFrame
    held: list[DataFrame]
    """Frames kept until all of it is written."""


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

    def run(self) -> Accounts | None:
        """Brings the feed's table up to date. None where nothing concerns it."""
        if self.intake.everything or self._first_time() or self._lookup_changed():
            batches = dict.fromkeys(feed_kinds(self.feed), self.intake.all)
            return self._write(self._evaluate(batches), batches, units=None)
        units = self._changed_units().distinct().persist(StorageLevel.MEMORY_AND_DISK)
        if units.isEmpty():
            return None
        batches = self._batches_to_read(units)
        found = self._evaluate(batches)
        joined = dict(found.joined)
        for join in self.feed.join:
            if join.role == "header":
                joined[join.file] = joined[join.file].join(units, "_unit", "leftsemi")
        return self._write(Evaluated(found.rows.join(units, "_unit", "leftsemi"), joined), batches, units)

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

    def _write(self, found: Evaluated, batches: Mapping[str, Iterable[int]], units: DataFrame | None) -> Accounts:
        """Writes the feed's own table; gives back what lineage and quarantine, which all feeds share, have to say."""
        judged = derive.judged_rows(found.rows, self.source, self.name).persist(StorageLevel.MEMORY_AND_DISK)
        outcomes = derive.outcomes(judged, self.feed.file)
        for join in self.feed.join:
            joined = derive.joined_outcomes(found.joined[join.file], judged, join)
            outcomes = outcomes.unionByName(derive.outcomes(joined, join.file))
        table_rows, old_lineage, old_refused = self._table_rows(), self._mine(LINEAGE), self._mine(QUARANTINE)
        if units is not None:
            table_rows = table_rows.join(units, F.col("_unit_key") == F.col("_unit"), "leftsemi")
            old_lineage, old_refused = (self._of_units(rows, units) for rows in (old_lineage, old_refused))
        accepted = derive.accepted_rows(judged, self.source, self.name)
        self.lake.replace_rows(self.canonical.table, accepted, table_rows)
        rule_version = rules_fingerprint(self.judge.rules)
        return Accounts(
            derive.lineage_rows(outcomes, self.source.name, self.name),
            derive.quarantine_rows(outcomes, self._bronze_of(batches), self.source, self.name, rule_version),
            old_lineage,
            old_refused,
            [judged] if units is None else [judged, units],
        )

    def _of_units(self, rows: DataFrame, units: DataFrame) -> DataFrame:
        """Rows of lineage or quarantine that speak of the units; look-ups are accounted for whole."""
        lookups = [join.file for join in self.feed.join if join.role == "lookup"]
        is_lookup = F.col("file_kind").isin(*lookups) if lookups else F.lit(False)
        mine = F.col("unit_key") == F.col("_unit")
        return rows.where(~is_lookup).join(units, mine, "leftsemi").unionByName(rows.where(is_lookup))


def build_source(lake: Lake, source: Source, judge: Judge, intake: Intake) -> None:
    """All feeds of one source. What of bronze is not in `intake` is not seen."""
    if intake.is_idle:
        return
    builds = [FeedBuild(lake, source, name, judge, intake) for name in source.feeds]
    # Feeds write tables of their own, and much of their time goes into waiting for small commits.
    with ThreadPoolExecutor(FEEDS_AT_ONCE) as pool:
        found = [accounts for accounts in pool.map(FeedBuild.run, builds) if accounts]
    if not found:
        return
    one = DataFrame.unionByName
    lake.replace_rows(
        QUARANTINE, reduce(one, (each.refused for each in found)), reduce(one, (each.old_refused for each in found))
    )
    lake.replace_rows(
        LINEAGE, reduce(one, (each.lineage for each in found)), reduce(one, (each.old_lineage for each in found))
    )
    for each in found:
        for frame in each.held:
            frame.unpersist()


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
