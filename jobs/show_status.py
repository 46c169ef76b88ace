"""The state of a lake as people read it."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from lakehouse.status import Status


def show_status(console: Console, status: Status) -> None:
    """Prints the state of a lake, a table for each subject that has something to say."""
    published = status.publication
    if published is None:
        console.print(f"{escape(status.lake)}: nothing is published yet", highlight=False)
    else:
        when = f"{published.published_at:%Y-%m-%d %H:%M} UTC, as of {published.as_of}"
        console.print(
            f"{escape(status.lake)}: publication [bold green]{published.publication}[/] ({published.kind}) of {when}",
            highlight=False,
        )
    _show(
        console, "Tables", ("table", "rows", "version"),
        [(table.name, f"{table.rows:,}", str(table.version)) for table in status.tables],
    )  # fmt: skip
    _show(
        console, "Last runs", ("run", "stage", "status", "started (UTC)", "seconds", "read", "written", "quarantined"),
        [
            (
                run.run_id, run.stage, run.status, f"{run.started_at:%Y-%m-%d %H:%M:%S}", f"{run.seconds:,.1f}",
                f"{run.rows_read:,}", f"{run.rows_written:,}", f"{run.rows_quarantined:,}",
            )
            for run in status.runs
        ],
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


_NUMBERS = {"rows", "version", "seconds", "read", "written", "quarantined", "files", "batch"}


def _show(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    grid = Grid(title=title, title_justify="left")
    for name in columns:
        grid.add_column(name, justify="right" if name in _NUMBERS else "left")
    for row in rows:
        grid.add_row(*map(escape, row))
    console.print(grid)
