"""The processes of a cluster: those that carry its identity in their environment, and no others.

Executors and their Python workers are children of workers and inherit it, also where their worker is dead. A number
of a process alone says nothing: after a while, or after a start of the machine, it is another's.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

VARIABLE = "SPARK_IDENT_STRING"
"""Spark's own name for who a process belongs to; it goes to no driver."""
PROC = Path("/proc")
PATIENCE_SECONDS = 10.0
LOOKS = 10
"""How often a process that shows no environment is asked: some have none."""


def marked(identity: str) -> set[int]:
    """The processes of the cluster that run now."""
    return _from_proc(identity) if (PROC / "self" / "environ").exists() else _from_ps(identity)


def _from_proc(identity: str) -> set[int]:
    wanted = f"{VARIABLE}={identity}".encode()
    return {int(path.name) for path in PROC.glob("[0-9]*") if wanted in _environment(path) and not _is_dead(path)}


def _environment(process: Path) -> list[bytes]:
    """What a process was given. For a moment one that becomes another program shows nothing: it is asked again, or a
    cluster that still runs would be taken for one that ended."""
    for _ in range(LOOKS):
        try:
            if said := (process / "environ").read_bytes():
                return said.split(b"\0")
            os.readlink(process / "exe")
        except OSError:  # another user's, a thread of the kernel, or it has just ended
            return []
        time.sleep(0.002)
    return []


def _is_dead(process: Path) -> bool:
    """A process that ended, of which nobody has taken notice yet."""
    try:
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def runs(pid: int) -> bool:
    """Whether a process that was just started is still there, also while it becomes another program: for a moment then
    its environment cannot be read."""
    if (PROC / "self" / "stat").exists():
        return not _is_dead(PROC / str(pid))
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _from_ps(identity: str) -> set[int]:
    """Where there is no /proc: ps of macOS and of BSD tells the environment behind the command."""
    said = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=False).stdout
    wanted = re.compile(rf"^\s*(\d+) .* {VARIABLE}={re.escape(identity)}( |$)")
    return {int(found[1]) for line in said.splitlines() if (found := wanted.match(line))}


def end(identity: str, *, patience: float = PATIENCE_SECONDS) -> int:
    """Ends every process of the cluster, first by asking (SIGTERM), then by force. How many there were.

    Workers may start an executor meanwhile: it is looked for until nothing is left.
    """
    seen = set(_tell(identity, signal.SIGTERM))
    if not wait_until(lambda: not marked(identity), patience):
        until = time.monotonic() + patience
        while (left := set(_tell(identity, signal.SIGKILL))) and time.monotonic() < until:
            seen |= left
            time.sleep(0.1)
    return len(seen)


def _tell(identity: str, number: int) -> Iterator[int]:
    for pid in marked(identity):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        yield pid


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it came to hold within so many seconds."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= until:
            return False
        time.sleep(0.1)
    return True
