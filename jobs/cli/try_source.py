"""Tries the declaration of a source on the first rows of its files, in a lake that is thrown away afterwards."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark.sql import functions as F
from rich.console import Console
from rich.markup import escape

from jobs.cli.render import show_table
from jobs.wiring import PARTS
from lakehouse.bronze.discover import kind_of, scan
from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.heads import copy_head
from lakehouse.pipeline.open import open_run
from lakehouse.pipeline.run import Run
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.load import load_source
from lakehouse.sources.mapping.advice import advice
from lakehouse.sources.model import Source
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.model import Table
from lakehouse.tables.silver import QUARANTINE

FILES_OF_A_KIND = 3
SHOWN_ROWS = 5


def try_source(settings: Settings, name: str, rows: int, console: Console) -> bool:
    """Shows what the first rows of each feed become. Returns whether every file could be loaded.

    Raises ConfigurationError where the declaration is wrong or there is no file to try.
    """
    source = load_source(name)
    with TemporaryDirectory(prefix="lakehouse-try-") as folder:
        landing = Path(folder) / "landing"
        if not _copy_heads(source, settings.landing / name, landing / name, rows):
            raise ConfigurationError(f"there is no file below {settings.landing / name}: name the folder by --landing")
        aside = settings.model_copy(update={"lake": Path(folder) / "lake", "landing": landing})
        with open_run(aside, PARTS, [name]) as run:
            run.ingest()
            run.silver(run.select())
            _show(run, source, console)
            return all(not report.rejected for report in run.reports)


def _copy_heads(source: Source, folder: Path, target: Path, rows: int) -> int:
    """Copies the heads of the first files of each kind; returns how many."""
    taken: Counter[str] = Counter()
    for found in scan(folder):
        label, kind = _kind(found.path, source)
        taken[label] += 1
        if taken[label] <= FILES_OF_A_KIND:
            copy_head(folder / found.path, target / found.path, rows, kind)
    return taken.total()


def _kind(path: str, source: Source) -> tuple[str, FileKind | None]:
    try:
        name = kind_of(path, source)
    except RefusedError:
        return "", None
    return name, source.files[name]


def _show(run: Run, source: Source, console: Console) -> None:
    for report in run.reports:
        for kind, rows in report.rows.items():
            console.print(f"[bold]{kind}[/]: {rows:,} rows read", highlight=False)
    for line in advice(source):
        console.print(f"[yellow]better not[/] {escape(line)}", highlight=False)
    for name in source.feeds:
        _show_feed(run, name, FEEDS[name].table, console)


def _show_feed(run: Run, name: str, table: Table, console: Console) -> None:
    accepted = run.lake.read(table)
    console.print(f"\n[bold]{name}[/]: {accepted.count():,} rows accepted", highlight=False)
    columns = table.business_columns
    # As text: Python has no instant before the year 1, which a zone west of UTC makes of the first valid_from.
    as_text = (F.col(column).cast("string").alias(column) for column in columns)
    rows = [tuple(row) for row in accepted.select(*as_text).limit(SHOWN_ROWS).collect()]
    show_table(console, columns, [table.column(column).type for column in columns], rows)
    reasons = (
        run.lake.read(QUARANTINE)
        .where(F.col("feed") == name)
        .select(F.explode("reasons").alias("reason"))
        .groupBy("reason")
        .count()
        .orderBy(F.desc("count"), "reason")
    )
    for reason, count in ((row[0], row[1]) for row in reasons.collect()):
        console.print(f"[yellow]quarantined[/] {escape(reason)}: {count:,} rows", highlight=False)
