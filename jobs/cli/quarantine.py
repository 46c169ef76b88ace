"""Commands about the quarantine: look at its rows, export them, decide about them, replay them."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as Grid

from jobs.cli.options import AsOfOption, JsonOption, LakeOption, LandingOption, MasterOption, add, settings_for
from jobs.cli.render import json_text
from jobs.cli.show_quarantine import masks, show_counts, show_one
from lakehouse.quarantine.selection import Chosen
from lakehouse.settings import ConfigurationError
from lakehouse.tables.reasons import RowStatus
from lakehouse.terminal import Terminal, cells, put

if TYPE_CHECKING:
    from lakehouse.quarantine.decisions import Decision


class Shown(StrEnum):
    OPEN = RowStatus.OPEN
    REPLAYED = RowStatus.REPLAYED
    DISCARDED = RowStatus.DISCARDED
    ALL = "all"


Source = Annotated[str | None, typer.Option("--source", help="Only rows of this source.", show_default=False)]
Feed = Annotated[str | None, typer.Option("--feed", help="Only rows of this feed.", show_default=False)]
Reason = Annotated[
    str | None,
    typer.Option("--reason", help="Only this code: unparsable:quantity, or all unparsable.", show_default=False),
]
File = Annotated[
    str | None, typer.Option("--file", help="Only rows of this file, below landing/<source>.", show_default=False)
]
Status = Annotated[Shown, typer.Option("--status", help="Only rows in this state.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many rows.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Names of rows, or their beginnings.", show_default=False)]
Why = Annotated[str, typer.Option("--why", help="The reason, for those who ask later.")]


def list_rows(
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    file: File = None,
    status: Status = Shown.OPEN,
    limit: Limit = 50,
    as_json: JsonOption = False,
    lake: LakeOption = None,
) -> None:
    """List rows in quarantine: where each came from, and why it is there."""
    from lakehouse.published import open_published
    from lakehouse.quarantine import reading

    chosen = Chosen((), source, feed, reason, file, None if status is Shown.ALL else status.value)
    with open_published(settings_for(lake).lake) as published:
        found = list(reading.rows(published, chosen, limit))
        if as_json:
            mask = masks()
            put(json_text([dataclasses.asdict(one) | {"sent": mask(one)} for one in found]))
            return
        show_counts(Terminal(), reading.counts(published, chosen), found)


def show(
    name: Annotated[str, typer.Argument(help="Name of the row, as `list` gives it, or its beginning.")],
    lake: LakeOption = None,
) -> None:
    """Show one row, as sent, with what its reasons mean, what was decided, and what became of it."""
    from lakehouse.published import open_published
    from lakehouse.quarantine import reading

    with open_published(settings_for(lake).lake) as published:
        present = list(reading.rows(published, Chosen((name,)), 2))
        past = list(reading.events(published, Chosen((name,))))
        names = {one.id for one in present} | {one.id for one in past}
        if len(names) != 1:
            problem = "several rows are" if names else "no row is or was in quarantine that is"
            raise ConfigurationError(f"{problem} called {name}…: `lakehouse quarantine list` shows their names")
        [whole] = names
        sent = masks()(present[0] if present else past[0], None if present else reading.sent_row(published, past[0]))
        show_one(Terminal(), present[0] if present else None, past, reading.decisions(published, whole), sent)


def export(
    file: Annotated[Path, typer.Argument(help="A new file; .jsonl for JSON lines, else CSV.")],
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    from_file: File = None,
    status: Status = Shown.OPEN,
    lake: LakeOption = None,
) -> None:
    """Write rows as sent, unmasked, into a file that only you can read: to mend them, or to have them mended."""
    from lakehouse.published import open_published
    from lakehouse.quarantine.export import export as write
    from lakehouse.sources.load import sound_sources

    chosen = Chosen((), source, feed, reason, from_file, None if status is Shown.ALL else status.value)
    known = [one for one in sound_sources()[0] if source in (None, one.name)]
    columns = [name for one in known for kind in one.files.values() for name in kind.columns]
    with open_published(settings_for(lake).lake) as published:
        count = write(published, chosen, file, list(dict.fromkeys(columns)))
    rows = "1 row" if count == 1 else f"{count:,} rows"
    Terminal(stderr=True).print(f"{file}: {rows}, with personal data: readable by you alone", highlight=False)


def history(
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    file: File = None,
    limit: Limit = 50,
    as_json: JsonOption = False,
    lake: LakeOption = None,
) -> None:
    """List rows that were in quarantine: why, when they left, in which run, and what became of them."""
    from lakehouse.published import open_published
    from lakehouse.quarantine import reading

    with open_published(settings_for(lake).lake) as published:
        found = list(reading.events(published, Chosen((), source, feed, reason, file), limit))
    if as_json:
        put(json_text([dataclasses.asdict(one) for one in found]))
        return
    grid = Grid("row", "source", "feed", "file", "place", "had", "became", "publication", "run")
    for one in found:
        place = (one.id, one.source, one.feed, one.file, f"{one.row:,}", " ".join(one.reasons))
        grid.add_row(*cells(*place, one.outcome, one.publication, one.run_id))
    Terminal().print(grid if found else "no row has left quarantine yet")


def replay(
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    file: File = None,
    lake: LakeOption = None,
    landing: LandingOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
) -> None:
    """After a fix: run the sources of these open rows again, and say what became of each."""
    settings = settings_for(lake, landing, master, as_of)
    from jobs.wiring import pipeline
    from lakehouse.pipeline.replay import replay as run

    found = run(pipeline, settings, Chosen((), source, feed, reason, file, RowStatus.OPEN))
    found.show(Terminal())
    if found.outcome.exit_code:
        raise typer.Exit(found.outcome.exit_code)


def discard(
    names: Ids = None,
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    file: File = None,
    why: Why = "",
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Decide that open rows never come in, whatever becomes of the rules."""
    _decide("discard", Chosen(tuple(names or ()), source, feed, reason, file), why, lake, master)


def reopen(
    names: Ids = None,
    source: Source = None,
    feed: Feed = None,
    reason: Reason = None,
    file: File = None,
    why: Why = "",
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Take a decision back: discarded rows wait again, and come in where nothing is wrong with them."""
    _decide("reopen", Chosen(tuple(names or ()), source, feed, reason, file), why, lake, master)


def _decide(decision: Decision, chosen: Chosen, why: str, lake: Path | None, master: str | None) -> None:
    if chosen == Chosen():
        raise ConfigurationError("say which rows: by name, or by --source, --feed, --reason or --file")
    settings = settings_for(lake, master=master)
    from lakehouse.pipeline.decisions import decide_quarantined

    count = decide_quarantined(settings, chosen, decision, why)
    rows = "1 row" if count == 1 else f"{count:,} rows"
    Terminal().print(f"{decision}: {rows}. `lakehouse run` acts on it", highlight=False)


def register(quarantine: typer.Typer) -> None:
    add(quarantine, list_rows, "list")
    for command in (show, export, history, replay, discard, reopen):
        add(quarantine, command)
