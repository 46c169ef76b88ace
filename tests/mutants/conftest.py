"""What these tests are about runs on Spark itself."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(classic: SparkSession) -> SparkSession:
    """Spark itself."""
    return classic
