"""The state of a lake as people read it."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from lakehouse.published.status import StageRun, Status
from lakehouse.terminal import cells, marked


def show_status(console: Console, status: Status) -> None:
    """Prints the state of a lake, a table for each subject that has something to say."""
    published = status.publication
    if published is None:
        console.print(f"{status.lake}: nothing is published yet", highlight=False)
    else:
        when = f"{published.published_at:%Y-%m-%d %H:%M} UTC, as of {published.as_of}"
        number = marked("[bold green]{}[/]", published.publication)
        console.print(f"{status.lake}: publication", number, f"({published.kind}) of {when}", highlight=False)
    for damage in status.damaged:
        console.print(marked("[bold red]damaged:[/] {}", damage), highlight=False, soft_wrap=True)
    _show(
        console, "Tables", ("table", "rows", "version"),
        [(table.name, f"{table.rows:,}", str(table.version)) for table in status.tables],
    )  # fmt: skip
    _show(
        console, "Last runs, named by when they started (UTC)", ("run", "stage", "status", "seconds", "rows of it"),
        [(run.run_id, run.stage, run.status, f"{run.seconds:,.1f}", _rows_of(run)) for run in status.runs],
    )  # fmt: skip
    _show(
        console, "Quarantine, open rows", ("source", "feed", "reason", "rows"),
        [(one.source, one.feed, one.reason, f"{one.rows:,}") for one in status.quarantine],
    )  # fmt: skip
    _show(
        console, "Batches that are not published", ("batch", "source", "files", "rows", "status", "why"),
        [
            (str(one.number), one.source, f"{one.files:,}", f"{one.rows:,}", one.status, one.why)
            for one in status.batches
        ],
    )  # fmt: skip
    _show(
        console, "Sources that runs leave out until they are mended", ("source", "what is wrong"),
        [(one.name, " ".join(one.problem.split())) for one in status.broken_sources],
    )  # fmt: skip


def _rows_of(run: StageRun) -> str:
    counts = {"read": run.rows_read, "written": run.rows_written, "quarantined": run.rows_quarantined}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


_NUMBERS = {"rows", "version", "seconds", "files", "batch"}
_WHOLE = {"run", "table"}
"""What people copy, so it is not broken over lines."""


def _show(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    grid = Grid(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in columns:
        grid.add_column(name, justify="right" if name in _NUMBERS else "left", no_wrap=name in _NUMBERS | _WHOLE)
    for row in rows:
        grid.add_row(*cells(*row))
    console.print(grid)
