"""Commands that read a lake, without Spark: sql, status, tables, migration, batches list."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table as Grid

from jobs.cli.options import FAILED, WRONG_USAGE, CommandFailed, JsonOption, LakeOption, add, settings_for
from jobs.cli.render import csv_lines, json_lines, json_text, show_table, without_last_comma
from lakehouse.tables.column_names import name_as_sent
from lakehouse.tables.model import Column, Table, View
from lakehouse.terminal import Terminal, cells, marked, put

GIB = 2**30
_NAMED = 8
_RAISE = "raise the bounds in [sql] of conf/lakehouse.toml"


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def sql(
    text: Annotated[str, typer.Argument(help="One query, such as: select count(*) from gold.fact_sales")],
    output: Annotated[Format, typer.Option("--format", help="How to show the answer.")] = Format.TABLE,
    publication: Annotated[int | None, typer.Option(help="Read this older publication.", show_default=False)] = None,
    masked: Annotated[bool, typer.Option("--masked", help="Mask personal columns, and what is made of them.")] = False,
    lake: LakeOption = None,
) -> None:
    """Ask the published tables, in SQL. `show tables` lists what there is."""
    import duckdb

    from lakehouse.published import Limits, open_published

    settings = settings_for(lake)
    most = settings.sql
    limits = Limits(int(most.memory_gib * GIB), int(most.spill_gib * GIB), most.seconds)
    with open_published(settings.lake, publication, limits, masked=masked) as published:
        try:
            answer = published.sql(text)
            _tell_of_personal(published.personal_in(text))
            columns, kinds = answer.columns, [str(kind).upper() for kind in answer.types]
            rows = published.rows(text)
            if output is Format.TABLE:
                show_table(Terminal(), columns, kinds, rows)
                return
            lines = csv_lines(columns, rows) if output is Format.CSV else without_last_comma(json_lines(columns, rows))
            for line in lines:
                put(line)
        except duckdb.InterruptException as error:
            raise CommandFailed(f"no answer within {most.seconds:g} s: narrow the query, or {_RAISE}") from error
        except duckdb.OutOfMemoryException as error:
            used = f"{most.memory_gib:g} GiB of memory and {most.spill_gib:g} GiB of disk"
            raise CommandFailed(f"{used} are not enough: narrow the query, or {_RAISE}") from error
        except duckdb.Error as error:
            published.blame_damage(error)
            raise CommandFailed(str(error), WRONG_USAGE) from error


def _tell_of_personal(columns: Sequence[str]) -> None:
    if columns:
        more = f" and {len(columns) - _NAMED:,} more" if len(columns) > _NAMED else ""
        named = f"{', '.join(cells(*columns[:_NAMED]))}{more}"
        line = f"personal columns in clear: {named} (--masked masks them)"
        Terminal(stderr=True).print(line, style="dim", highlight=False, soft_wrap=True)


def status(
    as_json: JsonOption = False,
    lake: LakeOption = None,
) -> None:
    """Show what is published, the last runs, the quarantine, and batches that wait or are held.

    Exit code 1 where a table is damaged.
    """
    from jobs.cli.show_status import show_status
    from lakehouse.published.status import status_of

    found = status_of(settings_for(lake).lake)
    if as_json:
        put(json_text(dataclasses.asdict(found)))
    else:
        show_status(Terminal(), found)
    if found.damaged:
        raise typer.Exit(FAILED)


def tables(
    name: Annotated[str | None, typer.Argument(help="One table or view.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole dictionary as a page.")] = False,
) -> None:
    """Show the data dictionary: grain, key, columns with type, meaning and unit."""
    from lakehouse.tables import dictionary
    from lakehouse.tables.registry import DECLARED

    if markdown:
        put(dictionary.markdown().removesuffix("\n"))
    elif name is None:
        grid = Grid("table", "grain", title="Tables and views", title_justify="left")
        for one in DECLARED.values():
            grid.add_row(one.name, one.grain)
        Terminal().print(grid)
    else:
        _show_declared(Terminal(), name)


def _show_declared(console: Terminal, name: str) -> None:
    declared = _declared(name)
    console.print(marked("[bold]{}[/]\ngrain: {}", declared.name, declared.grain), highlight=False)
    if isinstance(declared, Table):
        console.print(f"key: {', '.join(declared.key)}", highlight=False)
        if declared.partitioned_by:
            console.print(f"partitioned by: {', '.join(declared.partitioned_by)}", highlight=False)
        for one in declared.references:
            console.print(f"{', '.join(one.columns)} refers to {one.to}", highlight=False)
    else:
        console.print(f"view of: {', '.join(declared.reads)}", highlight=False)
    console.print(_columns(declared.columns))


def _declared(name: str) -> Table | View:
    from difflib import get_close_matches

    from lakehouse.sources.load import sound_sources
    from lakehouse.tables.registry import DECLARED

    if found := DECLARED.get(name.lower()):
        return found
    bronze = {table.name: table for source in sound_sources()[0] for table in source.tables}
    if name.lower() in bronze:
        return bronze[name.lower()]
    near = get_close_matches(name.lower(), [*bronze, *DECLARED])
    advice = f"did you mean {', '.join(near)}?" if near else "`lakehouse tables` lists them"
    raise CommandFailed(f"no table {name} is declared: {advice}", WRONG_USAGE)


def _columns(columns: tuple[Column, ...]) -> Grid:
    grid = Grid("column", "type", "meaning", "unit")
    for column in columns:
        field = column.field
        meaning = marked("{} [dim](personal)[/]" if field.personal else "{}", field.meaning)
        kind = marked("{}" if column.nullable else "{} [dim]not null[/]", column.type)
        name = name_as_sent(column.name, field.meaning)
        grid.add_row(*cells(name), kind, meaning, field.unit or "")
    return grid


def migration(
    before: Annotated[int, typer.Argument(help="The earlier publication.")],
    after: Annotated[int | None, typer.Argument(help="The later one; the newest where none is said.")] = None,
    as_json: JsonOption = False,
    lake: LakeOption = None,
) -> None:
    """Count the customers who moved from one RFM segment to another between two publications."""
    from lakehouse.published.segment_moves import segment_migration

    moves = segment_migration(settings_for(lake).lake, before, after)
    if as_json:
        put(json_text([dataclasses.asdict(move) for move in moves]))
        return
    grid = Grid("source", "currency", "before", "after", "customers")
    for move in moves:
        names = (move.source, move.currency, move.before or "no customer yet", move.after or "no customer any more")
        grid.add_row(*cells(*names), f"{move.customers:,}")
    Terminal().print(grid if moves else "neither publication has customers")


def list_all_batches(lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """List the batches: what came in together, and whether it is published, new, held or discarded."""
    from lakehouse.published.batches import list_batches

    found = list_batches(settings_for(lake).lake)
    if as_json:
        put(json_text([dataclasses.asdict(batch) for batch in found]))
        return
    grid = Grid("batch", "source", "files", "rows", "status", "why")
    for batch in found:
        numbers = (str(batch.number), batch.source, f"{batch.files:,}", f"{batch.rows:,}")
        grid.add_row(*cells(*numbers, batch.status, batch.why))
    Terminal().print(grid if found else "no batch yet: `lakehouse run` loads the files of landing/")


def register(app: typer.Typer, batches: typer.Typer) -> None:
    for command in (sql, status, tables, migration):
        add(app, command)
    add(batches, list_all_batches, "list")
