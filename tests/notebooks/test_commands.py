"""docs/notebooks.md: its commands are typed as they stand."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import matplotlib
import pytest

from lakehouse.published import open_published
from tests.dashboard.shop import Line
from tests.docs.pages import ROOT, block, blocks, words

NAME = "docs/notebooks.md"
TITLE = re.compile(r"http://127\.0\.0\.1:(\d+)/lab\?token=(\w+)")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(folder: Path, lake: Path) -> dict[str, str]:
    """A home of its own, and no browser."""
    more = {"HOME": str(folder), "LAKEHOUSE_LAKE": str(lake), "BROWSER": "true"}
    return os.environ | more | {"MPLCONFIGDIR": matplotlib.get_cachedir(), "PYTHONPATH": str(ROOT)}


def test_the_code_of_the_page_for_notebooks_of_ones_own_runs(full: tuple[Path, list[Line]]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / NAME).read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(code.replace("demo/lake", str(full[0])), names)
    with open_published(full[0]) as lake:
        best = lake.sql("SELECT customer_id FROM gold.customer_rfm WHERE segment = 'Champions'").fetchall()
    assert best
    assert len(names["best"]) == len(best)  # type: ignore[arg-type]


@pytest.mark.long
def test_a_notebook_runs_to_a_page_and_stays_as_it_is(full: tuple[Path, list[Line]], tmp_path: Path) -> None:
    [command] = block(NAME, ".venv/bin/jupyter nbconvert").commands
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    path = ROOT / words(command)[-1]
    before = path.read_bytes()
    subprocess.run(words(command), cwd=tmp_path, env=environment(tmp_path, full[0]), check=True)
    page = (tmp_path / "pages" / f"{path.stem}.html").read_text(encoding="utf-8")
    assert "3 reasons are still open" in page
    assert path.read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("begins", ["make notebooks\n", "make notebooks LAKE="])
def test_the_notebooks_open_on_this_machine_alone_and_only_to_who_has_the_token(
    begins: str, full: tuple[Path, list[Line]], tmp_path: Path
) -> None:
    [command] = next(one for one in blocks() if one.page == NAME and one.text.startswith(begins)).commands
    port = free_port()
    typed = [re.sub("^LAKE=.*", f"LAKE={full[0]}", word) for word in words(command) if not word.startswith("PORT=")]
    typed = [typed[0], "-o", "setup", *typed[1:], f"PORT={port}"]  # what is installed is not looked at again
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(typed, cwd=ROOT, env=environment(tmp_path, full[0]), stdout=output, stderr=output,
                                  start_new_session=True)  # fmt: skip
        try:
            deadline = time.monotonic() + 120
            while not (found := TITLE.search(log.read_text(encoding="utf-8"))):
                assert server.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            assert int(found[1]) == port
            with pytest.raises(OSError, match="refused"):
                socket.create_connection(("127.0.0.2", port), timeout=5)
            address = f"http://127.0.0.1:{port}/api/contents"
            with pytest.raises(HTTPError, match="403"):
                urlopen(address)
            with urlopen(f"{address}?token={found[2]}") as answer:
                assert b"01_data_cleaning_eda.ipynb" in answer.read()
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
