"""The command that holds a publication against what was noted of it."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.cli.options import FAILED, LakeOption, add, settings_for
from lakehouse.terminal import Terminal


def verify(
    deep: Annotated[bool, typer.Option("--deep", help="Read every data file, and compare its SHA-256.")] = False,
    publication: Annotated[int | None, typer.Option(help="This older publication.", show_default=False)] = None,
    lake: LakeOption = None,
) -> None:
    """Check that the tables are still what was published. Exit code 1 where one is damaged."""
    root = settings_for(lake).lake.resolve()
    from lakehouse.published.publications import chosen, newest
    from lakehouse.published.verify import verify as verified

    found = verified(root, newest(root) if publication is None else chosen(root, publication), deep=deep)
    console = Terminal(highlight=False)
    for one in found.damaged:
        console.print(str(one), style="red", soft_wrap=True)
    told = f"publication {found.publication}: {found.tables:,} tables, {found.files:,} data files"
    console.print(f"{told}; {len(found.damaged):,} damaged")
    if deep:
        console.print(f"{found.hashed:,} files read, {found.without_hash:,} without a hash to compare")
    if found.damaged:
        raise typer.Exit(FAILED)


def register(app: typer.Typer) -> None:
    add(app, verify)
