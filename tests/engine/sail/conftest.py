"""Sail with and without the other words that plans are said in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from lakehouse.engine.sail.engine import SailEngine, session_to, started


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SailEngine]:
    # As long as it is there, PySpark's functions are Sail's in this process: so for one file of tests alone.
    found = started(tmp_path_factory.mktemp("sail"), alone=False)
    yield found
    found.close()


@pytest.fixture
def sail(engine: SailEngine) -> SparkSession:
    """The session of the engine."""
    return engine.session


@pytest.fixture(scope="module")
def bare(engine: SailEngine) -> Iterator[SparkSession]:
    """One to the same server whose plans go as they are."""
    session = session_to(engine.server)
    yield session
    session.stop()
