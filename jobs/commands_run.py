"""Commands that run the pipeline: run and its stages, rollback, reconcile, decisions about batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from jobs.options import (
    FAILED,
    REFUSED,
    AsOfOption,
    FullOption,
    LakeOption,
    LandingOption,
    MasterOption,
    SourceOption,
    add,
    settings_for,
)

NumberArgument = Annotated[int, typer.Argument(min=1)]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, for those who read it later.")]


_STAGES = {
    "run": "Load what is new in the landing folder, and publish it: bronze, silver, gold, gate, publication.",
    "ingest": "Only load new files into bronze.",
    "silver": "Only build silver from the new batches of bronze.",
    "gold": "Only build gold from what silver has that is not published.",
    "publish": "Only check and publish what silver and gold hold.",
}


def _stage_command(name: str) -> Callable[..., None]:
    def command(
        lake: LakeOption = None,
        landing: LandingOption = None,
        source: SourceOption = None,
        as_of: AsOfOption = None,
        master: MasterOption = None,
        full: FullOption = False,
    ) -> None:
        settings = settings_for(lake, landing, master)
        from jobs import stages

        outcome = getattr(stages, name)(settings, source or [], as_of=as_of.date() if as_of else None, full=full)
        _end(outcome.status)

    command.__doc__ = _STAGES[name]
    return command


def rollback(
    number: Annotated[int, typer.Argument(min=1, help="The publication to go back to.")],
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Publish an older publication again, and hold the batches that came after it."""
    from jobs import stages

    _end(stages.rollback(settings_for(lake, master=master), number))


def reconcile(lake: LakeOption = None, source: SourceOption = None, master: MasterOption = None) -> None:
    """Check that no row and no amount got lost, by feed and file. Exit code 1 where one did."""
    from jobs import stages

    found = stages.reconcile(settings_for(lake, master=master), source or [])
    found.show(Console())
    if not found.holds:
        raise typer.Exit(FAILED)


def _decide(number: int, decision: str, why: str, lake: LakeOption, master: MasterOption) -> None:
    from jobs import stages

    stages.decide_batch(settings_for(lake, master=master), number, decision, why)
    Console().print(f"batch {number}: {decision}. `lakehouse run` acts on it", highlight=False)


def hold(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Leave a batch out of the next publications until it is released."""
    _decide(number, "hold", why, lake, master)


def release(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Let a batch in again that was held or discarded."""
    _decide(number, "release", why, lake, master)


def discard(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Leave a batch out for good. Its rows stay in bronze."""
    _decide(number, "discard", why, lake, master)


def _end(status: str) -> None:
    """Ends the command by how the stage ended; the closing summary has said why."""
    if status == "refused":
        raise typer.Exit(REFUSED)
    if status == "failed":
        raise typer.Exit(FAILED)


def register(app: typer.Typer, batches: typer.Typer) -> None:
    for name in _STAGES:
        add(app, _stage_command(name), name)
    for command in (rollback, reconcile):
        add(app, command)
    for decision in (hold, release, discard):
        add(batches, decision)
