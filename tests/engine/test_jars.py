"""Delta's JARs: what is not whole or not what it should be never reaches a session."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest

from lakehouse.engine.spark import comet, jars
from lakehouse.engine.spark.java import JavaMissing
from tests.fake_java import a_java

CONTENTS = {"one.jar": b"first", "two.jar": b"second"}


@pytest.fixture(autouse=True)
def _there_is_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(a_java(tmp_path / "java", 'openjdk version "17"')))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that LAKEHOUSE_JARS names, empty; the JARs wanted are those of CONTENTS."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
    monkeypatch.setattr(jars, "SHA256", sums)
    monkeypatch.setattr(jars, "BYTES", {name: len(content) for name, content in CONTENTS.items()})
    monkeypatch.setenv("LAKEHOUSE_JARS", str(tmp_path / "jars"))
    return tmp_path / "jars"


def resolver(monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes]) -> None:
    """Stands in for Spark's resolver, which needs a network."""

    def resolve(into: Path) -> str:
        (into / "cache").mkdir()
        for name, content in contents.items():
            (into / "cache" / f"group_{name}").write_bytes(content)
        return "UNRESOLVED DEPENDENCIES" if len(contents) < len(CONTENTS) else "retrieved"

    monkeypatch.setattr(jars, "_resolve", resolve)


def put(folder: Path, **contents: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**CONTENTS, **contents}.items():
        (folder / name).write_bytes(content)


def test_the_folder_is_in_the_cache_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEHOUSE_JARS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/me")
    assert jars.jars_dir() == Path("/var/cache/me/lakehouse/jars/4.4.0")


def test_missing_jars_are_named_with_the_ways_to_get_them(folder: Path) -> None:
    with pytest.raises(jars.JarsMissing, match=r"one\.jar, two\.jar not found .*lakehouse setup.*LAKEHOUSE_JARS"):
        jars.jar_paths()


def test_a_jar_cut_short_is_refused_at_every_start(folder: Path) -> None:
    put(folder, **{"two.jar": b"sec"})
    with pytest.raises(jars.JarsMissing, match=r"two\.jar is not whole"):
        jars.jar_paths()


def test_a_jar_of_the_right_size_and_another_content_is_refused_at_set_up(folder: Path) -> None:
    put(folder, **{"two.jar": b"SECOND"})
    assert jars.jar_paths()
    with pytest.raises(jars.JarsMissing, match=r"two\.jar has SHA-256"):
        jars.verify_jars()


def test_what_is_there_is_not_fetched_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder)
    monkeypatch.setattr(jars, "_resolve", lambda into: pytest.fail("asked the network"))
    assert [path.name for path in jars.fetch_jars()] == list(CONTENTS)


def test_offline_nothing_is_fetched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "_resolve", lambda into: pytest.fail("asked the network"))
    with pytest.raises(jars.JarsMissing, match="not found"):
        jars.fetch_jars(offline=True)


def test_what_was_fetched_is_checked_and_nothing_else_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, CONTENTS)
    assert [path.read_bytes() for path in jars.fetch_jars()] == list(CONTENTS.values())
    assert sorted(os.listdir(folder)) == sorted(CONTENTS)


def test_a_wrong_jar_from_the_network_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, CONTENTS | {"one.jar": b"FIRST"})
    with pytest.raises(jars.JarsMissing, match="has SHA-256"):
        jars.fetch_jars()
    assert not (folder / "one.jar").exists()


def test_without_a_network_the_message_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, {})
    with pytest.raises(jars.JarsMissing, match=r"LAKEHOUSE_IVY_SETTINGS.*by hand.*LAKEHOUSE_JARS.*\n?UNRESOLVED"):
        jars.fetch_jars()


def test_without_java_nothing_can_be_fetched(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "no-java"))
    with pytest.raises(JavaMissing, match="openjdk"):
        jars.fetch_jars()


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, CONTENTS)
    folder.write_text("a file where the folder should be")
    with pytest.raises(jars.JarsMissing, match="cannot be written"):
        jars.fetch_jars()


def resolver_asked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """The settings that Spark's resolver is given, that of the packages last."""
    asked: list[str] = []

    def answer(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        asked[:] = command
        return subprocess.CompletedProcess(command, 0, "/spark\n", "")

    monkeypatch.setattr(subprocess, "run", answer)
    jars._resolve(folder)
    return sorted((one for one in asked if "=" in one), key=lambda one: one.startswith("spark.jars.packages="))


def test_the_resolver_is_told_of_the_settings_for_a_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_IVY_SETTINGS", "/etc/ivysettings.xml")
    asked = resolver_asked(monkeypatch, tmp_path)
    assert "spark.jars.ivySettings=/etc/ivysettings.xml" in asked
    assert f"spark.jars.ivy={tmp_path}" in asked
    assert "spark.jars.packages=io.delta:delta-spark_4.1_2.13:4.4.0,io.delta:delta-storage:4.4.0" in asked


def test_comets_jar_is_one_of_them_only_where_it_is_asked_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)
    monkeypatch.setenv(comet.VARIABLE, "0")
    assert [path.name for path in jars.verify_jars()] == list(CONTENTS)
    assert comet.options() == {}
    monkeypatch.setenv(comet.VARIABLE, "1")
    [name] = comet.SHA256
    with pytest.raises(jars.JarsMissing, match=f"{re.escape(name)} not found"):
        jars.verify_jars()
    (folder / name).write_bytes(b"not all of it")
    with pytest.raises(jars.JarsMissing, match=f"{re.escape(name)} is not whole"):
        jars.jar_paths()
    assert comet.options()["spark.plugins"] == "org.apache.spark.CometPlugin"
    asked = resolver_asked(monkeypatch, tmp_path)
    assert asked[-1].endswith("org.apache.datafusion:comet-spark-spark4.1_2.13:1.2.0")
