"""Commands of the synthetic shop: generate, and its truth held against what was made."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid

from jobs.cli.options import FAILED, EngineOption, LakeOption, LandingOption, MasterOption, add, settings_for
from lakehouse.terminal import Terminal, marked


def generate(
    out: Annotated[
        Path | None, typer.Option("--out", help="The landing folder; the truth comes beside it.", show_default=False)
    ] = None,
    profile: Annotated[str, typer.Option(help="A file of conf/profiles, such as seed, tiny, three_years.")] = "seed",
    scale: Annotated[float, typer.Option(min=0.0001, max=100_000, help="Times as many customers and orders.")] = 1.0,
    seed: Annotated[int | None, typer.Option(help="Another shop of the same kind.", show_default=False)] = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the files.", show_default=False),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day after them.", show_default=False),
    ] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Without defects.")] = False,
    master: MasterOption = None,
    engine: EngineOption = None,
) -> None:
    """Make the files of a believable shop, with known defects, and the truth about it."""
    settings = settings_for(None, out, master, engine=engine, makes_landing=True)
    from lakehouse.pipeline.either_engine import by_either_engine
    from lakehouse.world.generate import Request
    from lakehouse.world.job import megabytes, run
    from lakehouse.world.profile import load_profile

    chosen = load_profile(profile)
    request = Request(
        chosen,
        chosen.seed if seed is None else seed,
        scale,
        from_.date() if from_ else chosen.start,
        until.date() if until else chosen.end,
        clean,
    )
    by_either_engine(run, lambda _: megabytes(request))(settings, request)


def calibration(landing: LandingOption = None, lake: LakeOption = None) -> None:
    """Hold the figures of the generated shop (with --lake: of what was published of it) against their targets."""
    settings = settings_for(lake, landing)
    from lakehouse.truth.calibration import figures_of_lake, figures_of_truth, made, verdicts

    found = figures_of_lake(settings.lake) if lake else figures_of_truth(settings.landing)
    results = verdicts(found, made(settings.landing))
    grid = Grid("figure", "target", "made", "tolerance", "verdict", box=None, header_style="bold")
    for one in results:
        tolerance = f"± {one.tolerance * 100:g} {'points' if one.absolute else '%'}" if one.tolerance else "exact"
        verdict = "holds" if one.holds else marked("[red]out[/]")
        grid.add_row(one.title, _shown(one.target), _shown(one.made), tolerance, verdict)
    Terminal().print(grid)
    if not all(one.holds for one in results):
        raise typer.Exit(FAILED)


def quality(landing: LandingOption = None, lake: LakeOption = None) -> None:
    """Hold what became of the planted defects in the published lake against what must become of them."""
    settings = settings_for(lake, landing)
    from lakehouse.truth.defects import caught

    results = caught(settings.landing, settings.lake)
    columns = ("files", "defect", "must be", "planted", "so it was", "values compared", "verdict")
    grid = Grid(*columns, box=None, header_style="bold")
    for one in results:
        must = f"{one.outcome}: {one.reason}" if one.reason else one.outcome
        verdict = "holds" if one.holds else marked("[red]out[/]")
        grid.add_row(one.file_kind, one.defect, must, f"{one.planted:,}", f"{one.seen:,}", f"{one.compared:,}", verdict)
    Terminal().print(grid)
    if not all(one.holds for one in results):
        raise typer.Exit(FAILED)


def analytics(landing: LandingOption = None, lake: LakeOption = None) -> None:
    """Hold what the marts of the published lake say of the generated shop against its truth."""
    settings = settings_for(lake, landing)
    from lakehouse.truth.marts import campaign_lines, figures

    results = figures(settings.landing, settings.lake)
    grid = Grid("figure", "target", "found", "verdict", box=None, header_style="bold")
    for one in results:
        grid.add_row(one.title, one.target, one.found, "holds" if one.holds else marked("[red]out[/]"))
    console = Terminal()
    console.print(grid)
    names = ("campaign", "true revenue", "adjusted", "95 % interval", "NAIVE", "detectable", "power at break-even")
    lines = Grid(*names, box=None, header_style="bold")
    for line in campaign_lines(settings.landing, settings.lake):
        interval = f"{line.low:,.0f} to {line.high:,.0f}"
        power = "" if line.power is None else f"{line.power:.0%}"
        money = (f"{value:,.0f}" for value in (line.truth, line.adjusted))
        lines.add_row(line.campaign, *money, interval, f"{line.naive:,.0f}", f"{line.detectable:,.0f}", power)
    console.print(lines)
    console.print("NAIVE counts all that contacted customers bought, caused or not; `adjusted` is near the truth.")
    console.print("A wide interval is not 'no effect': `detectable` is what 80 of 100 such campaigns would have shown.")
    if not all(one.holds for one in results):
        raise typer.Exit(FAILED)


def models(landing: LandingOption = None, lake: LakeOption = None) -> None:
    """Hold what the models in use reach on the generated shop against what can be reached at all."""
    settings = settings_for(lake, landing)
    from ml.extras import needs_extra

    needs_extra()
    from ml.oracle.verdicts import verdicts

    results = verdicts(settings.landing, settings.lake)
    grid = Grid("figure", "target", "found", "verdict", box=None, header_style="bold")
    for one in results:
        grid.add_row(
            one.title, one.target, one.found, ("holds" if one.holds else marked("[red]out[/]")) if one.target else ""
        )
    Terminal().print(grid)
    if not all(one.holds for one in results):
        raise typer.Exit(FAILED)


def _shown(value: float | str | None) -> str:
    if not isinstance(value, float | int):
        return str(value)
    return f"{value:.4f}" if abs(value) < 1 else f"{value:,.2f}".removesuffix(".00")


def register(app: typer.Typer, truth: typer.Typer) -> None:
    add(app, generate)
    for command in (calibration, quality, analytics, models):
        add(truth, command)
