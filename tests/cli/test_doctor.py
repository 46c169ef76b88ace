"""What the doctor finds amiss, and what it advises."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from jobs.cli import doctor
from lakehouse.engine.spark import java
from tests.fake_java import a_java


@pytest.mark.parametrize(
    ("said", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25-ea"', 25),
        ("No Java runtime present, requesting install.", None),
    ],
)
def test_the_major_version_of_java(said: str, major: int | None) -> None:
    assert java.java_major(said) == major


@pytest.mark.parametrize(("says", "ok"), [('openjdk version "17.0.2"', True), ('openjdk version "11.0.22"', False)])
def test_java_home_is_asked_first(says: str, ok: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(a_java(tmp_path, says)))
    check = doctor.check_java()
    assert (check.ok, check.found) == (ok, says)


def test_the_first_java_on_the_path_counts_where_java_home_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    folder = a_java(tmp_path, 'openjdk version "19"') / "bin"
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    assert doctor.check_java().found == 'openjdk version "19"'


@pytest.mark.parametrize("says", [None, 'openjdk version "11.0.22"'])
def test_java_missing_or_too_old_is_one_sentence_with_the_commands(
    says: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_java(tmp_path, says) if says else tmp_path / "nothing"
    monkeypatch.setenv("JAVA_HOME", str(home))
    with pytest.raises(java.JavaMissing) as raised:
        java.require_java()
    assert "\n" not in str(raised.value)
    for command in ("apt-get install", "dnf install", "brew install"):
        assert command in str(raised.value)


def test_a_port_that_is_taken_is_found() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        taken = doctor.check_port(port, "the dashboard")
    assert (taken.ok, taken.advice) == (False, "the dashboard will need another port")
    assert doctor.check_port(port, "the dashboard").ok


def test_taken_ports_are_advice_and_no_failure() -> None:
    checks = [doctor.Check("Java", True, "17"), doctor.Check("port 4040", False, "taken", may_be_bad=True)]
    assert doctor.all_well(checks)
    assert not doctor.all_well([*checks, doctor.Check("disk", False, "0 GB free")])


@pytest.mark.parametrize(
    ("has_sail", "has_java", "engines", "all_well"),
    [
        (True, True, "sail, spark", True),
        (True, False, "sail", True),
        (False, True, "spark", True),
        (False, False, "none", False),
    ],
)
def test_one_engine_is_enough(
    has_sail: bool, has_java: bool, engines: str, all_well: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor.sail, "is_there", lambda: has_sail)
    monkeypatch.setattr(doctor, "verify_jars", lambda: [tmp_path / "delta.jar"])
    monkeypatch.setenv("JAVA_HOME", str(a_java(tmp_path, 'openjdk version "17"') if has_java else tmp_path / "none"))
    found = doctor.examine(tmp_path / "lake", tmp_path / "landing")
    told = {check.name: check for check in found}
    assert told["engines"].found == engines
    assert told["Java"].ok == has_java
    assert doctor.all_well([told["engines"], told["Java"], told["Delta's JARs"]]) == all_well


def test_a_folder_that_can_be_made_is_well(tmp_path: Path) -> None:
    check = doctor.check_folder("lake", tmp_path / "not" / "yet", to_write=True)
    assert check.ok
    assert check.found.endswith("(not there yet)")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_amiss(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    assert not doctor.check_folder("lake", tmp_path, to_write=True).ok
    assert doctor.check_folder("landing", tmp_path, to_write=False).ok


def test_too_little_space_is_amiss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000_000))
    assert not doctor.check_disk(tmp_path / "lake").ok


def test_the_pinned_packages_are_those_installed() -> None:
    checks = {check.name: check for check in doctor.check_packages()}
    assert {"pyspark", "delta-spark", "pysail"} <= set(checks)
    assert all(check.ok for check in checks.values())


def test_another_version_than_the_pinned_one_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = doctor.version
    monkeypatch.setattr(doctor, "version", lambda name: "4.4.1" if name == "delta-spark" else installed(name))
    [amiss] = [check for check in doctor.check_packages() if not check.ok]
    assert (amiss.name, amiss.found) == ("delta-spark", "4.4.1")
    assert "4.4.0 is needed" in amiss.advice


def test_an_empty_folder_of_jars_is_amiss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_JARS", str(tmp_path))
    check = doctor.check_jars()
    assert (check.ok, check.advice) == (False, "run `lakehouse setup`")


def test_the_whole_examination_names_each_thing_once(tmp_path: Path) -> None:
    names = [check.name for check in doctor.examine(tmp_path / "lake", tmp_path / "landing")]
    assert len(names) == len(set(names))
    assert {"Python", "Java", "Delta's JARs", "lake", "landing", "disk", "port 4040", "port 5000", "port 8501"} <= {
        *names
    }
