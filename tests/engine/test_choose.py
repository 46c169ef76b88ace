"""Which engine is meant, and what cannot be meant."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.engine.choose import chosen
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
