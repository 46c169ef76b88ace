"""What a publication names is on the disk before its row: only what is new is synced and hashed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lakehouse.lake.durable import secure

NAME = "gold.fact_sales"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is synced, in order."""
    found: list[Path] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return found


def test_data_files_come_before_commits_and_these_before_folders(tmp_path: Path, synced: list[Path]) -> None:
    table = tmp_path / "gold/fact_sales"
    write_deltalake(table, pa.table({"p": ["a", "b"], "n": [1, 2]}), partition_by=["p"])
    found = secure(tmp_path, {NAME: 0}, {})
    data, log = sorted(table.glob("**/*.parquet")), table / "_delta_log"
    assert sorted(synced[:2]) == data
    assert synced[2] == log / f"{0:020d}.json"
    folders = synced[3:]
    assert set(folders) == {*(one.parent for one in data), log, table, table.parent, tmp_path}
    assert folders[-1] == tmp_path
    assert {one.data_file: (one.bytes, one.sha256) for one in found} == {
        str(one.relative_to(table)): (one.stat().st_size, hashlib.sha256(one.read_bytes()).hexdigest()) for one in data
    }


def test_what_the_publication_before_had_costs_nothing(tmp_path: Path, synced: list[Path]) -> None:
    table = tmp_path / "gold/fact_sales"
    write_deltalake(table, pa.table({"n": [1]}))
    old = set(table.glob("*.parquet"))
    assert secure(tmp_path, {NAME: 0}, {NAME: 0}) == [] == synced
    write_deltalake(table, pa.table({"n": [2]}), mode="append")
    [new] = set(table.glob("*.parquet")) - old
    assert [one.data_file for one in secure(tmp_path, {NAME: 1}, {NAME: 0})] == [new.name]
    assert [one for one in synced if one.is_file()] == [new, table / "_delta_log" / f"{1:020d}.json"]
