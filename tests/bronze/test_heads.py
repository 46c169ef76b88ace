"""The first rows of files, to try a source on."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from lakehouse.bronze.heads import copy_head
from lakehouse.sources.file_kind import FileKind


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "heads" / "f"


def kind(**more: object) -> FileKind:
    return FileKind.model_validate({"pattern": "*", "columns": ["a"], **more})


def test_a_head_has_the_header_and_the_first_rows_and_the_time_of_its_file(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"a\n1\n2\n3\n")
    copy_head(file, target, 2, kind())
    assert target.read_bytes() == b"a\n1\n2\n"
    assert target.stat().st_mtime_ns == file.stat().st_mtime_ns


def test_a_short_file_is_copied_whole(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"a\n1")
    copy_head(file, target, 2, None)
    assert target.read_bytes() == b"a\n1"


def test_gzip_stays_gzip(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(gzip.compress(b"a\n1\n2\n"))
    copy_head(file, target, 1, kind())
    assert gzip.decompress(target.read_bytes()) == b"a\n1\n"


def test_a_value_over_several_lines_is_not_cut(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b'a\n"one\n""two""\nthree"\n2\n')
    copy_head(file, target, 1, kind(multiline=True))
    assert target.read_bytes() == b'a\n"one\n""two""\nthree"\n'


def test_a_parquet_file_stays_one(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    parquet.write_table(pa.table({"a": [1, 2, 3]}), file)
    copy_head(file, target, 2, kind(format="parquet"))
    assert parquet.read_table(target).to_pydict() == {"a": [1, 2]}


def test_gzipped_parquet_and_what_is_no_parquet_are_copied_whole(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    parquet.write_table(pa.table({"a": [1, 2, 3]}), file)
    for content in (gzip.compress(file.read_bytes()), b"PAR1 and no more"):
        file.write_bytes(content)
        copy_head(file, target, 2, kind(format="parquet"))
        assert target.read_bytes() == content


def test_utf_16_is_copied_whole(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes("a\n1\n2\n".encode("utf-16"))
    copy_head(file, target, 1, kind(encoding="utf-16"))
    assert target.read_bytes() == file.read_bytes()
