"""A disk that takes no more is told in words, whoever finds out."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from jobs.cli.options import FAILED
from lakehouse.delta.unwritable import LakeUnwritable, why_unwritable, writing_to
from lakehouse.pipeline.standing import telling_what_stands
from tests.lakes import publish

LAKE = Path("/data/lake")
FULL = "the lake at /data/lake cannot be written: no space left on device"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/lake/gold/x"), FULL),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (RuntimeError("Py4J: /data/lake/gold: No space left on device"), FULL),
        (RuntimeError("Generic LocalFileSystem error (os error 28) at /data/lake"), FULL),
        (
            OSError(errno.EROFS, "", "/data/lake/logs"),
            "the lake at /data/lake cannot be written: read-only file system",
        ),
        (OSError(errno.EACCES, "", "/data/lake/logs"), "the lake at /data/lake cannot be written: permission denied"),
        (OSError(errno.ENOSPC, "", "/tmp/spill"), "/tmp/spill cannot be written: no space left on device"),
        (OSError(errno.EACCES, "", "/data/lakes/logs"), ""),
        (OSError(errno.EACCES, ""), ""),
        (OSError(errno.ENOENT, "", "/data/lake/x"), ""),
        (RuntimeError("permission denied for /data/lake"), ""),
    ],
)
def test_an_error_of_the_disk_says_which_place_takes_no_more(error: Exception, said: str) -> None:
    assert why_unwritable(error, LAKE) == said


def test_the_disk_may_be_behind_another_error_and_no_space_may_be_in_the_folder_of_what_passes() -> None:
    behind = RuntimeError("the stage failed")
    behind.__cause__ = OSError(errno.EROFS, "", "/data/lake/x")
    assert why_unwritable(behind, LAKE).endswith("read-only file system")
    assert why_unwritable(RuntimeError("No space left on device"), LAKE).startswith("the lake at /data/lake, or /")


def test_what_is_written_within_is_told_of_the_lake_and_other_errors_stay() -> None:
    with pytest.raises(LakeUnwritable, match=FULL), writing_to(LAKE):
        raise OSError(errno.ENOSPC, "")
    with pytest.raises(IsADirectoryError), writing_to(LAKE):
        raise IsADirectoryError(errno.EISDIR, "")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A lake on a file system that is mounted read-only; skipped where this user may mount none."""
    lake = tmp_path / "lake"
    lake.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(lake)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may mount no file system")
    yield lake
    subprocess.run(["umount", str(lake)], check=True)


def test_a_run_on_a_read_only_file_system_says_so_and_shows_no_traceback(read_only: Path) -> None:
    found = CliRunner().invoke(app, ["ingest", "--lake", str(read_only)], env={"COLUMNS": "300"})
    assert found.exit_code == FAILED
    assert f"the lake at {read_only} cannot be written: read-only file system" in found.stderr
    assert "Traceback" not in found.output


def test_an_error_after_a_publication_says_that_it_stands_and_one_before_does_not(tmp_path: Path) -> None:
    publish(tmp_path, 1, {}, run_id="another")
    assert _told(tmp_path, "r") == []
    publish(tmp_path, 2, {}, run_id="r")
    assert _told(tmp_path, "r") == ["publication 2 was written before that, and stands: readers see it"]
    (tmp_path / "ops" / "publications" / "_delta_log" / f"{1:020}.json").write_text("")
    assert _told(tmp_path, "r") == []  # nobody can say any more: the error itself is told all the same


def _told(lake: Path, run_id: str) -> list[str]:
    with pytest.raises(TimeoutError) as raised, telling_what_stands(lake, run_id):
        raise TimeoutError
    return list(getattr(raised.value, "__notes__", []))
