"""Which engine is meant, and what cannot be meant."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.engine import choose
from lakehouse.engine.choose import chosen, fitting
from lakehouse.engine.model import EngineUnavailable


@pytest.mark.parametrize("master", ["local", "local[2]", "local[*]"])
def test_sail_is_taken_where_it_is_asked_for_on_one_machine(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    assert chosen("sail", master) == "sail"
    assert chosen("spark", master) == chosen("auto", master) == "spark"


@pytest.mark.parametrize("master", ["spark://one:7077", "k8s://https://one:6443", "yarn"])
def test_sail_works_for_no_cluster(master: str) -> None:
    with pytest.raises(EngineUnavailable, match="one machine"):
        chosen("sail", master)
    assert chosen("auto", master) == "spark"


def test_spark_submit_has_started_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    with pytest.raises(EngineUnavailable, match="spark-submit"):
        chosen("sail", "local[2]")


def test_a_run_by_sail_on_a_cluster_is_wrong_usage(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    asked = ["run", "--lake", "lake", "--engine", "sail", "--master", "spark://127.0.0.1:7077"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 2
    assert "Sail works on one machine" in found.output
    assert not (tmp_path / "lake").exists()


def test_an_engine_that_there_is_not_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["run", "--engine", "flink"]).exit_code == 2


@pytest.mark.parametrize(
    ("master", "megabytes", "engine"),
    [("local[2]", 10, "sail"), ("local[*]", 10.1, "spark"), ("spark://one:7077", 1, "spark")],
)
def test_auto_is_sail_for_little_on_one_machine(
    master: str, megabytes: float, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setattr(choose, "CAN_BE_ALONE", True)
    assert fitting("auto", master, megabytes, most_megabytes=10) == engine
    assert fitting("spark", "local[2]", megabytes, most_megabytes=10) == "spark"
    assert fitting("sail", "local[2]", megabytes, most_megabytes=10) == "sail"


def test_auto_is_spark_within_spark_submit_and_where_others_could_talk_to_sail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setattr(choose, "CAN_BE_ALONE", False)
    assert fitting("auto", "local[2]", 1, most_megabytes=10) == "spark"
    monkeypatch.setattr(choose, "CAN_BE_ALONE", True)
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    assert fitting("auto", "local[2]", 1, most_megabytes=10) == "spark"


def test_auto_is_spark_where_sail_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose.sail, "is_there", lambda: False)
    assert fitting("auto", "local[2]", 1, most_megabytes=10) == "spark"
