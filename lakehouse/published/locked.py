"""The DuckDB that queries over a publication run in: closed to the world outside, and bounded."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from lakehouse.delta import duck
from lakehouse.delta.quoting import literal
from lakehouse.settings.machine import memory

GIB = 2**30


@dataclass(frozen=True)
class Limits:
    """What one open publication may use of the machine."""

    memory: int = 4 * GIB
    """Bytes; half of the machine's where that is less. What needs more spills."""
    spill: int = 20 * GIB
    """Bytes on disk, in a folder that nobody else can read."""
    seconds: float | None = None
    """How long one query may take; for ever where None."""

    @property
    def memory_here(self) -> int:
        """Bytes on this machine."""
        return min(self.memory, memory() // 2)


def locked(lake: Path, limits: Limits) -> tuple[DuckDBPyConnection, Path]:
    """A DuckDB in memory that can read below `lake`, and do nothing else to the world outside; and its spill folder.

    The folder goes with whoever holds the connection: see `forget`.
    """
    spill = Path(tempfile.mkdtemp(prefix="lakehouse-sql-"))  # for its owner alone
    connection = duck.connect()
    for setting in (
        f"allowed_directories = [{literal(str(lake))}]",
        f"temp_directory = {literal(str(spill))}",
        f"max_temp_directory_size = '{limits.spill // 2**20}MiB'",
        f"memory_limit = '{limits.memory_here // 2**20}MiB'",
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET GLOBAL {setting}")
    return connection, spill


def forget(spill: Path) -> None:
    """Removes the folder of what was spilt."""
    shutil.rmtree(spill, ignore_errors=True)
