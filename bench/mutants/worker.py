"""A process that stays warm: one JVM for all the mutants that it is given, one after the other.

    python -m bench.mutants.worker

Runs within a copy of the project. Each line of its input names a module, its source and the tests to run; each line of
its output says what came of it. What the tests print goes to worker.log.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import pytest
from pyspark.sql import SparkSession

_OURS = ("lakehouse", "quality", "jobs", "ml", "dashboard", "tests", "conftest")
_OF_THE_DRIVER = "spark.driver."


class Watch:
    """Notes the first failure, what each test took, and what the session was like when it was new.

    The tests that noticed a mutant before run first, then the cheap ones: most mutants are noticed, and the first
    failure ends their run.
    """

    def __init__(self) -> None:
        self.failed = ""
        self._noticed: set[str] = set()
        self._took = Counter[str]()
        self.options: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        of_file = Counter[Path]()
        for item in items:
            of_file[item.path] += self._took[item.nodeid]  # files stay together: what their tests share is made once
        place = {path: number for number, path in enumerate(of_file)}
        items.sort(
            key=lambda item: (
                item.nodeid not in self._noticed, of_file[item.path], place[item.path], self._took[item.nodeid],
            )
        )  # fmt: skip

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.failed:
            self._took[report.nodeid] = max(self._took[report.nodeid], math.ceil(report.duration * 1000))
        elif not self.failed:
            self.failed = report.nodeid
            self._noticed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (import)"

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        made = yield
        if fixturedef.argname == "classic" and not self.options:
            self.options = _options()
        return made


def main() -> None:
    """Answers until its input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    log = os.open("worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    SparkSession.stop = lambda self: None  # type: ignore[method-assign]
    sys.path.insert(0, os.getcwd())
    watch = Watch()
    for line in sys.stdin:
        _answer(answers, _tried(json.loads(line), watch))


def _answer(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _tried(task: dict[str, Any], watch: Watch) -> dict[str, Any]:
    path = Path(task["module"])
    before = path.read_text(encoding="utf-8")
    watch.failed = ""
    began = time.monotonic()
    try:
        path.write_text(task["source"], encoding="utf-8")
        _forget_modules()
        _end_workers_of_spark()
        code = pytest.main(_arguments(task), plugins=[watch])
    finally:
        path.write_text(before, encoding="utf-8")
        _put_back(watch.options)
    return {"code": int(code), "failed": watch.failed, "seconds": round(time.monotonic() - began, 2)}


def _arguments(task: dict[str, Any]) -> list[str]:
    quiet = ["-x", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider", "-p", "no:xdist"]
    same = ["--hypothesis-seed=0", "--basetemp=.pytest", f"--timeout={task['timeout']}"]
    return [*quiet, *same, *(["-m", ""] if task["long"] else []), *task["tests"]]


def _forget_modules() -> None:
    """The next import reads them from their files. Byte code may be as old, to the second, as what it was made of."""
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _end_workers_of_spark() -> None:
    """Python processes in which Spark's tasks run keep the modules that they have read. Spark starts others."""
    parents = dict(_processes())
    daemons = {pid for pid in parents if b"pyspark.daemon" in _command(pid) and _is_ours(pid, parents)}
    for pid, parent in parents.items():
        if parent in daemons:
            _end(pid)


def _is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid == os.getpid():
            return True
        pid = parents[pid]
    return False


def _processes() -> Iterator[tuple[int, int]]:
    """Process -> its parent."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _options() -> dict[str, str]:
    session = SparkSession.getActiveSession()
    given = dict(session.conf.getAll) if session else {}
    return {name: value for name, value in given.items() if not name.startswith(_OF_THE_DRIVER)}


def _put_back(options: dict[str, str]) -> None:
    session = SparkSession.getActiveSession()
    if session is None or not options:
        return
    session.catalog.clearCache()
    now = _options()
    for name in now.keys() - options.keys():
        session.conf.unset(name)
    for name, value in options.items():
        if now.get(name) != value:
            session.conf.set(name, value)


if __name__ == "__main__":
    main()
