"""A copy of the project, and the warm process in it that tries mutants."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_LEFT_BEHIND = (".git", ".venv", ".mutants", "demo", "dist", "__pycache__", "*.egg-info", ".mypy_cache", ".ruff_cache",
                ".pytest_cache", ".hypothesis")  # fmt: skip
_PER_PROCESS = 120
"""Mutants after which a process makes room for a new one: modules that are read anew leave some of the old behind."""


@dataclass(frozen=True)
class Answer:
    passed: bool
    failed: str
    """The first test that did."""
    seconds: float
    ran: bool = True
    """False where no test was found."""


class Warm:
    """Tries mutants in a copy of the project below `folder`. Whoever works on the project itself is not in the way."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="copy-", dir=folder, ignore_cleanup_errors=True)
        self.copy = Path(self._folder.name) / "project"
        self._process: subprocess.Popen[str] | None = None
        self._tried = 0
        shutil.copytree(root, self.copy, ignore=shutil.ignore_patterns(*_LEFT_BEHIND), symlinks=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        self._folder.cleanup()

    def tried(self, module: str, source: str, tests: tuple[str, ...], limit: float, *, long: bool = False) -> Answer:
        """What the tests say with this source in the module's place. `limit` is in seconds, for all of them."""
        process, before = self._started(), (self.copy / module).read_text(encoding="utf-8")
        task = {"module": module, "source": source, "tests": tests, "timeout": round(limit), "long": long}
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], limit)
        said = process.stdout.readline() if ready else ""
        if not said:
            why = "(the process ended)" if ready else "(took too long)"
            self.close()
            (self.copy / module).write_text(before, encoding="utf-8")
            return Answer(False, why, limit)
        return _read(json.loads(said))

    def _started(self) -> subprocess.Popen[str]:
        if self._tried >= _PER_PROCESS:
            self.close()
        if self._process is None:
            self._tried = 0
            environment = os.environ | {"PYTHONPATH": str(self.copy), "PYTHONDONTWRITEBYTECODE": "1"}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.mutants.worker"], cwd=self.copy, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        self._tried += 1
        return self._process

    def close(self) -> None:
        """Ends the process and all that it started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def _read(said: dict[str, Any]) -> Answer:
    ok, nothing_found = 0, 5
    return Answer(said["code"] == ok, said["failed"], said["seconds"], ran=said["code"] != nothing_found)
