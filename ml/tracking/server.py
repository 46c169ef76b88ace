"""MLflow's own pages, shown to browsers on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from ml.extras import needs_extra
from ml.tracking.store import QUIET, Store, without_password

LOOPBACK = "127.0.0.1"
_READY_SECONDS = 300.0


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
    log.touch(mode=0o600)  # MLflow quotes the address of the store, which may hold a password.
    with log.open("wb") as said:
        process = subprocess.Popen(
            _command(store, chosen),
            cwd=folder,
            env=os.environ
            | QUIET
            | {"MLFLOW_BACKEND_STORE_URI": store.uri, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # The server has workers: they end with it.
        )
    address = f"http://{LOOPBACK}:{chosen}"
    try:
        if not _answers(process, address):
            raise ServerFailed(f"MLflow's server at {address} does not answer ({log}): … {_last_words(log, store)}")
        yield address, process
    finally:
        _end(process)


def _command(store: Store, port: int) -> list[str]:
    """The address of the store, which may hold a password, is in the environment: other users can read arguments."""
    hosts = f"{LOOPBACK}:{port},localhost:{port}"
    options = {"--host": LOOPBACK, "--port": str(port), "--workers": "1", "--allowed-hosts": hosts}
    options |= {"--artifacts-destination": store.artifacts}
    return [sys.executable, "-m", "mlflow", "server", *(word for pair in options.items() for word in pair)]


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/health", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.2)
    return False


def _last_words(log: Path, store: Store) -> str:
    said = without_password(log.read_text(encoding="utf-8", errors="replace"), store.uri)
    return " ".join(said.split()[-60:])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the server and what it started, which are a group of their own."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])
