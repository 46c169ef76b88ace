"""What tells a table that was written from one that was damaged since: its commits and its data files."""

from __future__ import annotations

import json
import os
from pathlib import Path

_AGAIN = "`lakehouse run --full` makes it again from bronze"
_WAY_BACK = {
    "silver": _AGAIN,
    "gold": _AGAIN,
    "bronze": "`lakehouse ingest --again all` loads the files again from the landing folder",
    "ops": "put it back from a backup, or remove the commit and those after it, then `lakehouse run`",
}
_BACKUP = "put it back from a backup"
_ACTIONS = ("add", "remove", "metaData", "protocol", "txn", "commitInfo", "cdc", "domainMetadata")


class Damaged(Exception):
    """A table is not as it was written. The message names table and file, and the way back. Exit code 1."""

    exit_code = 1

    def __init__(self, table: str, what: str) -> None:
        what = what.partition("\n")[0]  # what comes after it are places in the code of delta-rs
        way_back = _WAY_BACK.get(table.split(".")[0], _BACKUP)
        super().__init__(f"{table} is damaged: {what}. Way back: {way_back} (docs/operations.md, Damage)")
        self.table = table
        self.what = what


def name_of(path: str | Path) -> str:
    """`layer.table` of a table by its folder."""
    return f"{Path(path).parent.name}.{Path(path).name}"


def check_commits(path: str | Path, log: str, version: int) -> None:
    """Raises Damaged for a commit up to `version` that is empty, or a commit of `version` without any action.

    A reader would take either for a table that nothing happened to.
    """
    last = f"{version:020d}.json"
    with os.scandir(Path(path, log)) as entries:
        commits = [one for one in entries if one.name.endswith(".json") and one.name <= last]
    for one in sorted(commits, key=lambda entry: entry.name):
        if one.stat().st_size == 0 or (one.name == last and not _has_actions(Path(one.path))):
            raise Damaged(name_of(path), f"the commit {log}/{one.name} says nothing")


def _has_actions(commit: Path) -> bool:
    """Whether a line of the commit is an action; one that is cut off is for the reader of the log to tell."""
    for line in commit.read_bytes().splitlines():
        try:
            action = json.loads(line)
        except ValueError:
            if line.strip(b"\0 \t"):
                return True
            continue
        if isinstance(action, dict) and any(name in action for name in _ACTIONS):
            return True
    return False
