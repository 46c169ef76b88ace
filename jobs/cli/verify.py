"""The command that holds a publication against what was noted of it, or against a rebuild of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.options import FAILED, EngineOption, LakeOption, MasterOption, add, settings_for
from lakehouse.published import Publication
from lakehouse.settings import Settings
from lakehouse.terminal import Terminal


def verify(
    deep: Annotated[bool, typer.Option("--deep", help="Read every data file, and compare its SHA-256.")] = False,
    publication: Annotated[int | None, typer.Option(help="This older publication.", show_default=False)] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Work it out again from bronze, by the other engine, and compare.")
    ] = False,
    scratch: Annotated[
        Path | None,
        typer.Option(help="Where the rebuild has room; else where temporary files lie.", show_default=False),
    ] = None,
    lake: LakeOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
) -> None:
    """Check that the tables are still what was published. Exit code 1 where one is damaged, or a rebuild differs."""
    settings = settings_for(lake, master=master, engine=engine)
    root = settings.lake.resolve()
    from lakehouse.published.publications import chosen, newest
    from lakehouse.published.verify import verify as verified

    meant = newest(root) if publication is None else chosen(root, publication)
    found = verified(root, meant, deep=deep)
    console = Terminal(highlight=False)
    for one in found.damaged:
        console.print(str(one), style="red", soft_wrap=True)
    told = f"publication {found.publication}: {found.tables:,} tables, {found.files:,} data files"
    console.print(f"{told}; {len(found.damaged):,} damaged")
    if deep:
        console.print(f"{found.hashed:,} files read, {found.without_hash:,} without a hash to compare")
    if found.hashes_are_gone:
        advice = "put it back from a backup; `lakehouse run --full` keeps new ones of silver and gold"
        console.print(f"ops.data_files, which had all hashes, is gone: {advice}", style="red", soft_wrap=True)
    if (
        found.damaged
        or found.hashes_are_gone
        or (rebuild and not _is_proven(settings, meant, scratch, console, named=engine not in (None, "auto")))
    ):
        raise typer.Exit(FAILED)


def _is_proven(
    settings: Settings, publication: Publication, scratch: Path | None, console: Terminal, *, named: bool
) -> bool:
    """Works the publication out again, by the engine that is named or by the other one, and says what came of it."""
    from jobs.wiring import rebuilt
    from lakehouse.pipeline.either_engine import the_other

    by = settings if named else settings.model_copy(update={"engine": the_other(settings)})
    with tempfile.TemporaryDirectory(prefix="lakehouse-rebuilt-", dir=scratch) as folder:
        proof = rebuilt(by, publication, Path(folder))
    for name in proof.missing:
        console.print(f"{name}: only one of the two has it", style="red", soft_wrap=True)
    for one in proof.differing:
        console.print(
            f"{one.table}: {one.only_one:,} rows only in what is published, {one.only_other:,} only in the rebuild"
            + (f"; {', '.join(one.columns)} differ" if one.columns else ""),
            style="red",
            soft_wrap=True,
        )
    rows = sum(proof.rows.values())
    same = len(proof.rows) - len(proof.differing)
    console.print(
        f"rebuilt by {proof.engine.capitalize()}: {same:,} of {len(proof.rows):,} tables the same, {rows:,} rows",
        soft_wrap=True,
    )
    if proof.not_compared:
        console.print(f"not rebuilt, since models are part of them: {', '.join(proof.not_compared)}", soft_wrap=True)
    return proof.holds


def register(app: typer.Typer) -> None:
    add(app, verify)
