"""Commands that run the pipeline: run and its stages, rollback, reconcile, decisions about batches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.options import (
    DONE,
    FAILED,
    WRONG_USAGE,
    AsOfOption,
    CommandFailed,
    EngineOption,
    FullOption,
    LakeOption,
    LandingOption,
    MasterOption,
    SourceOption,
    add,
    settings_for,
)
from lakehouse.settings import Settings
from lakehouse.terminal import Terminal

NumberArgument = Annotated[int, typer.Argument(min=1)]
AgainOption = Annotated[
    list[str] | None,
    typer.Option(help="SOURCE/PATH of a file that was loaded and is damaged in bronze, or `all`. Repeatable."),
]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, for those who read it later.")]


def run(
    lake: LakeOption = None,
    landing: LandingOption = None,
    source: SourceOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
    full: FullOption = False,
) -> None:
    """Load what is new in the landing folder, and publish it: bronze, silver, gold, models, gate, publication."""
    settings = settings_for(lake, landing, master, as_of, engine)
    from jobs.wiring import pipeline

    _end(pipeline.run(settings, source or [], full=full).exit_code)


def ingest(
    lake: LakeOption = None,
    landing: LandingOption = None,
    source: SourceOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
    again: AgainOption = None,
) -> None:
    """Only load new files into bronze; with --again files whose rows bronze has lost."""
    settings = settings_for(lake, landing, master, as_of, engine)
    if again:
        _load_again(settings, again)
        return
    from jobs.wiring import pipeline

    _end(pipeline.ingest(settings, source or []).exit_code)


def _load_again(settings: Settings, files: list[str]) -> None:
    from lakehouse.pipeline.again import ingest_again

    console = Terminal(highlight=False)
    mended = ingest_again(settings, files)
    for path in mended.loaded:
        console.print(f"{path}: loaded again", soft_wrap=True)
    for path in mended.whole:
        console.print(f"{path}: bronze has all of its rows", soft_wrap=True)
    for path, why in mended.not_loaded.items():
        console.print(f"{path}: {why}", style="yellow", soft_wrap=True)
    if mended.publication:
        console.print(f"publication {mended.publication} says so: it holds what the one before held")
    elif not (mended.loaded or mended.whole or mended.not_loaded):
        console.print("bronze has all rows of all files that were loaded")
    _end(FAILED if mended.not_loaded else DONE)


def silver(
    lake: LakeOption = None,
    landing: LandingOption = None,
    source: SourceOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
    full: FullOption = False,
) -> None:
    """Only build silver from the new batches of bronze."""
    settings = settings_for(lake, landing, master, as_of, engine)
    from jobs.wiring import pipeline

    _end(pipeline.silver(settings, source or [], full=full).exit_code)


def gold(
    lake: LakeOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
    full: FullOption = False,
) -> None:
    """Only build gold from what silver has that is not published."""
    settings = settings_for(lake, None, master, as_of, engine)
    from jobs.wiring import pipeline

    _end(pipeline.gold(settings, full=full).exit_code)


def train(
    problem: Annotated[
        list[str] | None,
        typer.Argument(help="churn, clv or demand; all of them where none is named.", show_default=False),
    ] = None,
    if_due: Annotated[bool, typer.Option("--if-due", help="Only what is missing or due (conf/models.toml).")] = False,
    lake: LakeOption = None,
    as_of: AsOfOption = None,
    master: MasterOption = None,
    engine: EngineOption = None,
) -> None:
    """Train models on gold, and let a better one be champion from the next run on."""
    settings = settings_for(lake, None, master, as_of, engine)
    from jobs.wiring import pipeline, problems_of

    _end(pipeline.train(settings, problems_of(problem or []), if_due).exit_code)


def score(
    lake: LakeOption = None, as_of: AsOfOption = None, master: MasterOption = None, engine: EngineOption = None
) -> None:
    """Only write what models say of what gold has that is not published."""
    settings = settings_for(lake, None, master, as_of, engine)
    from jobs.wiring import pipeline

    _end(pipeline.score(settings).exit_code)


def publish(
    lake: LakeOption = None, as_of: AsOfOption = None, master: MasterOption = None, engine: EngineOption = None
) -> None:
    """Only check and publish what silver and gold hold."""
    settings = settings_for(lake, None, master, as_of, engine)
    from jobs.wiring import pipeline

    _end(pipeline.publish(settings).exit_code)


def rollback(
    number: Annotated[int, typer.Argument(min=1, help="The publication to go back to.")],
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Publish an older publication again, and hold the batches that came after it."""
    settings = settings_for(lake, master=master)
    from lakehouse.pipeline.decisions import roll_back_to

    roll_back_to(settings, number)


def reconcile(lake: LakeOption = None, source: SourceOption = None, master: MasterOption = None) -> None:
    """Check that no row and no amount got lost, by feed and file. Exit code 1 where one did, 2 where nothing is
    published."""
    settings = settings_for(lake, master=master)
    from jobs.wiring import reconcile
    from lakehouse.published import NothingPublished

    try:
        found = reconcile(settings, source or [])
    except NothingPublished as error:
        raise CommandFailed(str(error), WRONG_USAGE) from error
    found.show(Terminal())
    _end(DONE if found.holds else FAILED)


def _decide(number: int, decision: str, why: str, lake: Path | None, master: str | None) -> None:
    settings = settings_for(lake, master=master)
    from lakehouse.pipeline.decisions import decide_batch

    decide_batch(settings, number, decision, why)
    Terminal().print(f"batch {number}: {decision}. `lakehouse run` acts on it", highlight=False)


def hold(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Leave a batch out of the next publications until it is released."""
    _decide(number, "hold", why, lake, master)


def release(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Let a batch in again that was held or discarded."""
    _decide(number, "release", why, lake, master)


def discard(number: NumberArgument, why: WhyOption = "", lake: LakeOption = None, master: MasterOption = None) -> None:
    """Leave a batch out for good. Its rows stay in bronze."""
    _decide(number, "discard", why, lake, master)


def _end(code: int) -> None:
    """Ends the command; the closing summary has said what there is to say."""
    if code:
        raise typer.Exit(code)


def register(app: typer.Typer, batches: typer.Typer) -> None:
    for command in (run, ingest, silver, gold, train, score, publish, rollback, reconcile):
        add(app, command)
    for decision in (hold, release, discard):
        add(batches, decision)
