"""The processes of a cluster: those that carry its mark, and no others, whatever number they have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lakehouse.engine.cluster import marked

SLEEPS = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
POLITE = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print(flush=True); time.sleep(9)"
)
PARENT = (
    f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', '{SLEEPS}']).pid, flush=True); {SLEEPS}"
)
Start = Callable[[str, str], subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(identity, script)`: a process that carries the mark."""
    begun: list[subprocess.Popen[str]] = []

    def begin(identity: str, script: str) -> subprocess.Popen[str]:
        environment = os.environ | {marked.VARIABLE: identity}
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", script],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.wait()


def identity() -> str:
    return f"lakehouse-test-{os.getpid()}-{time.monotonic_ns()}"


def test_processes_of_this_cluster_are_found_and_none_of_another(start: Start) -> None:
    name = identity()
    mine, longer = start(name, SLEEPS), start(f"{name}0", SLEEPS)
    assert marked.wait_until(lambda: marked.marked(name) == {mine.pid}, 10)
    assert marked.marked(f"{name}0") == {longer.pid}
    assert marked.marked(name[:-1]) == set()


def test_ps_finds_the_same_where_there_is_no_proc(start: Start) -> None:
    name = identity()
    mine, _ = start(name, SLEEPS), start(f"{name}0", SLEEPS)
    assert marked.wait_until(lambda: marked._from_ps(name) == {mine.pid}, 10)


def test_a_child_is_ended_too_also_where_its_parent_is_dead(start: Start) -> None:
    name = identity()
    parent = start(name, PARENT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert marked.marked(name) == {child}
    assert marked.end(name) == 1
    assert marked.marked(name) == set()


def test_one_that_just_becomes_another_program_and_shows_no_environment_yet_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, process = identity(), tmp_path / "4711"
    for folder in (process, tmp_path / "self"):
        folder.mkdir()
        (folder / "environ").touch()
    (process / "stat").write_text("4711 (java) S 1")
    (process / "exe").symlink_to(sys.executable)
    monkeypatch.setattr(marked, "PROC", tmp_path)
    assert marked.marked(name) == set()
    shown = f"A=1\0{marked.VARIABLE}={name}\0"
    monkeypatch.setattr(marked.time, "sleep", lambda _: (process / "environ").write_text(shown))
    assert marked.marked(name) == {4711}


def test_one_that_does_not_listen_is_ended_by_force_and_others_live(start: Start) -> None:
    name = identity()
    stubborn, other = start(name, STUBBORN), start(f"{name}0", SLEEPS)
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    assert marked.end(name, patience=0.3) == 1
    assert stubborn.wait(10) == -signal.SIGKILL
    assert other.poll() is None


def test_one_that_listens_is_asked_first(start: Start) -> None:
    name = identity()
    polite = start(name, POLITE)
    assert polite.stdout is not None
    polite.stdout.readline()
    assert marked.end(name) == 1
    assert polite.wait(10) == 7


def test_nothing_is_ended_where_nothing_runs() -> None:
    assert marked.end(identity()) == 0
