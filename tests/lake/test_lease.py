"""One writer at a time, whatever becomes of the one before."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from jobs.cli.options import FAILED, exit_code_of
from lakehouse.delta.rows import small_rows
from lakehouse.delta.unwritable import LakeUnwritable
from lakehouse.lake import Lake
from lakehouse.lake.lease import LakeBusy, LeaseLost, lease
from lakehouse.tables.ops import BATCH_DECISIONS
from tests.lakes import write

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from lakehouse.lake.lease import lease
with lease(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_lake_that_is_written_to_is_busy_and_free_again_afterwards(tmp_path: Path) -> None:
    with lease(tmp_path):
        with pytest.raises(LakeBusy, match="another run is writing") as busy, lease(tmp_path):
            pytest.fail("two runs hold one lease")
        assert exit_code_of(busy.value) == FAILED
        # The one that was turned away takes nothing from the one that holds it.
        with pytest.raises(LakeBusy), lease(tmp_path):
            pytest.fail("two runs hold one lease")
    with lease(tmp_path):
        pass


def test_a_run_that_fails_leaves_the_lake_free(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lease(tmp_path):
        raise ZeroDivisionError
    with lease(tmp_path):
        pass


def test_each_lake_has_a_lease_of_its_own_even_before_it_exists(tmp_path: Path) -> None:
    with lease(tmp_path / "new" / "one"), lease(tmp_path / "new" / "other"):
        assert {path.name for path in (tmp_path / "new").iterdir()} == {"one", "other"}


def test_the_lease_of_a_killed_run_is_free_though_its_file_is_still_there(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(LakeBusy), lease(tmp_path):
                pytest.fail("two runs hold one lease")
        finally:
            holder.kill()
    assert (tmp_path / ".lease").exists()
    with lease(tmp_path):
        pass


def test_a_command_that_writes_waits_for_nobody_and_says_who_is_in_its_way(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with lease(lake):
        found = CliRunner().invoke(app, ["publish", "--lake", str(lake)], env={"COLUMNS": "300"})
    assert found.exit_code == FAILED
    assert "another run is writing" in found.stderr


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder in which nobody may make a file")
def test_a_folder_that_takes_no_file_is_told_as_a_lake_that_cannot_be_written() -> None:
    with pytest.raises(LakeUnwritable, match="the lake at /sys/kernel cannot be written"), lease(Path("/sys/kernel")):
        pytest.fail("nothing can be written here")


@pytest.mark.parametrize("is_made_anew", [False, True])
def test_a_run_whose_lease_was_removed_writes_no_row_of_ops_any_more(tmp_path: Path, is_made_anew: bool) -> None:
    row = {"batch_id": 1, "decision": "hold", "details": None, "run_id": "r", "decided_at": datetime.now(UTC)}
    lake = Lake(None, tmp_path, run_id="r", as_of=date(2024, 1, 1))  # type: ignore[arg-type]
    write(tmp_path, BATCH_DECISIONS, [])
    with lease(tmp_path) as held:
        lake.held = held
        held.check()
        (tmp_path / ".lease").unlink()
        if is_made_anew:  # as by another run, which nothing keeps out now
            (tmp_path / ".lease").touch()
        with pytest.raises(LeaseLost, match="publishes nothing") as lost:
            lake.append_rows(BATCH_DECISIONS, [row])
        assert exit_code_of(lost.value) == FAILED
        with pytest.raises(LeaseLost):
            lake.append_batches(BATCH_DECISIONS, iter(()))
    assert small_rows(tmp_path, BATCH_DECISIONS) == []
