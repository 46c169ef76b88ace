"""The `lakehouse` command. Each command is a thin call of the library; pyspark is imported by those that need it."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

import jobs.cli.cluster as cluster_commands
import jobs.cli.dashboard as dashboard_command
import jobs.cli.models as model_commands
import jobs.cli.quality as quality_commands
import jobs.cli.quarantine as quarantine_commands
import jobs.cli.report as report_command
import jobs.cli.verify as verify_command
from jobs.cli import export, read, run, setup, world
from jobs.cli.options import shows_traceback
from jobs.cli.process import to_its_end
from lakehouse.terminal import put

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A lakehouse for a merchant's files. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 refused.",
)
batches = typer.Typer(no_args_is_help=True, help="List the batches, and decide about them.")
sources = typer.Typer(no_args_is_help=True, help="Declare a source: draft it from files, try it on them.")
truth = typer.Typer(no_args_is_help=True, help="Hold what was generated against what is known of it.")
quality = typer.Typer(no_args_is_help=True, help="What the gate says: report, Data Docs, waivers.")
app.add_typer(batches, name="batches")
app.add_typer(sources, name="source")
app.add_typer(truth, name="truth")
app.add_typer(quality, name="quality")
models = typer.Typer(no_args_is_help=True, help="Versions of models, their cards, who is champion, MLflow's pages.")
app.add_typer(models, name="models")
quarantine = typer.Typer(no_args_is_help=True, help="Rows that were not accepted: look, export, decide, replay.")
app.add_typer(quarantine, name="quarantine")
cluster = typer.Typer(no_args_is_help=True, help="A cluster of Spark on this machine: start, look at, end it.")
app.add_typer(cluster, name="cluster")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        put(version("ecommerce-lakehouse"))
        raise typer.Exit


@app.callback()
def start(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error arose.", envvar="LAKEHOUSE_DEBUG")
    ] = False,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    shows_traceback.set(debug)


read.register(app, batches)
export.register(app)
run.register(app, batches)
setup.register(app, sources)
world.register(app, truth)
dashboard_command.register(app)
report_command.register(app)
verify_command.register(app)
quality_commands.register(quality)
model_commands.register(models)
quarantine_commands.register(quarantine)
cluster_commands.register(cluster)


def main() -> NoReturn:
    """`lakehouse` as a process of its own."""
    to_its_end(app)


def submitted(command: str, *before: str) -> NoReturn:
    """Runs one command with the arguments of a script that spark-submit was given, `before` standing before these."""
    to_its_end(app, [command, *before, *sys.argv[1:]], prog_name=command)
