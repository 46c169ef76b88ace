"""A command's process ends with the code of the command, once all that it said and left for the end is done."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.docs.pages import ROOT

SCRIPT = """
import atexit, sys, threading, time
from jobs.cli.process import to_its_end

def late():
    time.sleep(0.3)
    print("a thread")

def command(code):
    atexit.register(lambda: print("at the end"))
    threading.Thread(target=late).start()
    print("said", end=" ")
    sys.exit(code) if code != "returns" else None

to_its_end(command, {code})
"""


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [("0", 0, ""), ("3", 3, ""), ("None", 0, ""), ("'returns'", 0, ""), ("'why'", 1, "why\n")],
)
def test_it_ends_with_the_command_s_code_and_nothing_is_lost(code: str, status: int, error: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{code}", code)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (status, error)
    assert done.stdout == "said a thread\nat the end\n"


def test_the_command_itself_ends_so(tmp_path: str) -> None:
    asked = [sys.executable, "-m", "jobs.cli", "sql", "SELECT 1", "--lake", f"{tmp_path}/none"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "no publication yet" in done.stderr
