"""Commands about models: versions and their cards, who is champion, MLflow's pages."""

from __future__ import annotations

import dataclasses
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markdown import Markdown

from jobs.cli.options import WRONG_USAGE, CommandFailed, JsonOption, LakeOption, MasterOption, add, settings_for
from jobs.cli.render import json_text
from lakehouse.settings import Settings
from lakehouse.terminal import Terminal, put
from ml.training import PROBLEMS, Problem

if TYPE_CHECKING:
    from ml.tracking.registry import Registry
    from ml.tracking.versions import Version


class Named(StrEnum):
    CHURN = "churn"
    CLV = "clv"
    DEMAND = "demand"


ProblemArgument = Annotated[Named, typer.Argument(help="What the model is about.", show_default=False)]
Source = Annotated[
    str | None, typer.Option("--source", help="Of this source; needed where there are several.", show_default=False)
]
Number = Annotated[int, typer.Option("--version", min=1, help="As `lakehouse models list` numbers them.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for those who ask later.")]


def list_models(lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """List the versions of all models: what they reached, beside the best baseline, and who is champion."""
    from jobs.cli.show_models import show_models

    registry = _registry(settings_for(lake))
    found = {name: registry.versions_of(name) for name in registry.names()}
    if as_json:
        flat = [one for versions in found.values() for one in versions]
        put(
            json_text([{key: value for key, value in dataclasses.asdict(one).items() if key != "card"} for one in flat])
        )
    elif not found:
        Terminal().print("no model yet: `lakehouse train` makes them, and `lakehouse run` where they are due")
    else:
        show_models(Terminal(), found)


def show(
    problem: ProblemArgument,
    source: Source = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="The champion where none is said.", show_default=False)
    ] = None,
    lake: LakeOption = None,
) -> None:
    """Show a model card: what it predicts, from what data, how well, and what it is not for."""
    registry = _registry(settings_for(lake))
    one = _chosen(registry.versions(_problem(problem), _source(registry, problem, source)), version)
    card = registry.card(one)
    console = Terminal()
    if console.is_terminal:
        console.print(Markdown(card, hyperlinks=False))
    else:
        put(card.removesuffix("\n"))


def promote(
    problem: ProblemArgument,
    version: Number,
    why: Why,
    source: Source = None,
    lake: LakeOption = None,
    master: MasterOption = None,
) -> None:
    """Make a version champion. The next run scores with it."""
    from jobs.wiring import promote_model

    settings = settings_for(lake, master=master)
    shop = _source(_registry(settings), problem, source)
    candidate = promote_model(settings, _problem(problem), shop, version, why)
    _say(f"{candidate}, version {version}, is champion of {problem} of {shop}. `lakehouse run` scores with it")


def rollback(
    problem: ProblemArgument, why: Why, source: Source = None, lake: LakeOption = None, master: MasterOption = None
) -> None:
    """Make the champion before the present one champion again. The next run scores with it."""
    from jobs.wiring import roll_back_model

    settings = settings_for(lake, master=master)
    shop = _source(_registry(settings), problem, source)
    version = roll_back_model(settings, _problem(problem), shop, why)
    _say(f"version {version} is champion of {problem} of {shop} again. `lakehouse run` scores with it")


def ui(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 5000,
    lake: LakeOption = None,
) -> None:
    """Show MLflow's pages of experiments, runs and models, on this machine alone."""
    from ml.tracking.server import serving
    from ml.tracking.store import shown, store_of

    settings = settings_for(lake)
    store = store_of(settings)
    if store.is_server:
        _say(f"models are kept by the server {shown(store.uri)}: open that")
        return
    if not settings.lake.is_dir():
        raise CommandFailed(f"there is no lake {settings.lake}: name its folder with --lake", WRONG_USAGE)
    console = Terminal(stderr=True)
    console.print("starting MLflow, which takes some seconds", style="dim")
    with serving(store, settings.lake.resolve() / "mlflow", port) as (address, process):
        console.print(f"{address}  (Ctrl-C ends; choose “Model training” on the left)", highlight=False)
        try:
            while process.poll() is None:
                time.sleep(0.2)
        except KeyboardInterrupt:
            return
    raise CommandFailed(f"MLflow's server has ended: see {settings.lake.resolve() / 'mlflow' / 'server.log'}")


def _registry(settings: Settings) -> Registry:
    """The registry, after its aliases have followed the newest publication."""
    from lakehouse.published import publications
    from ml.tracking.registry import Registry
    from ml.tracking.store import store_of

    if not settings.lake.is_dir():
        raise CommandFailed(f"there is no lake {settings.lake}: name its folder with --lake", WRONG_USAGE)
    registry = Registry(store_of(settings))
    for remark in registry.settle(next(iter(publications(settings.lake)[::-1]), None)):
        Terminal(stderr=True).print(remark, style="yellow", highlight=False)
    return registry


def _problem(named: Named) -> Problem:
    return next(one for one in PROBLEMS if one == named)


def _source(registry: Registry, problem: Named, source: str | None) -> str:
    """The source that is meant: the one that is said, or the only one."""
    sources = [name.partition("-")[2] for name in registry.names() if name.partition("-")[0] == problem]
    if source in sources or (source is None and len(sources) == 1):
        return source or sources[0]
    if not sources:
        raise CommandFailed(f"there is no model of {problem} yet: `lakehouse train {problem}` makes one")
    which = f"no model of {problem} for {source}" if source else f"several models of {problem}"
    raise CommandFailed(f"{which}: say --source {' or '.join(sources)}", WRONG_USAGE)


def _chosen(versions: list[Version], number: int | None) -> Version:
    for one in versions:
        if one.version == number or (number is None and "champion" in one.aliases):
            return one
    what = f"no version {number}" if number else "no champion yet: say --version"
    raise CommandFailed(f"{what}; there are {', '.join(str(one.version) for one in versions)}", WRONG_USAGE)


def _say(text: str) -> None:
    Terminal().print(text, highlight=False, soft_wrap=True)


def register(models: typer.Typer) -> None:
    add(models, list_models, "list")
    for command in (show, promote, rollback, ui):
        add(models, command)
