"""Tries the declaration of a source on the first rows of its files, without a lake."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from jobs.trial.files import copied, deliveries
from jobs.trial.joins import Deliveries
from jobs.trial.outcome import FeedTrial, KindTrial
from jobs.trial.plainly import names_in, try_plainly
from jobs.trial.show import show_choices, show_feed, show_files, show_kind, show_told_once
from jobs.trial.told_once import told_once
from lakehouse.delta.arrow_alone import keep_pandas_out
from lakehouse.settings import ConfigurationError, Settings, conf_dir
from lakehouse.sources.load import load_source
from lakehouse.sources.model import Source
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.tables.fields import FIELDS
from lakehouse.terminal import marked

WITHOUT_SPARK = "worked out without Spark; --spark asks the rules of rows too"
Trials = tuple[list[FeedTrial], list[KindTrial]]


def try_source(
    settings: Settings, name: str, rows: int, console: Console, *, with_spark: bool = False, masked: bool = True
) -> bool:
    """Shows what the first rows of each feed become. Returns whether a run would take every file and every row.

    Raises ConfigurationError where the declaration is wrong or there is no file to try.
    """
    declaration = conf_dir() / "sources" / f"{name}.toml"
    choices = declaration.read_text(encoding="utf-8", errors="replace").splitlines() if declaration.is_file() else []
    try:
        source = load_source(name)
    except ConfigurationError:
        show_choices(console, choices)
        raise
    keep_pandas_out()
    with TemporaryDirectory(prefix="lakehouse-try-") as folder:
        landing = Path(folder) / "landing"
        files = copied(source, settings.landing / name, landing / name, rows)
        if not files.counts and not files.not_taken:
            raise ConfigurationError(f"there is no file below {settings.landing / name}: name the folder by --landing")
        aside = settings.model_copy(update={"lake": Path(folder) / "lake", "landing": landing})
        found = deliveries(files, source)
        once = told_once(source, found)
        (trials, kinds), way = _tried(aside, source, found, with_spark=with_spark)
    show_files(console, files)
    from lakehouse.sources.mapping.advice import advice

    for line in advice(source):
        console.print(marked("[yellow]better not[/] {}", line), highlight=False)
    if once:
        show_told_once(console, *once)
    for kind in kinds:
        show_kind(console, kind, _shown(source, kind.name, is_masked=masked), is_masked=masked)
    for trial in trials:
        show_feed(console, trial, hidden_columns(source, trial.name) if masked else set())
    console.print()
    console.print(way, style="dim")
    show_choices(console, choices)
    return not files.not_taken and not any(kind.untaken for kind in kinds)


def _tried(settings: Settings, source: Source, found: Deliveries, *, with_spark: bool) -> tuple[Trials, str]:
    """What became of the rows, and how it was worked out."""
    why = "as asked"
    if not with_spark:
        try:
            return try_plainly(source, found), WITHOUT_SPARK
        except Unsupported as reason:
            why = f"for {reason}"
    from jobs.trial.with_spark import try_with_spark
    from lakehouse.engine.choose import chosen

    engine = chosen(settings.engine, settings.spark.master).capitalize()
    return try_with_spark(settings, source), f"worked out by {engine}, {why}"


def _shown(source: Source, kind: str, *, is_masked: bool) -> Collection[str]:
    """Columns of a kind of file whose values are shown in rows that no feed takes."""
    from lakehouse.quarantine.masking import shown_columns

    return shown_columns(source)[kind] if is_masked else source.files[kind].columns


def hidden_columns(source: Source, feed_name: str) -> set[str]:
    """Canonical columns that are made of columns which may identify a person."""
    from lakehouse.quarantine.masking import shown_columns
    from lakehouse.sources.plain.sql import parsed

    shown = {name.casefold() for name in shown_columns(source)[source.feeds[feed_name].file]}
    own = {name.casefold() for name in source.files[source.feeds[feed_name].file].columns}
    hidden = set()
    for column, sql in source.feeds[feed_name].columns.items():
        try:
            named = {name.casefold() for name in parsed(sql).columns}
        except Unsupported:
            named = set(names_in(sql))
        if FIELDS[column].personal or named & own - shown:
            hidden.add(column)
    return hidden
