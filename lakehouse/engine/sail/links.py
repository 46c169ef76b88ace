"""Folders under names that Sail can read.

A blank, an accent or a `#` anywhere in the path of a table, and its reader of Delta finds no log there; of `*` or `?`,
and its reader of Parquet finds no rows and says nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from threading import Lock

_PLAIN = re.compile(r"[A-Za-z0-9_./-]*")
_ELSEWHERE = "/tmp"
"""For links, where the usual place for what does not last has such a name itself."""


class Links:
    """Symbolic links to such folders, in a folder that this user alone can open and that goes with the run."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._known: dict[str, str] = {}
        self._one_at_a_time = Lock()

    def to(self, folder: str) -> str:
        """The folder itself where its name is plain, else a link to it: the same for the same folder.

        Steps ask side by side.
        """
        whole = os.path.abspath(folder)
        if _PLAIN.fullmatch(whole):
            return folder
        with self._one_at_a_time:
            if whole not in self._known:
                self._known[whole] = self._link(whole, str(len(self._known)))
            return self._known[whole]

    def _link(self, folder: str, name: str) -> str:
        if self._folder is None:
            usual = tempfile.gettempdir()
            place = usual if _PLAIN.fullmatch(os.path.abspath(usual)) else _ELSEWHERE
            self._folder = Path(tempfile.mkdtemp(prefix="lakehouse-sail-", dir=place))
        link = self._folder / name
        link.symlink_to(folder)
        return str(link)

    def close(self) -> None:
        """Takes the links away, and nothing that they lead to."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder, self._known = None, {}
