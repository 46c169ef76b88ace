"""Commands that set things up: setup, doctor, and the declarations of sources."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.options import (
    FAILED,
    WRONG_USAGE,
    CommandFailed,
    LakeOption,
    LandingOption,
    MasterOption,
    add,
    settings_for,
)
from lakehouse.terminal import Terminal, marked

NameArgument = Annotated[str, typer.Argument(help="Name of the source: lower case letters, digits, underscores.")]


def setup() -> None:
    """Get Delta's JARs once, checked against their sums; everything starts offline from then on."""
    from lakehouse.engine.spark.jars import fetch_jars

    for path in fetch_jars():
        Terminal().print(marked("[green]ok[/] {}", path), highlight=False, soft_wrap=True)


def doctor(lake: LakeOption = None) -> None:
    """Check Java, JARs, disk, ports and versions, and say what to do about what is amiss."""
    from jobs.cli.doctor import all_well, examine

    console = Terminal(highlight=False)
    settings = settings_for(lake)
    found = examine(settings.lake, settings.landing)
    amiss = {True: marked("[yellow]note[/]"), False: marked("[red]bad [/]")}
    for check in found:
        word = marked("[green]ok  [/]") if check.ok else amiss[check.may_be_bad]
        console.print(word, f"{check.name}: {check.found}", soft_wrap=True)
        if not check.ok and check.advice:
            console.print(f"     {check.advice}", soft_wrap=True)
    if not all_well(found):
        raise typer.Exit(FAILED)


def new_source(
    name: NameArgument,
    landing: LandingOption = None,
    like: Annotated[
        str | None,
        typer.Option("--from", help="A shipped source, as shopify, whatever the files look like.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a declaration that is there.")] = False,
) -> None:
    """Draft conf/sources/NAME.toml from the files that lie in landing/NAME."""
    from lakehouse.settings import conf_dir
    from lakehouse.sources.drafting.draft import draft_source
    from lakehouse.sources.drafting.toml import asked

    target: Path = conf_dir() / "sources" / f"{name}.toml"
    if target.exists() and not force:
        raise CommandFailed(f"{target} is there already: --force writes over it", WRONG_USAGE)
    text = draft_source(name, settings_for(None, landing).landing, like, _first_sheet)
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    console = Terminal(highlight=False)
    console.print(f"wrote {target}", soft_wrap=True)
    if choices := len(asked(text.splitlines())):
        lines = "1 line begins" if choices == 1 else f"{choices} lines begin"
        console.print(f"{lines} with `# choose:`: settle that first", soft_wrap=True)
    where = f" --landing {shlex.quote(str(landing))}" if landing else ""
    console.print(f"then try it: lakehouse source check {name}{where}", soft_wrap=True)


def _first_sheet(path: Path) -> Iterator[Sequence[str | None]]:
    from lakehouse.bronze.files import RefusedError
    from lakehouse.bronze.formats.workbook import damage_named, rows_of_sheet

    try:
        with path.open("rb") as file, damage_named():
            yield from rows_of_sheet(file, 1, looks_through=False)
    except RefusedError as refused:
        raise ValueError(str(refused)) from refused


def check_source(
    name: NameArgument,
    landing: LandingOption = None,
    master: MasterOption = None,
    rows: Annotated[int, typer.Option(min=1, help="How many rows of each file to try.")] = 1000,
    spark: Annotated[
        bool, typer.Option("--spark", help="With the engine of runs, and with the rules of rows.")
    ] = False,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Show what may identify a person.")] = False,
) -> None:
    """Try the declaration of a source on the first rows of its files: what each column holds, and what is not read."""
    settings = settings_for(None, landing, master)
    from jobs.trial.source import try_source

    console = Terminal(highlight=False)
    if not try_source(settings, name, rows, console, with_spark=spark, masked=not unmasked):
        raise typer.Exit(FAILED)


def register(app: typer.Typer, sources: typer.Typer) -> None:
    add(app, setup)
    add(app, doctor)
    add(sources, new_source, "new")
    add(sources, check_source, "check")
