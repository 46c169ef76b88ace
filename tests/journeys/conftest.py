"""A tiny shop whose files the journeys deliver in many ways."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.wiring import pipeline
from lakehouse.pipeline import stages
from lakehouse.settings import Settings, load_settings
from tests.journeys.compare import AS_OF
from tests.session_options import put_back

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
DAYS = {
    "2011-01-03": [
        "1001,A,LAMP,2,2011-01-03 09:00:00,2.50,17850.0,United Kingdom",
        "1001,A,LAMP,2,2011-01-03 09:00:00,2.50,17850.0,United Kingdom",
        "1001,B,VASE,1,2011-01-03 09:00:00,10.125,17850.0,United Kingdom",
        "1002,A,LAMP,1,2011-01-03 10:00:00,2.55,,EIRE",
    ],
    "2011-01-04": [
        "1003,B,VASE BLUE,3,2011-01-04 09:00:00,9.99,12431.0,Belgium",
        "1004,C,?,5,2011-01-04 11:00:00,0.00,,United Kingdom",
        "A1005,B,Adjust bad debt,1,2011-01-04 12:00:00,-11062.06,,United Kingdom",
    ],
    "2011-02-05": [
        "C1006,A,LAMP,-1,2011-02-05 09:00:00,2.50,17850.0,United Kingdom",
        "1007,A,LAMP,10,2011-02-05 10:00:00,2.10,12431.0,Australia",
    ],
    "2011-02-06": ["1008,B,VASE BLUE,1,2011-02-06 10:00:00,9.99,12431.0,Belgium"],
}


@pytest.fixture(scope="package")
def engine() -> str:
    """The engine of all runs: Sail, or with TESTS_ENGINE=spark the other. What a test asserts holds on both."""
    return os.environ.get("TESTS_ENGINE", "sail")


@pytest.fixture(scope="session")
def spark(classic: SparkSession) -> SparkSession:
    """Spark itself."""
    return classic


@pytest.fixture(scope="package", autouse=True)
def runs_by(engine: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_ENGINE", engine)
        yield


@pytest.fixture(autouse=True)
def options_put_back(engine: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """A run sets the session's options as they are in use: what comes after it runs as if alone."""
    if engine == "sail":
        yield
        return
    with put_back(request.getfixturevalue("spark")):
        yield


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[..., None]:
    """`deliver(lake, days…, name)`: one more file of these days in the lake's landing zone."""

    def write(lake: str, *days: str, name: str | None = None) -> None:
        folder = tmp_path / f"landing_{lake}" / "online_retail"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [HEADER, *(line for day in days for line in DAYS[day])]
        (folder / (name or f"{'_'.join(days)}.csv")).write_text("\n".join(lines) + "\n")

    return write


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of one of the test's lakes. On Spark, the session of the suite serves all runs."""

    def make(lake: str, as_of: date = AS_OF) -> Settings:
        return load_settings(lake=tmp_path / lake, landing=tmp_path / f"landing_{lake}", as_of=as_of)

    return make


@pytest.fixture
def run(settings_of: Callable[..., Settings]) -> Callable[..., stages.Outcome]:
    def start(lake: str, as_of: date = AS_OF, *, full: bool = False) -> stages.Outcome:
        return pipeline.run(settings_of(lake, as_of), ["online_retail"], full)

    return start
