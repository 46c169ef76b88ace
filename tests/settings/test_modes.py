"""Files are closed to those whom the configuration does not name, and never opened further than the user has them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.settings.modes import OpenTo, close_to_others, narrowed


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    ("open_to", "before", "file", "folder"),
    [
        ("group", 0o022, 0o640, 0o750),
        ("owner", 0o022, 0o600, 0o700),
        ("everyone", 0o022, 0o644, 0o755),
        ("everyone", 0o077, 0o600, 0o700),
        ("group", 0o002, 0o660, 0o770),
    ],
)
def test_what_is_made_gets_the_modes_of_the_configuration_and_of_the_user(
    tmp_path: Path, open_to: OpenTo, before: int, file: int, folder: int
) -> None:
    os.umask(before)
    assert close_to_others(open_to) == 0o666 & ~file | 0o111 & ~folder
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "file").touch()
    assert (mode(tmp_path / "new" / "file"), mode(tmp_path / "new")) == (file, folder)


def test_the_folder_of_a_lake_that_others_can_read_is_closed_once(tmp_path: Path) -> None:
    lake, landing = tmp_path / "lake", tmp_path / "landing"
    lake.mkdir()
    assert narrowed(lake, landing, 0o027)
    assert mode(lake) == 0o750
    assert not narrowed(lake, landing, 0o027)


def test_a_lake_stays_open_where_that_is_wanted_or_files_arrive_within_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert not narrowed(tmp_path, tmp_path.parent / "landing", 0o022)
    assert not narrowed(tmp_path, tmp_path / "landing", 0o027)
    assert mode(tmp_path) == 0o755
