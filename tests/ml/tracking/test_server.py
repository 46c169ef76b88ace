"""MLflow's pages: for browsers on this machine, and for nobody else."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from ml.tracking.registry import Registry
from ml.tracking.server import ServerFailed, serving
from ml.tracking.store import Store


def test_the_pages_answer_on_the_loopback_to_its_own_name_alone_and_end(registry: Registry, tmp_path: Path) -> None:
    with serving(registry.store, tmp_path, 0) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        assert "MLflow" in urlopen(address, timeout=20).read().decode()
        with pytest.raises(HTTPError, match="403"):
            urlopen(Request(address, headers={"Host": "elsewhere.example"}), timeout=20)
        arguments = Path(f"/proc/{process.pid}/cmdline").read_text()
        assert registry.store.uri not in arguments
    assert process.returncode is not None
    with pytest.raises(URLError):
        urlopen(address, timeout=5)
    assert [path.name for path in tmp_path.iterdir()] == ["server.log"]


@pytest.mark.long
def test_a_server_that_does_not_start_is_told_in_words_without_its_password(tmp_path: Path) -> None:
    store = Store("nonsense://me:secret@nowhere", "file:///nowhere")
    with pytest.raises(ServerFailed, match="does not answer") as failed, serving(store, tmp_path, 0):
        pytest.fail("it started")
    assert "secret" not in str(failed.value)
