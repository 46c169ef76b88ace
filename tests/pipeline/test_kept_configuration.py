"""What a publication keeps of the configuration of sources that its run left alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.fingerprints import configuration
from lakehouse.settings import load_settings
from tests.lakes import publish


def test_only_what_is_of_a_source_is_kept(spark: SparkSession, tmp_path: Path) -> None:
    publish(tmp_path, 1, {}, configuration={"judged:olist": "j", "gone": "of older code", "code": "0"})
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 1, 1))
    found = configuration(lake, load_settings(lake=tmp_path), [], ())
    assert found["judged:olist"] == "j"
    assert found.keys() == {"judged:olist", "code", "rules", "calendar", "gold"}
    assert found["code"] != "0"
