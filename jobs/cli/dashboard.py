"""The command that shows a lake in the browser."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Annotated

import typer

from jobs.cli.options import CommandFailed, LakeOption, add, settings_for
from lakehouse.terminal import Terminal

_STARTED_BY_US = (0, -signal.SIGINT, -signal.SIGTERM)
"""How the server ends when it was told to."""


def dashboard(
    lake: LakeOption = None,
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 8501,
) -> None:
    """Show what is published in the browser, on this machine alone. Ctrl-C ends it."""
    from dashboard import serve

    folder = settings_for(lake).lake
    server = serve.start(folder, port)
    Terminal().print(
        f"the dashboard of {folder} opens at http://{serve.ADDRESS}:{port} (Ctrl-C ends it)", soft_wrap=True
    )

    def end(number: int, frame: FrameType | None) -> None:
        server.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    if (code := server.wait()) not in _STARTED_BY_US:
        raise CommandFailed(f"the dashboard ended with code {code}: is port {port} taken? Choose another with --port")


def register(app: typer.Typer) -> None:
    add(app, dashboard)
