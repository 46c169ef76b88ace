"""Commands about quality: the report, Data Docs, verdicts, waivers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table as Grid

from jobs.cli.options import CommandFailed, LakeOption, MasterOption, add, settings_for
from lakehouse.terminal import Terminal, cells, put

LOOPBACK = "127.0.0.1"


def docs(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8765,
    serve: Annotated[bool, typer.Option(help="Only build the pages, and say where they are.")] = True,
    lake: LakeOption = None,
) -> None:
    """Build the pages of Great Expectations about every run, and show them on this machine alone."""
    settings = settings_for(lake)
    from quality.gx.docs import build_docs

    index = build_docs(settings.lake.resolve())
    if not serve:
        put(str(index))
        return
    from quality.report.serve import serving

    with serving(index.parents[1], LOOPBACK, port) as server:
        place = f"http://{LOOPBACK}:{server.server_address[1]}/{index.parent.name}/index.html"
        Terminal(stderr=True).print(f"{place}  (Ctrl-C ends)", highlight=False)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def report(lake: LakeOption = None) -> None:
    """Say where the newest quality report is."""
    settings = settings_for(lake)
    from quality.report.folders import reports_folder
    from quality.report.write import LATEST

    page = reports_folder(settings.lake.resolve()) / LATEST
    if not page.is_file():
        raise CommandFailed("no run has been judged yet: `lakehouse run` writes a report")
    put(str(page))


def waive(
    rule: Annotated[str, typer.Argument(help="As the refusal names it, such as gold.fact_sales.unique_key.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds.")],
    why: Annotated[str, typer.Option(help="The reason, for those who read the figures.")],
    source: Annotated[str | None, typer.Option(help="Only what fails of this source.", show_default=False)] = None,
    key: Annotated[
        str | None,
        typer.Option(help="Only this key, as the refusal shows it, such as 'shop, O2, 1'.", show_default=False),
    ] = None,
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Let a publication pass although a rule fails: for a reason, and for a time that ends."""
    settings = settings_for(lake, master=master)
    from jobs.wiring import waive_rule

    waived = waive_rule(settings, rule, until.date(), why, source=source, key=key)
    Terminal().print(f"{waived} is waived until {until:%Y-%m-%d}. `lakehouse run` acts on it", highlight=False)


def waivers(lake: LakeOption = None) -> None:
    """List the waivers, with those that have expired."""
    settings = settings_for(lake)
    from quality.waivers import waivers as all_waivers

    grid = Grid("rule", "source", "key", "until", "why", "decided")
    found = all_waivers(settings.lake.resolve())
    for one in found:
        subject = (one.of.rule, one.of.source or "all", one.of.key or "all")
        grid.add_row(*cells(*subject, one.expires_on, one.why, f"{one.decided_at:%Y-%m-%d %H:%M}"))
    Terminal().print(grid if found else "nothing is waived")


def register(quality: typer.Typer) -> None:
    for command in (docs, report, waive, waivers):
        add(quality, command)
