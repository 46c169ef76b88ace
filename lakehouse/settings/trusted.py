"""Whether a folder of configuration that merely lies where a command was started is one's own: it decides what is read
and published, so a folder that somebody else filled must not.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_ROOT = 0


def why_foreign(folder: Path) -> str:
    """Which file in it somebody else owns, or may change; empty where there is none."""
    trusted = {os.geteuid(), _ROOT}
    for path in (folder, *sorted(folder.rglob("*"))):
        found = path.stat()
        if found.st_uid not in trusted:
            return f"{path} belongs to another user (number {found.st_uid})"
        if found.st_mode & stat.S_IWOTH:
            return f"{path} may be written by every user of the machine"
    return ""
