"""Commands of ours in processes of their own, as two engines do them one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT


def done(folder: Path, *command: str, **environment: str) -> str:
    """What the command says that ends well, in a folder where the code does not lie."""
    said = subprocess.run(
        [sys.executable, "-m", "jobs.cli", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout[-6000:]
    return said.stdout


def run(folder: Path, lake: str, source: str, as_of: str, engine: str, **environment: str) -> str:
    """A run over the landing zone of the folder."""
    places = ["--lake", lake, "--landing", "landing", "--source", source, "--as-of", as_of]
    return done(folder, "run", *places, "--engine", engine, **environment)
