"""The entry script: what it refuses, and that anything which is no part of the image is a command of `lakehouse`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

ENTRYPOINT = ROOT / "docker" / "entrypoint"
SECRET = "s3cret-of-tests-alone"


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script as it runs in the image: its Python is the first on PATH, its temporary folder its own."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "LAKEHOUSE_", "PG"))}
    return subprocess.run(
        [str(ENTRYPOINT), *words], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env=kept | {"PATH": path, "TMPDIR": str(folder)} | environment,
    )  # fmt: skip


def defaults(folder: Path) -> str:
    """What it wrote for Spark."""
    [path] = folder.glob("lakehouse/spark.*/spark-defaults.conf")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", [["master"], ["worker", "spark://127.0.0.1:1"]])
def test_a_part_of_a_cluster_does_not_start_without_a_secret(tmp_path: Path, role: list[str]) -> None:
    for nothing in ({}, {"SPARK_AUTH_SECRET": ""}):
        done = run(tmp_path, *role, **nothing)
        assert done.returncode == 2
        assert "SPARK_AUTH_SECRET_FILE" in done.stderr


def test_a_secret_that_is_short_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    short = run(tmp_path, "master", SPARK_AUTH_SECRET="x" * 15)
    assert (short.returncode, "15 characters, at least 16" in short.stderr) == (2, True)
    assert run(tmp_path, "--version", SPARK_AUTH_SECRET="x" * 16).returncode == 0
    assert "spark.authenticate true" in defaults(tmp_path)
    absent = run(tmp_path, "master", SPARK_AUTH_SECRET_FILE=str(tmp_path / "none"))
    assert (absent.returncode, "cannot be read" in absent.stderr) == (2, True)


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    assert run(tmp_path, "master", SPARK_AUTH_SECRET_FILE=str(tmp_path / "secret")).returncode == 2


def test_a_worker_is_told_its_master(tmp_path: Path) -> None:
    done = run(tmp_path, "worker", SPARK_AUTH_SECRET=SECRET)
    assert done.returncode == 2
    assert "spark://HOST:7077" in done.stderr


def test_the_password_of_postgresql_comes_from_a_file_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a password\n")
    show = ("python", "-c", "import os; print(os.environ['PGPASSWORD'])")
    assert run(tmp_path, *show, PGPASSWORD_FILE=str(tmp_path / "password")).stdout == "a password\n"
    assert run(tmp_path, *show, PGPASSWORD_FILE=str(tmp_path / "none")).returncode == 2


def test_anything_else_is_a_command_of_lakehouse(tmp_path: Path) -> None:
    plain, named = run(tmp_path, "--version"), run(tmp_path, "lakehouse", "--version")
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout == named.stdout != ""
    assert run(tmp_path, "no-such-command").returncode == 2


def test_a_run_on_one_machine_needs_no_secret_and_asks_for_none(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").returncode == 0
    assert "spark.authenticate" not in defaults(tmp_path)
    assert "spark.driver.host" not in defaults(tmp_path)


def test_a_driver_of_a_cluster_has_the_secret_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    cluster = {"SPARK_AUTH_SECRET_FILE": str(tmp_path / "secret"), "LAKEHOUSE_SPARK__MASTER": "spark://127.0.0.1:7077"}
    done = run(tmp_path, "--version", SPARK_EVENTS="/data/events", SPARK_DRIVER_HOST="here", **cluster)
    assert done.returncode == 0, done.stderr
    lines = defaults(tmp_path).splitlines()
    assert {
        "spark.authenticate true", f"spark.authenticate.secret {SECRET}", "spark.network.crypto.enabled true",
        "spark.master.rest.enabled false", "spark.driver.host here", "spark.eventLog.dir file:///data/events",
    } <= set(lines)  # fmt: skip
    shared = (ROOT / "conf/spark/standalone.conf").read_text(encoding="utf-8").splitlines()
    assert set(shared) <= set(lines)
    [path] = tmp_path.glob("lakehouse/spark.*/spark-defaults.conf")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_job_that_ends_by_itself_is_healthy_and_a_service_that_does_not_answer_is_not(tmp_path: Path) -> None:
    assert run(tmp_path, "healthy").returncode == 0
    (tmp_path / "lakehouse").mkdir()
    (tmp_path / "lakehouse" / "answers_at").write_text("http://127.0.0.1:1/health\n")
    assert run(tmp_path, "healthy").returncode != 0


def test_files_are_closed_to_others(tmp_path: Path) -> None:
    made = tmp_path / "made"
    run(tmp_path, "python", "-c", f"open({str(made)!r}, 'w')")
    assert made.stat().st_mode & 0o777 == 0o640
