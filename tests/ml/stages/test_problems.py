"""How a training of demand begins: beside the others where that pays, and with the same outcome wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from ml.stages import problems
from ml.stages.problems import BEGIN
from ml.training import Training
from tests.ml.demand.test_train_and_score import AS_OF, MODELS, frames


@dataclass(frozen=True)
class Rows:
    """What a training of demand asks of a shop."""

    days: DataFrame
    products: DataFrame
    calendar: DataFrame
    campaigns: DataFrame
    lake: Any
    as_of: date = AS_OF


@pytest.fixture(scope="module")
def shop(spark: SparkSession) -> Any:
    return Rows(*frames(spark), lake=SimpleNamespace(spark=spark))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is begun in a process of its own, and begins there."""
    found: list[str] = []
    real = problems.beside

    def noted(work: Any) -> Any:
        found.append(work.func.__module__)
        return real(work)

    monkeypatch.setattr(problems, "beside", noted)
    monkeypatch.setattr(problems, "has_room", lambda: True)
    return found


def test_demand_is_trained_to_the_same_files_in_a_process_of_its_own(
    shop: Any, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = BEGIN["demand"](shop, MODELS, None)()
    assert begun == []  # there are few rows
    monkeypatch.setattr(problems, "LEAST_ROWS_BESIDE", 1)
    there = BEGIN["demand"](shop, MODELS, None)()
    assert begun == ["ml.demand.train"]
    assert isinstance(here, Training)
    assert isinstance(there, Training)
    assert [(one.name, one.files, one.scores) for one in here.candidates] == [
        (one.name, one.files, one.scores) for one in there.candidates
    ]


@pytest.mark.parametrize(
    ("least", "series", "room", "is_beside"),
    [(1, 100, True, True), (10**6, 100, True, False), (1, 3, True, False), (1, 100, False, False)],
)
def test_it_begins_beside_where_there_is_much_to_do_no_need_of_partitions_and_a_core_to_spare(
    shop: Any, begun: list[str], monkeypatch: pytest.MonkeyPatch, least: int, series: int, room: bool, is_beside: bool
) -> None:
    monkeypatch.setattr(problems, "beside", lambda work: begun.append("it"))
    monkeypatch.setattr(problems, "LEAST_ROWS_BESIDE", least)
    monkeypatch.setattr("ml.demand.statistical.MOST_LOCAL_SERIES", series)
    monkeypatch.setattr(problems, "has_room", lambda: room)
    BEGIN["demand"](shop, MODELS, None)
    assert begun == (["it"] if is_beside else [])
