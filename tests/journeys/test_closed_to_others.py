"""A lake's files are closed to other users, whoever writes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.long
def test_no_file_of_a_lake_can_be_read_by_others(tmp_path: Path) -> None:
    lake, landing = tmp_path / "lake", tmp_path / "landing"
    lakehouse = f"umask 022; exec {sys.executable} -m jobs.cli"
    for command in (
        f"generate --profile tiny --seed 7 --out {landing}",
        f"ingest --lake {lake} --landing {landing}",
        f"silver --lake {lake}",
    ):
        subprocess.run(["sh", "-c", f"{lakehouse} {command}"], check=True, capture_output=True, text=True)
    made = [lake, *lake.rglob("*")]
    written = {path.name for path in made}
    assert {"order_lines", "ingested_files", ".lease"} <= written
    assert [str(path) for path in made if path.stat().st_mode & 0o007] == []
