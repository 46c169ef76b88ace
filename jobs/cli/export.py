"""The command `export`: what is published as files, or as a schema of PostgreSQL. Without Spark."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.cli.options import WRONG_USAGE, CommandFailed, LakeOption, add, settings_for
from lakehouse.terminal import Terminal

if TYPE_CHECKING:
    from lakehouse.published import PublishedLake


class FileFormat(StrEnum):
    """As lakehouse.export.Format, which takes a while to import."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


def export(
    table: Annotated[str | None, typer.Argument(help="One table or view: gold.fact_sales.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every table and view of gold.")] = False,
    output: Annotated[FileFormat, typer.Option("--format", help="Kind of file.")] = FileFormat.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files.", show_default=False)] = None,
    postgres: Annotated[
        str | None,
        typer.Option(help="Instead of files: a server, as postgresql://user@host/database.", show_default=False),
    ] = None,
    schema: Annotated[str, typer.Option(help="Schema in PostgreSQL, replaced as a whole.")] = "gold",
    publication: Annotated[int | None, typer.Option(help="This older publication.", show_default=False)] = None,
    with_personal: Annotated[bool, typer.Option("--with-personal", help="Do not mask personal columns.")] = False,
    lake: LakeOption = None,
) -> None:
    """Export what is published: as files (TABLE or --all), or as a star schema in PostgreSQL (--postgres)."""
    if [table is not None, everything, postgres is not None].count(True) != 1:
        raise CommandFailed("say what to export: one TABLE, --all, or --postgres with an address", WRONG_USAGE)
    if (out is None) == (postgres is None):
        raise CommandFailed("files need --out with a folder; --postgres takes none", WRONG_USAGE)
    from lakehouse.published import open_published

    with open_published(settings_for(lake).lake, publication) as published:
        if postgres is not None:
            _to_postgres(published, postgres, schema, with_personal)
        elif out is not None:
            _to_files(published, table, output, out, with_personal)


def _to_files(lake: PublishedLake, table: str | None, output: FileFormat, out: Path, with_personal: bool) -> None:
    from lakehouse.export import Format, all_of_gold, export_files, subject

    if table is None:
        subjects = all_of_gold(lake, with_personal=with_personal)
    else:
        subjects = [subject(lake, table, with_personal=with_personal)]
    console = Terminal(highlight=False)
    for one in export_files(subjects, Format(output), out):
        console.print(f"{one.path}: {one.rows:,} rows, {one.bytes:,} bytes", soft_wrap=True)
    masked = sorted({name for one in subjects for name in one.masked})
    if masked:
        console.print(f"masked: {', '.join(masked)} (--with-personal exports them)", style="dim", soft_wrap=True)


def _to_postgres(lake: PublishedLake, address: str, schema: str, with_personal: bool) -> None:
    from lakehouse.export.postgres import export_postgres

    console = Terminal(highlight=False)
    done = export_postgres(
        lake,
        address,
        schema,
        with_personal=with_personal,
        tell=lambda text: console.print(text, style="dim", soft_wrap=True),
    )
    console.print(done.sentence(), soft_wrap=True)


def register(app: typer.Typer) -> None:
    add(app, export)
