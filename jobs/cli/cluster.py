"""Commands for a cluster of Spark on this machine: up, status, down."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.options import FAILED, JsonOption, add, settings_for
from lakehouse.engine.cluster.ask import State, state
from lakehouse.engine.cluster.place import Cluster, Place, place
from lakehouse.terminal import Terminal, marked, put

FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", help="Where the cluster is kept; else LAKEHOUSE_CLUSTER.", show_default=False),
]

LEAST_MEGABYTES = 512
"""Spark's executors start with no less."""


def _memory(given: str) -> str:
    size = re.fullmatch(r"(\d{1,9})([mg])", given)
    if not size or int(size[1]) * (1024 if size[2] == "g" else 1) < LEAST_MEGABYTES:
        raise typer.BadParameter(f"{given!r} is no size of at least {LEAST_MEGABYTES}m, such as 1500m or 4g")
    return given


def up(
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many workers.")] = 2,
    cores: Annotated[int, typer.Option(min=1, help="Tasks at a time, of each worker.")] = 1,
    memory: Annotated[
        str, typer.Option(help="Of each worker's executor, as 1500m or 4g.", metavar="SIZE", callback=_memory)
    ] = "1500m",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Of the master, or the next free.")] = 7077,
    page_port: Annotated[int, typer.Option(min=1024, max=65535, help="Of its page; workers' follow.")] = 8080,
    history_port: Annotated[int, typer.Option(min=1024, max=65535, help="Of the history server.")] = 18080,
    folder: FolderOption = None,
) -> None:
    """Start master, workers and history server, for this machine alone; a cluster that runs stays as it is."""
    settings_for(None)
    from lakehouse.engine.cluster.start import Wanted
    from lakehouse.engine.cluster.start import up as start
    from lakehouse.engine.spark.java import require_java

    require_java()
    at = place(folder)
    before = at.read()
    cluster = start(at, Wanted(workers, cores, memory, port, page_port, history_port))
    console = Terminal(highlight=False, soft_wrap=True)
    if before == cluster:
        console.print("the cluster is up already")
    show(console, at, cluster, state(cluster))


def status(folder: FolderOption = None, as_json: JsonOption = False) -> None:
    """Say what of the cluster runs, and where its pages are. Exit code 1 where it is not whole."""
    at = place(folder)
    cluster = at.read()
    found = state(cluster) if cluster is not None else None
    if as_json:
        import json
        from dataclasses import asdict

        whole = {"cluster": cluster and asdict(cluster), "state": found and asdict(found)}
        put(json.dumps(whole))
    else:
        show(Terminal(highlight=False, soft_wrap=True), at, cluster, found)
    if found is None or not found.is_whole:
        raise typer.Exit(FAILED)


def down(folder: FolderOption = None) -> None:
    """End what `up` started, executors too. Logs and the history of runs stay."""
    from lakehouse.engine.cluster.start import down as end

    at = place(folder)
    ended = end(at)
    said = f"the cluster is down: {ended} processes ended" if ended else f"no cluster runs in {at.folder}"
    Terminal(highlight=False, soft_wrap=True).print(said)


def show(console: Terminal, at: Place, cluster: Cluster | None, found: State | None) -> None:
    """A line of at most 80 characters each, but for where the user's own folder is longer."""
    if cluster is None or found is None:
        console.print(f"no cluster runs in {at.folder}: `lakehouse cluster up` starts one")
        return
    if not found.answers:
        console.print(marked("[bold red]the master of {} does not answer[/]", cluster.master))
    else:
        said = f"{found.workers} of {cluster.workers} workers alive, {found.cores_used} of {found.cores} cores at work"
        console.print(marked("[bold]{}[/]  {}", cluster.master, said))
    for page in cluster.pages:
        gone = page.name in found.dead
        console.print(
            marked("  {} [bold red]gone[/]  {}" if gone else "  {} runs  {}", f"{page.name:<10}", page.address)
        )
    for name in found.applications:
        console.print(f"  at work    {name}")
    if not found.is_whole:
        console.print("`lakehouse cluster down` ends what is left, `up` starts it anew")
    console.print(f"  run        lakehouse run --master {cluster.master}")
    console.print(f"  conf       {at.client_conf}")
    console.print(f"  logs       {at.logs}")


def register(app: typer.Typer) -> None:
    for command in (up, status, down):
        add(app, command)
