"""What a person may decide about a batch."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.pipeline.decisions import decide_batch
from lakehouse.published.batches import list_batches
from lakehouse.settings import ConfigurationError, Settings, load_settings
from lakehouse.tables.ops import INGESTED_FILES
from tests.lakes import publish, write
from tests.session_options import put_back

pytestmark = pytest.mark.spark


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Batch 1 is published, 2 and 3 are new."""
    rows = [{"source_system": "shop", "status": "loaded", "batch_id": number, "rows": 7} for number in (1, 2, 3)]
    write(tmp_path, INGESTED_FILES, rows)
    publish(tmp_path, 1, {})
    return load_settings(lake=tmp_path)


def test_a_batch_that_is_not_there_is_refused(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="there is no batch 9"):
        decide_batch(settings, 9, "hold", "why")


@pytest.mark.parametrize("decision", ["hold", "discard"])
def test_a_batch_that_is_published_is_not_held_nor_discarded(settings: Settings, decision: str) -> None:
    with pytest.raises(ConfigurationError, match="batch 1 is published already"):
        decide_batch(settings, 1, decision, "why")


def test_a_decision_is_about_its_own_batch_and_is_known_from_then_on(spark: SparkSession, settings: Settings) -> None:
    def known() -> list[tuple[str, str]]:
        return [(one.status, one.why) for one in list_batches(settings.lake)]

    with put_back(spark):
        decide_batch(settings, 2, "hold", "a doubt")
        assert known() == [("published", ""), ("held", "a doubt"), ("new", "")]
        decide_batch(settings, 2, "release", "none any more")
        assert known() == [("published", ""), ("new", "none any more"), ("new", "")]
        decide_batch(settings, 1, "release", "as it is")
        assert known()[0] == ("published", "as it is")
