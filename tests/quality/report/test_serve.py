"""The pages of quality are for browsers on this machine that ask for pages."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from quality.report.serve import serving

SECRET = "not a page"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    pages = tmp_path / "pages"
    (pages / "docs").mkdir(parents=True)
    (pages / "docs" / "index.html").write_text("a page")
    (pages / "runs").mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (pages / "runs" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (pages / "runs" / "folder").symlink_to(tmp_path)
    with serving(pages, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def answer(port: int, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request(method, path, headers={"Host": host or f"127.0.0.1:{port}"})
    found = connection.getresponse()
    return found.status, found.read().decode()


def test_a_page_is_shown_by_each_name_of_this_machine(port: int) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]"):
        assert answer(port, "/docs/index.html", f"{name}:{port}") == (200, "a page")
    assert answer(port, "/docs/") == (200, "a page")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1", "localhost.evil.example:{port}"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_name_of_another_machine_or_port_is_not_answered(port: int, host: str, method: str) -> None:
    status, text = answer(port, "/docs/index.html", host.format(port=port), method)
    assert (status, "a page" in text) == (421, False)


@pytest.mark.parametrize(
    "path", ["/runs/", "/", "/runs/link.txt", "/runs/folder/secret.txt", "/runs/folder/", "/../secret.txt", "/docs/%00"]
)
def test_no_folder_is_listed_and_no_link_leads_out(port: int, path: str) -> None:
    status, text = answer(port, path)
    assert (status, SECRET in text, "link.txt" in text) == (404, False, False)
