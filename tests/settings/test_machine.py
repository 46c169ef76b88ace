"""The memory of the machine, or what of it a container may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lakehouse.settings import machine

WHOLE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("said", "bytes_"),
    [("1048576\n", 2**20), ("max\n", WHOLE), (None, WHOLE), (f"{WHOLE + 4096}\n", WHOLE), ("0\n", 0)],
)
def test_a_containers_limit_counts_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, bytes_: int
) -> None:
    limit = tmp_path / "memory.max"
    if said is not None:
        limit.write_text(said)
    monkeypatch.setattr(machine, "LIMITS", (tmp_path / "none", limit))
    assert machine.memory() == bytes_
