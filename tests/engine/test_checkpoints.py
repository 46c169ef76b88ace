"""Rows that are held without their plan: where a session names a folder for them, no executor takes them along."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.engine.spark.options import options
from lakehouse.engine.spark.session import _checkpoints
from lakehouse.frames import CHECKPOINTS, checkpointed

OPTION = "lakehouse.tests.checkpoints"


def test_a_session_with_a_folder_keeps_them_there_and_one_without_does_not(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The option itself is said to a JVM that starts; this one can be said to the session of the tests.
    monkeypatch.setattr("lakehouse.frames.CHECKPOINTS", OPTION)
    spark.sparkContext.setCheckpointDir(str(tmp_path))
    assert checkpointed(spark.range(3)).count() == 3
    assert not any(tmp_path.rglob("part-*"))
    with options(spark, {OPTION: tmp_path.as_uri()}):
        assert checkpointed(spark.range(3)).count() == 3
    assert any(tmp_path.rglob("part-*"))


def test_only_a_cluster_has_a_folder_for_them(tmp_path: Path) -> None:
    for master in ("local[2]", "local"):
        assert _checkpoints({"spark.master": master}, tmp_path) == {}
    assert _checkpoints({"spark.master": "spark://one:7077"}, None) == {}
    for master in ("spark://one:7077", "k8s://https://one:6443"):
        assert _checkpoints({"spark.master": master}, tmp_path) == {CHECKPOINTS: tmp_path.as_uri()}
