"""Work in a process of its own: its result, its errors, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml.beside import beside
from ml.extras import ExtraMissing

ROOT = Path(__file__).parents[2]


def number_of_the_process(*more: int) -> tuple[int, ...]:
    return (os.getpid(), *more)


def nothing_but(error: Exception) -> None:
    raise error


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def goes_on(path: str) -> None:
    while True:
        Path(path).write_text(str(os.getpid()))
        time.sleep(0.05)


def test_another_process_works_and_its_result_comes_back() -> None:
    [number, *given] = beside(number_of_the_process, 7, 8)()
    assert given == [7, 8]
    assert number != os.getpid()


def test_what_it_raises_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ExtraMissing, match="xgboost is away"):
        beside(nothing_but, ExtraMissing("xgboost is away"))()


def test_a_process_that_is_killed_is_an_error_and_no_wait_for_ever() -> None:
    with pytest.raises(RuntimeError, match="ended with code -9 and no result"):
        beside(killed)()


def test_it_ends_with_the_process_that_began_it_though_nobody_waits(tmp_path: Path) -> None:
    mark = tmp_path / "number"
    code = (
        "import sys, time, pathlib\n"
        "from ml.beside import beside\n"
        "from tests.ml.test_beside import goes_on\n"
        f"beside(goes_on, {str(mark)!r})\n"
        f"while not pathlib.Path({str(mark)!r}).exists(): time.sleep(0.05)\n"
    )
    (tmp_path / "begins.py").write_text(f"if __name__ == '__main__':\n    {code.replace(chr(10), chr(10) + '    ')}\n")
    subprocess.run(
        [sys.executable, str(tmp_path / "begins.py")], cwd=ROOT, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
