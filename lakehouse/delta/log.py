"""Delta logs: which version is the newest, and tables at a version, each read from its log once.

Each step of a run asks for the same tables again. To read a log takes delta-rs longer than it takes to see in its
folder that nothing was added to it.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from lakehouse.delta.damage import Damaged, check_commits, name_of
from lakehouse.tables.model import Table

_COMMIT = re.compile(r"\d{20}\.json")
LOG = "_delta_log"
MOST_OPEN = 256
"""Tables at a version that are kept at once: those of a run before and after it."""


def table_path(root: Path, table: Table) -> Path:
    """Where a table of the lake below `root` lies."""
    return root / table.layer / table.short_name


def commit_text(path: str | Path, version: int) -> str:
    """One commit as the log has it: a JSON object a line. Raises FileNotFoundError."""
    return Path(path, LOG, f"{version:020d}.json").read_text()


def head_version(path: str | Path) -> int:
    """The newest version. Raises TableNotFoundError where there is no table."""
    try:
        commits = [name for name in os.listdir(Path(path, LOG)) if _COMMIT.fullmatch(name)]
    except FileNotFoundError:
        commits = []
    return int(max(commits)[:20]) if commits else DeltaTable(path).version()


def opened(path: str | Path, version: int | None = None) -> DeltaTable:
    """The table at a version, its head where None; for reading only, as many may hold it.

    Raises TableNotFoundError, DeltaError for a version that is not there, and Damaged where the log does not read.
    """
    number = head_version(path) if version is None else version
    try:
        commit = Path(path, LOG, f"{number:020d}.json").stat()
    except FileNotFoundError:
        # Cleared away behind a checkpoint, or never there.
        return DeltaTable(path, version=number)
    return _opened(str(path), number, (commit.st_ino, commit.st_mtime_ns))


@lru_cache(MOST_OPEN)
def _opened(path: str, version: int, commit: tuple[int, int]) -> DeltaTable:
    """`commit` tells a table from one that lay there before and was deleted."""
    check_commits(path, LOG, version)
    try:
        return DeltaTable(path, version=version)
    except TableNotFoundError:
        raise
    except DeltaError as error:
        raise Damaged(name_of(path), f"its log does not read up to version {version}: {error}") from error
