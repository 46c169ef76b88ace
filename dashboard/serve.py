"""Starts the dashboard: Streamlit as a process of its own, on this machine alone, with nothing told to anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from dashboard.themes.streamlit import options as theme

ADDRESS = "127.0.0.1"
PORT = 8501
NEEDED = ("streamlit", "plotly")
_APP = Path(__file__).parent / "app.py"


class ExtraMissing(Exception):
    """What the dashboard needs is not installed."""

    exit_code = 2


def check_installed() -> None:
    """Raises ExtraMissing, with what to type."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ExtraMissing(
            f"the dashboard needs {' and '.join(missing)}: install them with"
            " `pip install 'ecommerce-lakehouse[dashboard]'`, in a checkout with `make setup`"
        )


def options(port: int) -> dict[str, str]:
    """Option of Streamlit -> value. On the command line they outweigh whatever stands in anybody's folder."""
    return theme() | {
        "server.address": ADDRESS,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.enableStaticServing": "true",
        "server.runOnSave": "false",
        "runner.magicEnabled": "false",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": ADDRESS,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        "global.developmentMode": "false",
    }


def command(port: int) -> list[str]:
    given = [f"--{name}={value}" for name, value in options(port).items()]
    return [sys.executable, "-m", "dashboard.warm", "run", str(_APP), *given]


def start(lake: Path, port: int = PORT) -> subprocess.Popen[bytes]:
    """The running server; it opens the lake when the first reader comes. Raises ExtraMissing."""
    check_installed()
    above = str(_APP.parents[1])
    path = os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(command(port), env=os.environ | {"LAKEHOUSE_LAKE": str(lake.resolve()), "PYTHONPATH": path})
