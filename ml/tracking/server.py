"""MLflow's own pages, shown to browsers on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from ml.extras import needs_extra
from ml.tracking.store import QUIET, Store, shown

LOOPBACK = "127.0.0.1"
_READY_SECONDS = 120.0


class ServerFailed(Exception):
    """MLflow's server did not start; the message has what it said last. Exit code 1."""


@contextmanager
def serving(store: Store, folder: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts MLflow's server over a store on the loopback, and gives its address and process once it answers.

    `folder` is where it works and leaves server.log; port 0 takes any that is free. It sends nothing about us, runs no
    jobs, answers to no other name than that of this machine, and ends when the block does. Raises ExtraMissing and
    ServerFailed.
    """
    needs_extra()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = port or _free_port()
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            _command(store, chosen),
            cwd=folder,
            env=os.environ
            | QUIET
            | {"MLFLOW_BACKEND_STORE_URI": store.uri, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    address = f"http://{LOOPBACK}:{chosen}"
    try:
        _wait(process, address, log)
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(store: Store, port: int) -> list[str]:
    """The address of the store, which may hold a password, is in the environment: other users can read arguments."""
    hosts = f"{LOOPBACK}:{port},localhost:{port}"
    options = {"--host": LOOPBACK, "--port": str(port), "--workers": "1", "--allowed-hosts": hosts}
    options |= {"--artifacts-destination": store.artifacts}
    return [sys.executable, "-m", "mlflow", "server", *(word for pair in options.items() for word in pair)]


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    last = " ".join(log.read_text(encoding="utf-8", errors="replace").split()[-60:])
    raise ServerFailed(f"MLflow's server at {address} does not answer ({log}): … {shown(last)}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])
