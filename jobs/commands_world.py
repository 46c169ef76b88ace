"""Commands of the synthetic shop: generate, and its truth held against what was made."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import MasterOption, add, settings_for


def generate(
    out: Annotated[
        Path | None, typer.Option("--out", help="The landing folder; the truth comes beside it.", show_default=False)
    ] = None,
    profile: Annotated[str, typer.Option(help="A file of conf/profiles, such as seed, tiny, three_years.")] = "seed",
    scale: Annotated[float, typer.Option(min=0.0001, help="Times as many customers and orders.")] = 1.0,
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
) -> None:
    """Make the files of a believable shop, with known defects, and the truth about it."""
    settings = settings_for(None, out, master)
    from jobs.generate import run
    from lakehouse.world.generate import Request
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
    run(settings, request)


def register(app: typer.Typer, truth: typer.Typer) -> None:
    add(app, generate)
