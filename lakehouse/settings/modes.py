"""Who may read what is written: files and folders of the lake, logs, reports and exports are closed to others.

Only ever fewer rights are given than the user's own umask gives, and never more.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

OpenTo = Literal["owner", "group", "everyone"]
_CLOSED: dict[OpenTo, int] = {"owner": 0o077, "group": 0o007, "everyone": 0}


def close_to_others(open_to: OpenTo) -> int:
    """Has this process, and those that it starts, make files and folders so; returns the umask that holds then.

    A JVM of Spark that is started later takes it over.
    """
    before = os.umask(0o077)
    umask = before | _CLOSED[open_to]
    os.umask(umask)
    return umask


def narrowed(lake: Path, landing: Path, umask: int) -> bool:
    """Closes the folder of a lake that was made with more rights, and with it all that lies in it. True where it was.

    Not where files of suppliers arrive within it, nor where it is another user's.
    """
    found = lake.stat()
    is_ours = found.st_uid == os.geteuid() and not landing.resolve().is_relative_to(lake.resolve())
    if not is_ours or not found.st_mode & umask & 0o007:
        return False
    lake.chmod(found.st_mode & 0o7777 & ~(umask & 0o007))
    return True
