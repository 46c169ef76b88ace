"""One Spark session for the suite, and what tests build their worlds with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import hypothesis
import pytest
from pyspark.sql import SparkSession

from lakehouse.engine.sail.engine import CONNECT, started
from lakehouse.engine.spark.java import why_no_java
from lakehouse.engine.spark.session import spark_session
from lakehouse.lake import Lake
from tests.lakes import Frame, arrow, frame_of

# How long an example takes says nothing of the rule, on a machine that does other work beside.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _runs_by_spark_without_models_and_report() -> Iterator[None]:
    """Runs of the suite neither train nor score, which takes minutes, nor report; tests of these switch that on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_REPORT__ENABLED", "false")
        patch.setenv("LAKEHOUSE_MODELS__ENABLED", "false")
        # A run in this process takes the session that is there; tests of what is chosen otherwise say so.
        patch.setenv("LAKEHOUSE_ENGINE", "spark")
        yield


@pytest.fixture(scope="session")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Spark itself, in a JVM; where there is no Java, what needs it is skipped."""
    skip_without_java()
    folder = tmp_path_factory.mktemp("spark")
    session = spark_session(
        "tests",
        master="local[2]",
        driver_memory="3g",
        log_file=folder / "spark.log",
        conf={
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            # A few rows are read sooner than code for them is compiled. Runs of the command, in processes of their own
            # (tests/journeys), compile as they do in use.
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        },
    )
    yield session
    session.stop()


def skip_without_java() -> None:
    if missing := why_no_java():
        pytest.skip(f"Spark cannot start: {missing}")


@pytest.fixture
def java() -> None:
    """For tests of processes that start Spark themselves."""
    skip_without_java()


@pytest.fixture(scope="session")
def sail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Sail, in this process. Whoever uses it is `speaking_connect`."""
    before = os.environ.get(CONNECT)
    engine = started(tmp_path_factory.mktemp("sail"))
    _set(before)
    yield engine.session
    _set("1")
    engine.close()


@contextmanager
def speaking_connect() -> Iterator[None]:
    """Functions of PySpark make expressions for Sail within, and for Spark afterwards."""
    before = os.environ.get(CONNECT)
    _set("1")
    try:
        yield
    finally:
        _set(before)


def _set(mode: str | None) -> None:
    if mode is None:
        os.environ.pop(CONNECT, None)
    else:
        os.environ[CONNECT] = mode


@pytest.fixture(scope="module")
def spark(request: pytest.FixtureRequest) -> Iterator[SparkSession]:
    """What runs frames: Sail, which takes a tenth of the time; Spark where a module is marked `spark`.

    TESTS_ENGINE=spark has Spark run all of them, and TESTS_ENGINE=sail shows what Sail does of the marked ones.
    """
    marked = "spark" if request.node.get_closest_marker("spark") else "sail"
    if os.environ.get("TESTS_ENGINE", marked) == "spark":
        yield request.getfixturevalue("classic")
        return
    session = request.getfixturevalue("sail")
    with speaking_connect():
        yield session


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    """An empty lake, seen from the first day of March 2024."""
    return Lake(spark, tmp_path, run_id="r", as_of=date(2024, 3, 1))


@pytest.fixture
def frame(spark: SparkSession) -> Frame:
    """Rows of a table as a frame: see tests.lakes.arrow."""
    return lambda table, *rows: frame_of(spark, arrow(table, rows))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets, which are not part of this repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets are not here")
    return SHARED_DATA
