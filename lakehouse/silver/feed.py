"""One feed of one source: which units a run derives again, from which rows, and what is then written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import checkpointed, persisted, union
from lakehouse.lake import Lake
from lakehouse.silver import append_history, derive
from lakehouse.silver.apply_discards import contradicting
from lakehouse.silver.derive import Evaluated, RowCriteria
from lakehouse.silver.intake import BatchSelection, new_batches_of
from lakehouse.silver.outcomes import Bronze, FeedReport, UnitResult, joined_outcomes, outcome_rows, quarantine_rows
from lakehouse.silver.rules import rules_fingerprint
from lakehouse.sources.mapping.expressions import unit_expressions
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.model import Table
from lakehouse.tables.reasons import RowReason
from lakehouse.tables.silver import LINEAGE, QUARANTINE


class FeedBuild:
    """Builds the silver rows of one feed of one source."""

    def __init__(
        self,
        lake: Lake,
        source: Source,
        feed_name: str,
        criteria: RowCriteria,
        selection: BatchSelection,
        nfc: Mapping[str, bool],
    ) -> None:
        self.lake = lake
        self.source = source
        self.name = feed_name
        self.feed = source.feeds[feed_name]
        self.canonical = FEEDS[feed_name]
        self.criteria = criteria
        self.selection = selection
        self.nfc = nfc
        """Kind of file -> whether its texts are to be brought into Unicode normal form C."""

    def run(self) -> FeedReport | None:
        """Brings the feed's table up to date. None where nothing concerns it."""
        if self.selection.everything or self._first_time() or self._lookup_changed():
            bronze = self._bronze_of(dict.fromkeys(feed_kinds(self.feed), self.selection.all))
            return self._write([self._derived(bronze, None)], [])
        if self.canonical.is_history and not unit_expressions(self.feed):
            return self._grow()
        changed = self._changed_units()
        return self._write_whole(checkpointed(union(changed).distinct())) if changed else None

    def _write_whole(self, units: DataFrame) -> FeedReport | None:
        """Derives the units whole. None where there are none."""
        if units.isEmpty():
            return None
        bronze, kept, are_known = self._bronze_of_units(units)
        return self._write([self._derived(bronze, units, are_known=are_known)], kept)

    def _grow(self) -> FeedReport | None:
        """Adds to histories what is later than all they have; what is not is derived whole."""
        decided = self._decided_units()
        if not self._new_batches_of(self.feed.file):
            return None if decided is None else self._write_whole(checkpointed(decided))
        batches = dict.fromkeys(feed_kinds(self.feed), self.selection.all) | {self.feed.file: self.selection.new}
        bronze = self._bronze_of(batches)
        fresh = persisted(self._evaluate(bronze).rows)
        units = append_history.units_in_time(fresh, self._mine(LINEAGE))
        if decided is not None:
            units = units.join(decided.withColumn("_is_decided", F.lit(True)), "_unit", "full")
            units = units.select("_unit", (F.col("_is_decided").isNull() & F.col("_is_later")).alias("_is_later"))
        units = checkpointed(units)
        found = {row["_is_later"]: row["count"] for row in units.groupBy("_is_later").count().collect()}
        parts, kept = [], [fresh]
        if found.get(True):
            parts.append(self._grown(fresh, bronze, units.where("_is_later").select("_unit")))
        if found.get(False):
            late = units.where("NOT _is_later").select("_unit")
            old, more, are_known = self._bronze_of_units(late)
            parts.append(self._derived(old, late, are_known=are_known))
            kept += more
        return self._write(parts, kept) if parts else None

    # ── what to read ───────────────────────────────────────────────────────────────────────────────────────────────

    def _bronze(self, kind: str, batches: Iterable[int]) -> DataFrame:
        return self.lake.read_bronze(self.source, kind).where(F.col("_batch_id").isin(*batches))

    def _bronze_of(self, batches: Mapping[str, Iterable[int]]) -> Bronze:
        return {kind: self._bronze(kind, batches[kind]) for kind in feed_kinds(self.feed)}

    def _evaluate(self, bronze: Bronze) -> Evaluated:
        return derive.evaluate_feed(bronze, self.source, self.name, self.criteria, self.nfc)

    def _bronze_of_units(self, units: DataFrame) -> tuple[Bronze, list[DataFrame], bool]:
        """All rows of bronze that speak of the units, look-ups whole; the frames that are kept meanwhile; and whether
        any of the units was heard of before."""
        known = self._places_of(units)
        older = self._older_batches(known)
        bronze = self._bronze_of({kind: self._batches_of(kind, older.get(kind, ())) for kind in feed_kinds(self.feed)})
        kept = []
        for kind in self._unit_kinds():
            if older.get(kind):
                bronze[kind] = derive.rows_of_units(bronze, kind, self.source, self.name, self.nfc, units)
            bronze[kind] = persisted(bronze[kind])
            bronze[kind].count()  # then its size is known, and what is small is sent to all
            kept.append(bronze[kind])
        return bronze, kept, bool(known)

    def _batches_of(self, kind: str, older: Iterable[int]) -> Iterable[int]:
        is_whole = kind not in self._unit_kinds()
        return self.selection.all if is_whole else sorted({*older, *self.selection.new} & set(self.selection.all))

    def _unit_kinds(self) -> list[str]:
        """The files whose rows belong to units: all but look-ups."""
        return [self.feed.file, *(join.file for join in self.feed.join if join.role == "header")]

    def _new_batches_of(self, kind: str) -> list[int]:
        return new_batches_of(self.lake, self.source, kind, self.selection)

    def _first_time(self) -> bool:
        return not self.selection.consumed

    def _lookup_changed(self) -> bool:
        """A changed look-up may concern any row, so all of the feed is derived again: look-ups are small and rare."""
        lookups = [join.file for join in self.feed.join if join.role == "lookup"]
        decided = self._decided()
        if lookups and decided is not None and not decided.where(F.col("file_kind").isin(*lookups)).isEmpty():
            return True
        return any(self._new_batches_of(kind) for kind in lookups)

    def _decided(self) -> DataFrame | None:
        """Rows in quarantine that are not as a person has decided since; None where nobody has."""
        if not self.selection.decisions_changed:
            return None
        return contradicting(self._mine(QUARANTINE), self.criteria.discards)

    def _decided_units(self) -> DataFrame | None:
        decided = self._decided()
        return None if decided is None else decided.select(F.col("unit_key").alias("_unit")).distinct()

    def _changed_units(self) -> list[DataFrame]:
        """`_unit` of everything that new rows speak of, that was decided, and of what lay in the future before."""
        found = []
        if kinds := [kind for kind in self._unit_kinds() if self._new_batches_of(kind)]:
            batches = dict.fromkeys(feed_kinds(self.feed), self.selection.new)
            for join in self.feed.join:
                if join.role == "lookup":
                    batches[join.file] = self.selection.all
            bronze = self._bronze_of(batches)
            for kind in kinds:
                units = derive.units_of(bronze, kind, self.source, self.name, self.nfc)
                found.append(units.select("_unit"))
        if (decided := self._decided_units()) is not None:
            found.append(decided)
        if self.selection.as_of_moved and self.canonical.happened_at:
            found.append(self._units_in_the_future(self.canonical.happened_at))
        return found

    def _units_in_the_future(self, happened_at: str) -> DataFrame:
        code = RowReason.IN_FUTURE.of(happened_at)
        refused = self._mine(QUARANTINE).where(F.array_contains("reasons", code))
        # A day more, since the day of an instant is one in the source's zone.
        horizon = F.lit(self.criteria.as_of).cast("timestamp") - F.expr("interval 1 day")
        later = self._table_rows().where(F.col(happened_at).cast("timestamp") > horizon)
        units = refused.select(F.col("unit_key").alias("_unit"))
        return units.unionByName(later.select(F.col("_unit_key").alias("_unit")))

    def _places_of(self, units: DataFrame) -> list[tuple[str, int]]:
        """The files and batches from which lineage knows rows of the units."""
        known = self._mine(LINEAGE).join(units, F.col("unit_key") == F.col("_unit"), "leftsemi")
        found = known.select("file_kind", "_batch_id").distinct().collect()  # grows with batches, not with rows
        return [(row["file_kind"], row["_batch_id"]) for row in found]

    def _older_batches(self, places: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
        """For each file the batches among the places that were consumed before."""
        older: dict[str, set[int]] = {}
        for kind, batch in places:
            if batch in self.selection.consumed:
                older.setdefault(kind, set()).add(batch)
        return older

    # ── what is there ──────────────────────────────────────────────────────────────────────────────────────────────

    def _table_rows(self) -> DataFrame:
        return self.lake.read(self.canonical.table).where(F.col("source_system") == self.source.name)

    def _mine(self, table: Table) -> DataFrame:
        return self.lake.read(table).where(F.expr(f"source_system = '{self.source.name}' AND feed = '{self.name}'"))

    # ── what to write ──────────────────────────────────────────────────────────────────────────────────────────────

    def _grown(self, fresh: DataFrame, bronze: Bronze, units: DataFrame) -> UnitResult:
        """What the new rows of the units make of histories that they are later than."""
        mine = checkpointed(self._table_rows().join(units, F.col("_unit_key") == F.col("_unit"), "leftsemi"))
        rows = append_history.with_known(fresh.join(units, "_unit", "leftsemi"), mine)
        judged = persisted(derive.judged_rows(rows, self.source, self.name, self.criteria.discards))
        accepted = derive.accepted_rows(judged, self.source, self.name)
        outcomes = outcome_rows(judged, self.feed.file, is_history=True)
        own = {self.feed.file: bronze[self.feed.file]}
        return UnitResult(judged, own, outcomes, accepted.unionByName(append_history.prolonged(mine, judged)), mine)

    def _derived(self, bronze: Bronze, units: DataFrame | None, *, are_known: bool = True) -> UnitResult:
        """What all rows of the units say of them; of all there are where `units` is None. Of units that nobody heard of
        there is nothing to look for, and the table need not be read."""
        found = self._evaluate(bronze)
        judged = persisted(self._judged(found.rows, units))
        outcomes = outcome_rows(judged, self.feed.file, is_history=self.canonical.is_history)
        for join in self.feed.join:
            joined = joined_outcomes(found.joined[join.file], judged, join)
            outcomes = outcomes.unionByName(outcome_rows(joined, join.file))
        table_rows, old_lineage, old_refused = self._table_rows(), self._mine(LINEAGE), self._mine(QUARANTINE)
        if units is not None:
            is_mine = F.col("_unit_key") == F.col("_unit")
            table_rows = table_rows.join(units, is_mine, "leftsemi") if are_known else table_rows.where("false")
            old_lineage, old_refused = (self._of_units(rows, units) for rows in (old_lineage, old_refused))
        accepted = derive.accepted_rows(judged, self.source, self.name)
        return UnitResult(judged, bronze, outcomes, accepted, table_rows, old_lineage, old_refused)

    def _judged(self, rows: DataFrame, units: DataFrame | None) -> DataFrame:
        """Every evaluated row of the units, or of all, with its outcome."""
        return derive.judged_rows(rows, self.source, self.name, self.criteria.discards)

    def _write(self, parts: list[UnitResult], kept: list[DataFrame]) -> FeedReport:
        """Writes the feed's own table; gives back what lineage and quarantine, which all feeds share, have to say."""
        self.lake.replace_rows(
            self.canonical.table, union(one.wanted for one in parts), union(one.present for one in parts)
        )
        rules = rules_fingerprint(self.criteria.rules)
        refused = (quarantine_rows(one.outcomes, one.bronze, self.source, self.name, rules) for one in parts)
        return FeedReport(
            [one.outcomes.withColumn("feed", F.lit(self.name)) for one in parts],
            list(refused),
            [one.old_lineage for one in parts if one.old_lineage],
            [one.old_refused for one in parts if one.old_refused],
            [*(one.judged for one in parts), *kept],
        )

    def _of_units(self, rows: DataFrame, units: DataFrame) -> DataFrame:
        """Rows of lineage or quarantine that speak of the units; look-ups are accounted for whole."""
        lookups = [join.file for join in self.feed.join if join.role == "lookup"]
        is_lookup = F.col("file_kind").isin(*lookups) if lookups else F.lit(False)
        mine = F.col("unit_key") == F.col("_unit")
        return rows.where(~is_lookup).join(units, mine, "leftsemi").unionByName(rows.where(is_lookup))
