"""A file is read as it was judged, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.bronze import ingest as ingest_module
from lakehouse.bronze.files import FoundFile, Inspection
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.sources.file_kind import FileKind
from tests.bronze.shops import AB, Shop, source_of

Land = Callable[..., Path]
LINES = source_of(lines=AB | {"pattern": "lines*.csv"})


@pytest.mark.parametrize(
    ("text", "changed_at"),
    [("a,b\n1,2\n3,4\n", 5), ("a,b\n", 5), ("a,b\n1,3\n", 6)],
    ids=["it grows and keeps its time", "it shrinks and keeps its time", "it keeps its size"],
)
def test_a_file_that_changes_while_it_is_read_waits_alone_and_is_loaded_when_it_is_whole(
    shop: Shop, land: Land, monkeypatch: pytest.MonkeyPatch, text: str, changed_at: int
) -> None:
    land("lines_0.csv", "a,b\n0,0\n", modified=5)
    file = land("lines_1.csv", "a,b\n1,2\n", modified=5)
    look = inspect

    def look_and_change(found: FoundFile, kind: FileKind | None) -> Inspection:
        judged = look(found, kind)
        if found.path == file.name:
            file.write_text(text)
            os.utime(file, (changed_at, changed_at))
        return judged

    monkeypatch.setattr(ingest_module, "inspect", look_and_change)
    report = shop.ingest(LINES)
    assert [(one.path, one.reason) for one in report.rejected] == [("lines_1.csv", "still_changing")]
    assert (report.loaded, report.rows) == (1, {"lines": 1})
    assert [row.a for row in shop.bronze(LINES, "lines")] == ["0"]
    monkeypatch.undo()
    assert shop.ingest(LINES).loaded == 1
    assert [row.a for row in shop.bronze(LINES, "lines")] == ["0", *(line[0] for line in text.splitlines()[1:])]
