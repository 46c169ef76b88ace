"""A cluster of a test: started by the command that people type, in a folder of its own, and ended with the test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lakehouse.engine.cluster.marked import marked
from lakehouse.engine.cluster.place import FOLDER_VARIABLE, SECRET_VARIABLE, Cluster, Place

COMMAND = [sys.executable, "-m", "jobs.cli"]
_EXECUTOR = b"CoarseGrainedExecutorBackend"


@dataclass(frozen=True)
class Running:
    """A cluster that runs."""

    place: Place
    cluster: Cluster

    @property
    def master(self) -> str:
        return self.cluster.master

    def environment(self, **more: str) -> dict[str, str]:
        return clean() | {FOLDER_VARIABLE: str(self.place.folder)} | more

    def executors(self, worker: str = "") -> list[int]:
        """Processes of executors, of one worker or of all."""
        found = {pid: _command(pid) for pid in marked(self.cluster.identity)}
        own = str(self.place.work(worker)).encode() if worker else b""
        return [pid for pid, command in found.items() if _EXECUTOR in command and own in command + _folder(pid)]

    def kill(self, *names: str) -> None:
        """SIGKILL to processes of the cluster; of a worker its executors too."""
        pids = [pid for name in names for pid in (self.cluster.pids[name], *self._of(name))]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def _of(self, name: str) -> list[int]:
        return self.executors(name) if name.startswith("worker") else []


def clean() -> dict[str, str]:
    """The environment without what the suite's own Spark, or a cluster of the user, left in it."""
    ours = ("LAKEHOUSE_ENGINE", "PYSPARK_", "SPARK_", FOLDER_VARIABLE, SECRET_VARIABLE)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _folder(pid: int) -> bytes:
    try:
        return os.readlink(f"/proc/{pid}/cwd").encode()
    except OSError:
        return b""


@contextmanager
def cluster_in(folder: Path, *options: str) -> Iterator[Running]:
    """A cluster that `lakehouse cluster up` starts and `down` ends, of which nothing is left."""
    at = Place(folder)
    typed(["cluster", "up", "--folder", str(folder), *options])
    there = at.read()
    assert there is not None
    try:
        yield Running(at, there)
    finally:
        typed(["cluster", "down", "--folder", str(folder)])
        assert marked(there.identity) == set()


def typed(
    arguments: Sequence[str], environment: dict[str, str] | None = None, folder: Path | None = None, code: int = 0
) -> str:
    """What a command of ours prints, which ends with that exit code."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment or clean(),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout[-4000:]
    return done.stdout


@contextmanager
def begun(arguments: Sequence[str], environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A command of ours that goes on meanwhile."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds: Callable[[], bool], running: subprocess.Popen[str], seconds: float = 900) -> None:
    """Waits for something that a run does. Fails where the run ended before."""
    end = time.monotonic() + seconds
    while not holds():
        assert running.poll() is None, running.communicate()[0][-4000:]
        assert time.monotonic() < end
        time.sleep(0.05)


def told(lake: Path, stage: str, event: str) -> int:
    """How often the newest run of the lake told of such an event of a stage."""
    logs = sorted((lake / "logs").glob("*.jsonl"))
    wanted = re.compile(rf'"stage": "{stage}", "event": "{event}"')
    return len(wanted.findall(logs[-1].read_text(encoding="utf-8"))) if logs else 0
