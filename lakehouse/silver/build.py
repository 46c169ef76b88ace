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
from lakehouse.silver import accounts, derive
from lakehouse.silver.derive import Evaluated, Judge
from lakehouse.silver.intake import Intake, kinds_to_normalise
from lakehouse.silver.rules import rules_fingerprint
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.tables.silver import FEEDS, LINEAGE, QUARANTINE

FEEDS_AT_ONCE = 3
Bronze = dict[str, DataFrame]
"""Kind of file -> rows of bronze."""


@dataclass(frozen=True)
class Account:
    """What a feed has to say in the tables that all feeds share, and what it said there before."""

    lineage: DataFrame
    refused: DataFrame
    old_lineage: DataFrame
    old_refused: DataFrame
    held: list[DataFrame]
    """Frames kept until all of it is written."""


class FeedBuild:
    """Builds the silver rows of one feed of one source."""

    def __init__(
        self, lake: Lake, source: Source, feed_name: str, judge: Judge, intake: Intake, nfc: Mapping[str, bool]
    ) -> None:
        self.lake = lake
        self.source = source
        self.name = feed_name
        self.feed = source.feeds[feed_name]
        self.canonical = FEEDS[feed_name]
        self.judge = judge
        self.intake = intake
        self.nfc = nfc
        """Kind of file -> whether its texts are to be brought into Unicode normal form C."""

    def run(self) -> Account | None:
        """Brings the feed's table up to date. None where nothing concerns it."""
        if self.intake.everything or self._first_time() or self._lookup_changed():
            bronze = self._bronze_of(dict.fromkeys(feed_kinds(self.feed), self.intake.all))
            return self._write(self._evaluate(bronze), bronze, [])
        units = self._changed_units().distinct().persist(StorageLevel.MEMORY_AND_DISK)
        if not units.count():
            units.unpersist()
            return None
        bronze, kept = self._bronze_of_units(units)
        return self._write(self._evaluate(bronze), bronze, [units, *kept], units)

    # ── what to read ───────────────────────────────────────────────────────────────────────────────────────────────

    def _bronze(self, kind: str, batches: Iterable[int]) -> DataFrame:
        return self.lake.read(self.source.table(kind)).where(F.col("_batch_id").isin(*batches))

    def _bronze_of(self, batches: Mapping[str, Iterable[int]]) -> Bronze:
        return {kind: self._bronze(kind, batches[kind]) for kind in feed_kinds(self.feed)}

    def _evaluate(self, bronze: Bronze) -> Evaluated:
        return derive.evaluate_feed(bronze, self.source, self.name, self.judge, self.nfc)

    def _bronze_of_units(self, units: DataFrame) -> tuple[Bronze, list[DataFrame]]:
        """All rows of bronze that speak of the units, look-ups whole; and the frames that are kept meanwhile."""
        older = self._older_batches(units)
        bronze = self._bronze_of({kind: self._batches_of(kind, older.get(kind, ())) for kind in feed_kinds(self.feed)})
        kept = []
        for kind in self._unit_kinds():
            if older.get(kind):
                named = derive.units_of(bronze, kind, self.source, self.name, self.nfc)
                places = named.join(units, "_unit", "leftsemi").select(*derive.PLACE)
                bronze[kind] = bronze[kind].join(places, list(derive.PLACE), "leftsemi")
            bronze[kind] = bronze[kind].persist(StorageLevel.MEMORY_AND_DISK)
            bronze[kind].count()  # then its size is known, and what is small is sent to all
            kept.append(bronze[kind])
        return bronze, kept

    def _batches_of(self, kind: str, older: Iterable[int]) -> Iterable[int]:
        is_whole = kind not in self._unit_kinds()
        return self.intake.all if is_whole else sorted({*older, *self.intake.new} & set(self.intake.all))

    def _unit_kinds(self) -> list[str]:
        """The files whose rows belong to units: all but look-ups."""
        return [self.feed.file, *(join.file for join in self.feed.join if join.role == "header")]

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
            bronze = self._bronze_of(batches)
            for kind in self._unit_kinds():
                units = derive.units_of(bronze, kind, self.source, self.name, self.nfc)
                found.append(units.select("_unit"))
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

    def _older_batches(self, units: DataFrame) -> dict[str, set[int]]:
        """For each file the batches consumed before that hold rows of the units."""
        known = self._mine(LINEAGE).join(units, F.col("unit_key") == F.col("_unit"), "leftsemi")
        places = known.select("file_kind", "_batch_id").distinct().collect()  # grows with batches, not with rows
        older: dict[str, set[int]] = {}
        for row in places:
            if row["_batch_id"] in self.intake.consumed:
                older.setdefault(row["file_kind"], set()).add(row["_batch_id"])
        return older

    # ── what is there ──────────────────────────────────────────────────────────────────────────────────────────────

    def _table_rows(self) -> DataFrame:
        return self.lake.read(self.canonical.table).where(F.col("source_system") == self.source.name)

    def _mine(self, table: object) -> DataFrame:
        rows = self.lake.read(table)  # type: ignore[arg-type]
        return rows.where((F.col("source_system") == self.source.name) & (F.col("feed") == self.name))

    # ── what to write ──────────────────────────────────────────────────────────────────────────────────────────────

    def _write(
        self, found: Evaluated, bronze: Bronze, kept: list[DataFrame], units: DataFrame | None = None
    ) -> Account:
        """Writes the feed's own table; gives back what lineage and quarantine, which all feeds share, have to say."""
        judged = derive.judged_rows(found.rows, self.source, self.name).persist(StorageLevel.MEMORY_AND_DISK)
        outcomes = accounts.outcomes(judged, self.feed.file)
        for join in self.feed.join:
            joined = accounts.joined_outcomes(found.joined[join.file], judged, join)
            outcomes = outcomes.unionByName(accounts.outcomes(joined, join.file))
        table_rows, old_lineage, old_refused = self._table_rows(), self._mine(LINEAGE), self._mine(QUARANTINE)
        if units is not None:
            table_rows = table_rows.join(units, F.col("_unit_key") == F.col("_unit"), "leftsemi")
            old_lineage, old_refused = (self._of_units(rows, units) for rows in (old_lineage, old_refused))
        accepted = derive.accepted_rows(judged, self.source, self.name)
        self.lake.replace_rows(self.canonical.table, accepted, table_rows)
        rule_version = rules_fingerprint(self.judge.rules)
        return Account(
            accounts.lineage_rows(outcomes, self.source.name, self.name),
            accounts.quarantine_rows(outcomes, bronze, self.source, self.name, rule_version),
            old_lineage,
            old_refused,
            [judged, *kept],
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
    nfc = kinds_to_normalise(lake, source, intake)
    builds = [FeedBuild(lake, source, name, judge, intake, nfc) for name in source.feeds]
    # Feeds write tables of their own, and much of their time goes into waiting for small commits.
    with ThreadPoolExecutor(FEEDS_AT_ONCE) as pool:
        found = [account for account in pool.map(FeedBuild.run, builds) if account]
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
