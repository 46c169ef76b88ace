"""What a run knows of what changed since the last one, source by source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.fingerprints import configuration, moved_parts, published_configuration
from lakehouse.settings import load_settings
from lakehouse.sources.load import load_source
from quality.rules import RULES
from tests.lakes import publish


def test_what_changed_while_a_run_left_a_source_alone_is_new_to_it_afterwards(
    spark: SparkSession, tmp_path: Path
) -> None:
    shop, olist, settings = load_source("shop"), load_source("olist"), load_settings(lake=tmp_path)

    def at(day: int) -> Lake:
        return Lake(spark, tmp_path, run_id="r", as_of=date(2024, 1, day))

    publish(tmp_path, 1, {}, configuration=configuration(at(1), settings, [shop, olist], RULES))
    publish(tmp_path, 2, {}, configuration=configuration(at(2), settings, [shop], RULES))
    before, now = published_configuration(at(2)), configuration(at(2), settings, [shop, olist], RULES)
    assert moved_parts(shop, before, now) == set()
    assert moved_parts(olist, before, now) == {"as_of"}
    # A lake of older code says nothing of how a source was judged: then all of it is derived again.
    assert moved_parts(olist, {}, now) == {"judged", "as_of"}
