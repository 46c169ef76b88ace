"""One bad entry of a landing folder stops only itself, and nothing outside the folder is followed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.bronze.entries import entries
from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.opening import as_found
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with

Land = Callable[..., Path]


@pytest.fixture
def folder(land: Land) -> Path:
    return land("a.csv", "a,b\n1,2\n").parent


def found(folder: Path) -> dict[str, FileReason | None]:
    return {file.path: refusal.reason if refusal else None for file, refusal in entries(folder)}


def test_a_link_to_itself_or_to_nothing_is_told_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "nothing.csv").symlink_to("gone.csv")
    unreadable = FileReason.UNREADABLE_FILE
    assert found(folder) == {"a.csv": None, "loop.csv": unreadable, "nothing.csv": unreadable}


def test_links_out_of_the_folder_are_told_and_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "landing" / "shop_of_others"  # its name begins as the folder's does
    outside.mkdir()
    (outside / "b.csv").write_text("a,b\n3,4\n")
    (folder / "file.csv").symlink_to(outside / "b.csv")
    (folder / "folder").symlink_to(outside)
    (folder / "there").symlink_to(folder / "a.csv")
    outside_codes = {"file.csv": FileReason.LEADS_OUTSIDE, "folder": FileReason.LEADS_OUTSIDE}
    assert found(folder) == {"a.csv": None, "there": None, **outside_codes}


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert found(tmp_path / "link") == {"a.csv": None}
    [(file, _)] = entries(tmp_path / "link")
    with as_found(file) as opened:
        assert opened.read() == b"a,b\n1,2\n"


def test_pipes_sockets_and_empty_folders_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "empty.csv").mkdir()
    monkeypatch.chdir(folder)  # a socket's name must be short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket.csv")
        none = FileReason.NOT_A_FILE
        assert found(folder) == {"a.csv": None, "empty.csv": none, "pipe.csv": none, "socket.csv": none}


def test_a_file_that_goes_away_while_its_folder_is_listed_takes_no_other_along(folder: Path) -> None:
    for name in ("b.csv", "c.csv"):
        (folder / name).write_text("a,b\n")
    listed = entries(folder)
    next(listed)
    (folder / "b.csv").unlink()
    assert [(file.path, refusal and refusal.reason) for file, refusal in listed][-1] == ("c.csv", None)


def test_another_file_of_the_same_length_and_time_is_not_taken_for_it(folder: Path) -> None:
    [(file, _)] = entries(folder)
    inspect(file, kind_with())
    times = os.stat(file.location)
    Path(file.location).write_text("a,b\n1,3\n")
    os.utime(file.location, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(RefusedError) as refusal, as_found(file):
        pass
    assert refusal.value.rejection.reason == FileReason.STILL_CHANGING


def test_a_change_while_a_file_is_open_is_seen_at_its_end(folder: Path) -> None:
    [(file, _)] = entries(folder)
    inspect(file, kind_with())

    def read_and_change() -> None:
        with as_found(file) as opened:
            opened.read()
            Path(file.location).write_text("a,b\n9,9\n")

    with pytest.raises(RefusedError):
        read_and_change()


def test_a_folder_on_the_way_that_became_a_link_is_not_followed(folder: Path) -> None:
    (folder / "day").mkdir()
    (folder / "a.csv").rename(folder / "day" / "a.csv")
    [(file, _)] = entries(folder)
    (folder / "day").rename(folder.parent / "elsewhere")
    (folder / "day").symlink_to(folder.parent / "elsewhere")
    with pytest.raises(RefusedError), as_found(file):
        pass
