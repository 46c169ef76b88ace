"""Shows a folder of pages to browsers on this machine, and to nobody whom a browser lets ask for something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class _Pages(SimpleHTTPRequestHandler):
    def send_head(self) -> Any:
        """Refuses what a page of another site may ask for (a name that it had pointed at this machine), lists of
        folders, and what a link leads to outside the folder of pages."""
        server = self.server
        assert isinstance(server, ThreadingHTTPServer)
        if self.headers.get("Host") not in {f"{name}:{server.server_port}" for name in LOOPBACK_NAMES}:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "Only names of this machine are answered")
            return None
        asked = self.translate_path(self.path)
        # No file has a NUL in its name, and Path would raise.
        if "\0" in asked or not Path(asked).resolve().is_relative_to(Path(self.directory).resolve()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who looks at a page need not fill the terminal."""


@contextmanager
def serving(folder: Path, host: str, port: int) -> Iterator[ThreadingHTTPServer]:
    """A server that is bound to the address and not yet started."""
    with ThreadingHTTPServer((host, port), partial(_Pages, directory=str(folder))) as server:
        yield server
