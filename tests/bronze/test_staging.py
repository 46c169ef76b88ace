"""Spark reads files where they are, as far as it can."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.staging import needs_copy
from tests.bronze.shops import kind_with

Land = Callable[..., Path]


def test_only_what_spark_cannot_read_is_copied(land: Land, tmp_path: Path) -> None:
    land("plain.csv", "a,b\n")
    land("ok.csv.gz", gzip.compress(b"a,b\n"))
    land("[odd] name.csv", "a,b\n")
    land("ä #1 50%.csv", "a,b\n")
    land("hidden gzip.csv", gzip.compress(b"a,b\n"))
    land("colon:.csv", "a,b\n")
    copied = []
    for found in scan(tmp_path / "landing/shop"):
        outcome = inspect(found, kind_with()).outcome
        assert isinstance(outcome, FileFacts)
        if needs_copy(Delivery(found, "rows", "", {}, "", outcome)):
            copied.append(found.name)
    assert copied == ["[odd] name.csv", "colon:.csv", "hidden gzip.csv"]
