"""Nobody but this process talks to its server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.engine.model import EngineUnavailable
from lakehouse.engine.sail.alone import connections, keep_alone
from lakehouse.engine.sail.engine import SailEngine, started
from tests.conftest import speaking_connect
from tests.docs.pages import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux closes a port that is open")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_once_it_is_closed_nobody_else_gets_in_and_who_was_there_stays(listener: socket.socket) -> None:
    place = listener.getsockname()
    with socket.create_connection(place) as ours:
        there, _ = listener.accept()
        keep_alone(*place)
        with pytest.raises(TimeoutError):
            socket.create_connection(place, timeout=0.5)
        there.sendall(b"still here")
        assert ours.recv(20) == b"still here"
        there.close()


@pytest.mark.parametrize("accepted", [True, False], ids=["and was let in", "and waits to be let in"])
def test_who_came_before_is_noticed(listener: socket.socket, accepted: bool) -> None:
    place = listener.getsockname()
    with socket.create_connection(place), socket.create_connection(place):
        taken = [listener.accept()[0] for _ in range(2)] if accepted else []
        assert connections(*place) == 2
        with pytest.raises(EngineUnavailable, match="1 others are connected"):
            keep_alone(*place)
        for one in taken:
            one.close()


def test_no_file_stays_open(listener: socket.socket) -> None:
    place = listener.getsockname()
    with socket.create_connection(place), socket.socketpair()[0]:
        before = len(os.listdir("/proc/self/fd"))
        keep_alone(*place)
        assert len(os.listdir("/proc/self/fd")) == before


def test_a_port_that_is_not_this_process_s_is_none_that_it_can_close(listener: socket.socket) -> None:
    place = listener.getsockname()
    listener.close()
    with pytest.raises(EngineUnavailable, match="nothing listens"):
        keep_alone(*place)


def test_the_engine_keeps_its_server_to_itself_and_goes_on(tmp_path: Path) -> None:
    with speaking_connect():
        engine: SailEngine = started(tmp_path)
        place = engine.server.listening_address
        with pytest.raises(TimeoutError):
            socket.create_connection(place, timeout=0.5)
        assert engine.session.range(3).count() == 3
        engine.close()
    assert connections(*place) == 0


def test_a_process_whose_sail_never_came_to_work_ends_at_once() -> None:
    """PySpark's client would ask the server that is gone, again and again, when the process ends."""
    script = (
        "from lakehouse.engine.sail import engine\n"
        "def taken(*_): raise engine.EngineUnavailable('taken')\n"
        "engine.keep_alone = taken\n"
        "try: engine.started()\n"
        "except engine.EngineUnavailable: print('not to be had')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "not to be had\n")
