"""The command that writes the executive report. Without Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.options import LakeOption, add, settings_for
from lakehouse.terminal import Terminal, put


def report(
    lake: LakeOption = None,
    publication: Annotated[
        int | None, typer.Option(help="Of this publication; else of the newest.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the files; else reports/executive of the lake.", show_default=False),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Of this source alone; else of all.", show_default=False)
    ] = None,
) -> None:
    """Write the executive report: Markdown, text, one file of HTML, and its pictures."""
    settings = settings_for(lake)
    from dashboard.report.write import write_report

    written = write_report(settings.lake, publication, out, source)
    if written.remark:
        Terminal(stderr=True, highlight=False).print(written.remark, soft_wrap=True)
    for path in written.files:
        put(str(path))


def register(app: typer.Typer) -> None:
    add(app, report)
