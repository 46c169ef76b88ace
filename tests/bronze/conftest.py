"""Landing folders of a few bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession

from lakehouse.bronze import streams
from lakehouse.bronze.discover import name_values, scan
from lakehouse.bronze.files import Delivery, FileFacts, Inspection, delivery_identity
from lakehouse.bronze.formats import parquet
from lakehouse.bronze.formats import pieces as text_pieces
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.members import opened_up
from lakehouse.bronze.read import parts_of
from lakehouse.lake import Lake
from lakehouse.settings import Archives
from lakehouse.tables.model import Table
from tests.bronze.shops import Shop, kind_with, rows_read


@pytest.fixture
def land(tmp_path: Path) -> Callable[..., Path]:
    """land("orders.csv", b"…"): the file below landing/shop, last modified at that many seconds since 1970."""

    def put(path: str, content: bytes | str, modified: float = 1_700_000_000) -> Path:
        file = tmp_path / "landing" / "shop" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(file, (modified, modified))
        return file

    return put


@pytest.fixture
def judge(land: Callable[..., Path], tmp_path: Path) -> Callable[..., Inspection]:
    """judge(b"a,b", delimiter=";"): what looking at a file with these bytes finds."""

    def look(content: bytes | str, name: str = "file.csv", **declared: Any) -> Inspection:
        land(name, content)
        [(found, _)] = opened_up(scan(tmp_path / "landing" / "shop"), Archives())
        return inspect(found, kind_with(**declared))

    return look


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Row]]:
    """read(delimiter=";"): the rows of all files that have landed, in order of file and row."""

    def rows(**declared: Any) -> list[Row]:
        kind = kind_with(**declared)
        found_rows = []
        for found, refusal in opened_up(scan(tmp_path / "landing" / "shop"), Archives()):
            assert refusal is None
            inspection = inspect(found, kind)
            assert isinstance(inspection.outcome, FileFacts), inspection.outcome
            values = name_values(found.path, kind)
            identity = delivery_identity(found.path, inspection.sha256, values)
            delivery = Delivery(found, "rows", inspection.sha256, values, identity, inspection.outcome)
            found_rows += rows_read(parts_of([delivery]), kind)
        return sorted(found_rows, key=lambda row: (row["_source_file"], row["_row_in_file"]))

    return rows


@pytest.fixture
def shop(spark: SparkSession, tmp_path: Path) -> Shop:
    return Shop(spark, tmp_path)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """pieces(100): files are cut after so many bytes, and read in blocks of as many."""

    def cut(size: int) -> None:
        monkeypatch.setattr(streams, "CHUNK", size)
        for module in (text_pieces, parquet):
            monkeypatch.setattr(module, "PIECE", size)

    return cut


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Callable[[Table], None]:
    """crash(table): the next append to the table fails, as if the driver had died."""
    whole = {name: getattr(Lake, name) for name in ("append_batches", "append_rows")}

    def at(table: Table) -> None:
        def dies(name: str) -> Callable[..., None]:
            def dying(lake: Lake, target: Table, rows: object) -> None:
                if target.name == table.name:
                    for one, method in whole.items():
                        monkeypatch.setattr(Lake, one, method)
                    raise KeyboardInterrupt
                whole[name](lake, target, rows)

            return dying

        for name in whole:
            monkeypatch.setattr(Lake, name, dies(name))

    return at
