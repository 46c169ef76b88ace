"""docs/operations.md: a lake is copied, lost and put back, and goes on as if it had never been lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.pipeline import stages
from lakehouse.published import newest
from tests.docs.pages import ROOT, block, words
from tests.journeys.compare import contents

pytestmark = [pytest.mark.journey, pytest.mark.long]
PAGE = "docs/operations.md"
BEFORE, AFTER, LATER = ("2011-01-03", "2011-01-04"), "2011-02-05", "2011-02-06"


def typed(folder: Path, command: str) -> str:
    """What a command of the page says, typed in the folder that the lake is in."""
    program, *arguments = words(command)
    whole = [sys.executable, "-m", "jobs.cli", *arguments] if program == "lakehouse" else [program, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(whole, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_lake_that_was_put_back_goes_on_as_one_that_was_never_lost(
    tmp_path: Path, deliver: Callable[..., None], run: Callable[..., stages.Outcome]
) -> None:
    copy, verify = block(PAGE, "cp -a lake backup").commands
    [lose, put_back, go_on] = restore_commands()
    for lake in ("lake", "never_lost"):
        deliver(lake, *BEFORE)
        run(lake)
    for command in (copy, verify):
        typed(tmp_path, command)
    for lake in ("lake", "never_lost"):
        deliver(lake, AFTER)
        run(lake)
    # A file that was damaged is not what the copy is made of.
    [one, *_] = sorted((tmp_path / "lake" / "gold").rglob("*.parquet"))
    one.write_bytes(b"")
    for command in (lose, put_back):
        typed(tmp_path, command)
    assert newest(tmp_path / "lake").publication == newest(tmp_path / "backup").publication == 1
    assert go_on == "lakehouse run --lake lake --landing landing"
    # The run of the page, in the session of the suite: it finds the file that came after the backup.
    back = run("lake")
    assert (back.status, back.summary.files) == ("done", 1)
    assert contents(tmp_path / "lake") == contents(tmp_path / "never_lost")
    for lake in ("lake", "never_lost"):
        deliver(lake, LATER)
        run(lake)
    assert contents(tmp_path / "lake") == contents(tmp_path / "never_lost")
    assert newest(tmp_path / "lake").publication == newest(tmp_path / "never_lost").publication == 3
    shutil.rmtree(tmp_path / "lost")
    typed(tmp_path, "lakehouse verify --deep --lake lake")


def restore_commands() -> list[str]:
    """Of the block that begins with what takes the lost lake away."""
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    [text] = re.findall(r"^```sh\n(mv lake lost\n.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return str(text).splitlines()
