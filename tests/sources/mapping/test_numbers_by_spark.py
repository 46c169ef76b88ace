"""The same texts read on Spark as they do on Sail."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tests.sources.mapping.test_numbers import test_a_text_reads_as_its_file_writes_numbers_or_not_at_all as reads

pytestmark = pytest.mark.spark


def test_a_text_reads_as_on_the_other_engine(spark: SparkSession) -> None:
    reads(spark)
