"""Read, append, replace, restore: the only writer of Delta."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from lakehouse.engine.choose import engine_of
from lakehouse.engine.model import Engine
from lakehouse.frames import persisted, released, same_values
from lakehouse.lake import arrow_ddl, arrow_writer, order
from lakehouse.lake.catalog import Catalog
from lakehouse.lake.changes import MOST_HERE, Changes, as_frame, base_version
from lakehouse.lake.difference import difference
from lakehouse.lake.keeper import Keeper, keeper_of
from lakehouse.lake.memo import Memo
from lakehouse.lake.retype import was_retyped
from lakehouse.lake.writer import Writer
from lakehouse.sources.mapping.sent_names import as_sent
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table

RowsBehind = Callable[["Lake", Table], int]
"""About how many rows a table is made of, before it is written."""


def own_rows(lake: Lake, table: Table) -> int:
    """Those that the table has: a table that is new counts as small."""
    return lake.count(table)


class Lake(Catalog):
    """A handle on the tables below one folder, for one run."""

    def __init__(
        self,
        spark: SparkSession,
        root: Path,
        *,
        run_id: str,
        as_of: date,
        rebuild: bool = False,
        rows_behind: RowsBehind = own_rows,
    ) -> None:
        """`rows_behind`: where the engine commits to tables itself, this process still writes those of few rows."""
        super().__init__(root)
        self.spark = spark
        self._rows_behind = rows_behind
        self.run_id = run_id
        self.as_of = as_of
        self.rebuild = rebuild
        self.memo = Memo()
        """What several steps of the run ask for."""

    @cached_property
    def engine(self) -> Engine:
        """What runs its frames."""
        return engine_of(self.spark)

    @cached_property
    def _keeper(self) -> Keeper:
        return keeper_of(self.engine)

    @property
    def is_on_one_machine(self) -> bool:
        """True where the engine has no executors but this machine."""
        return self.engine.is_on_one_machine

    @property
    def as_of_moved(self) -> bool:
        """True where the newest publication was made as of another day."""
        return self.publication is not None and self.publication.as_of != self.as_of

    # ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, table: Table) -> DataFrame:
        """The working head; an empty frame of the declared schema where the table does not exist."""
        if not self.exists(table):
            return self.spark.createDataFrame([], ", ".join(f"`{c.name}` {c.type}" for c in table.columns))
        return self.read_version(table)

    def read_bronze(self, source: Source, kind: str) -> DataFrame:
        """The rows of a kind of file, their columns under the names that the source declares."""
        return as_sent(self.read(source.table(kind)), source.files[kind])

    def read_published(self, table: Table) -> DataFrame:
        """The table as readers see it now; empty where it was never published."""
        version = self.published_version(table)
        return self.read(table).limit(0) if version is None else self.read_version(table, version)

    def read_version(self, table: Table, version: int | None = None) -> DataFrame:
        """The table as it was at a version; the working head where none is named. It must exist."""
        return self._keeper.rows(self.path(table), version)

    def changes(self, table: Table) -> Changes:
        """What this run has done to the table so far; all of it, where a table that changed keeps no change feed."""
        published = self.published_version(table)
        if published is None or self.rebuild:
            return Changes(everything=True, rows=None)
        base, head = self._base(table, published), self.version(table)
        if base == head:
            return Changes(everything=False, rows=None)
        if not table.change_feed or self.was_retyped(table):
            return Changes(everything=True, rows=None)
        found: Changes = self.memo(("changes", table.name, head), lambda: self._changes_since(table, base, head))
        return found

    def was_retyped(self, table: Table) -> bool:
        """Whether the published table has columns of other types than the working head."""
        return was_retyped(self.path(table), self.published_version(table), self.version(table))

    def _changes_since(self, table: Table, base: int, head: int) -> Changes:
        path = self.path(table)
        if (net := self._writer(table).net_changes(path, base, head)) is not None:
            if not net.num_rows:
                return Changes(everything=False, rows=None)
            if net.num_rows <= MOST_HERE:
                return Changes(everything=False, rows=as_frame(self.spark, path, net), arrow=net)
        return Changes(everything=False, rows=persisted(self.changed_rows(table, base)))

    def changed_rows(self, table: Table, base: int) -> DataFrame:
        """Rows inserted and deleted after version `base`, told apart by `_change_type` (insert, delete)."""
        return self._keeper.changed_rows(self.path(table), base)

    def _base(self, table: Table, published: int) -> int:
        return base_version(Path(self.path(table)), published, self.version(table))

    @contextmanager
    def rebuilding(self, anew: bool) -> Iterator[None]:
        """Within it the lake is as one whose rebuild was asked for, where `anew` says so."""
        before = self.rebuild
        self.rebuild = before or anew
        try:
            yield
        finally:
            self.rebuild = before

    def release(self) -> None:
        """Lets go of what was found out for several steps, and of the changes, which are kept."""
        for one in self.memo.found():
            rows = one.rows if isinstance(one, Changes) else one
            if isinstance(rows, DataFrame):
                released(rows)
        self.memo.clear()

    # ── writing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def ensure(self, table: Table) -> None:
        """The table exists, with the declared columns and constraints. New columns of the declaration are added, and
        rows under other types written again."""
        self.check_lease()
        make = self._keeper.bring_up_to_date if self.exists(table) else self._keeper.create
        make(self.path(table), table)

    def append(self, table: Table, rows: DataFrame) -> None:
        self.ensure(table)
        self._writer(table).append(self.path(table), table, order.noted(rows, table, self.version(table)))

    def append_batches(self, table: Table, batches: Iterator[pa.RecordBatch]) -> None:
        """Appends rows as they come, without Spark and in one commit; commits nothing where there are none.

        Where `batches` raises, that is raised and the table stays as it was. For tables without constraints.
        """
        self.check_lease()
        arrow_ddl.ensure(self.path(table), table)
        first = next(batches, None)
        if first is not None:
            arrow_writer.append_batches(self.path(table), table, chain([first], batches))

    def append_rows(
        self, table: Table, rows: Sequence[Mapping[str, Any]], transaction: tuple[str, int] | None = None
    ) -> None:
        """Appends a few rows made by the run itself. Of several appends with one `transaction`, one counts.

        Only for tables that are never restored: a transaction outlives a RESTORE.
        """
        self.ensure(table)
        made = order.noted_rows(rows, table, self.version(table))
        self.check_lease()
        arrow_writer.append_made(self.path(table), made, transaction)

    def overwrite(self, table: Table, rows: DataFrame) -> None:
        self.ensure(table)
        self._writer(table).replace(self.path(table), table, rows)

    def replace_where(self, table: Table, rows: DataFrame, condition: str) -> None:
        """Replaces the rows for which `condition` holds; `rows` must fulfil it."""
        self.ensure(table)
        self._writer(table).replace(self.path(table), table, rows, condition)

    def _writer(self, table: Table) -> Writer:
        return self._keeper.writer(self.path(table), table, lambda: self._rows_behind(self, table))

    def replace_all(self, table: Table, rows: DataFrame) -> bool:
        """Replaces all rows of the table; commits nothing where it holds them already. Returns whether it changed."""
        self.ensure(table)
        if self.is_empty(table):
            self.overwrite(table, rows)
            return True
        if not table.change_feed:
            changed = self._writer(table).replace_all(self.path(table), table, rows)
            if changed is not None:
                return changed
        return self.replace_rows(table, rows, self.read(table))

    def replace_keys(self, table: Table, rows: DataFrame, keys: DataFrame) -> bool:
        """Replaces the rows that match `keys` (a frame with some of the table's columns, null-safe) by `rows`."""
        target, keys = self.read(table), keys.distinct()
        return self.replace_rows(table, rows, target.join(keys, same_values(target, keys, keys.columns), "leftsemi"))

    def replace_rows(self, table: Table, rows: DataFrame, present: DataFrame) -> bool:
        """Replaces `present`, some of the table's own rows, by `rows`.

        Rows whose business columns stay the same are not touched, and where all stay the same nothing is committed.
        Returns whether the table changed.
        """
        self.ensure(table)
        path, writer = self.path(table), self._writer(table)
        if self.is_empty(table):
            return writer.append_any(path, table, rows)
        return writer.apply_difference(path, table, difference(table, rows.select(*table.column_names), present))

    # ── starting again ─────────────────────────────────────────────────────────────────────────────────────────────

    def start_from_published(self, tables: Sequence[Table]) -> list[str]:
        """Undoes what an unfinished or refused run left in derived tables. Returns the names of those mended.

        A table that stands at its published version is not touched: a RESTORE always commits.
        """
        mended = []
        for table in tables:
            if not self.exists(table):
                continue
            published = self.published_version(table)
            if published is None:
                if not self.is_empty(table):
                    self._keeper.empty(self.path(table))
                    mended.append(table.name)
            elif self._base(table, published) != self.version(table):
                self._keeper.restore(self.path(table), published)
                mended.append(table.name)
        return mended
