"""The command that starts the dashboard, and the server that it starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from dashboard import serve


def free_port() -> int:
    with socket.socket() as one:
        one.bind((serve.ADDRESS, 0))
        return int(one.getsockname()[1])


def test_the_server_listens_on_this_machine_alone_tells_nobody_and_shows_no_tracebacks() -> None:
    given = serve.options(8123)
    wanted = {
        "server.address": "127.0.0.1",
        "server.port": "8123",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "server.fileWatcherType": "none",
        "theme.dark.backgroundColor": "#171e28",
    }
    assert wanted.items() <= given.items()
    assert all(f"--{name}={value}" in serve.command(8123) for name, value in given.items())


def test_streamlit_knows_every_option_of_the_server() -> None:
    from streamlit import config

    assert set(serve.options(8123)) <= set(config.get_config_options())


def test_a_missing_extra_ends_in_a_sentence_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "NEEDED", ("streamlit", "no_such_package"))
    with pytest.raises(serve.ExtraMissing, match=r"needs no_such_package: .*ecommerce-lakehouse\[dashboard\]"):
        serve.start(Path("lake"))


def test_no_request_for_the_map_leaves_the_machine() -> None:
    from dashboard.charts.world import CONFIG

    shapes = Path(serve.__file__).parent / "static" / "world_110m.json"
    assert shapes.stat().st_size > 100_000
    assert CONFIG == {"topojsonURL": "./app/static/"}


def test_the_command_serves_until_it_is_told_to_end_and_writes_nothing(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "jobs.cli", "dashboard", "--lake", str(tmp_path / "lake"), "--port", str(port)]
    home = {"HOME": str(tmp_path), "PYTHONPATH": str(Path(serve.__file__).parents[1])}
    running = subprocess.Popen(command, env=os.environ | home, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        address = f"http://127.0.0.1:{port}"
        assert answer(f"{address}/_stcore/health") == b"ok"
        assert b"arcs" in answer(f"{address}/app/static/world_110m.json")
    finally:
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert f"http://127.0.0.1:{port}" in out
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def answer(address: str) -> bytes:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5) as found:
                return bytes(found.read())
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(address)
