"""Shows a folder of pages to browsers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who looks at a page need not fill the terminal."""


@contextmanager
def serving(folder: Path, host: str, port: int) -> Iterator[ThreadingHTTPServer]:
    """A server that is bound to the address and not yet started."""
    with ThreadingHTTPServer((host, port), partial(_Quiet, directory=str(folder))) as server:
        yield server
