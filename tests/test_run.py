"""Steps wait for what they read, and for nothing else."""

from __future__ import annotations

import pytest

from lakehouse.gold import STEPS
from lakehouse.run import Step, waves
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_GEOGRAPHY, FACT_SALES


def names(steps: list[list[Step]]) -> list[list[str]]:
    return [[step.name for step in wave] for wave in steps]


def test_a_step_comes_after_those_that_write_what_it_reads() -> None:
    sales = Step("sales", (), (FACT_SALES,), lambda lake, settings: None)
    places = Step("places", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: None)
    customers = Step("customers", (), (DIM_CUSTOMER,), lambda lake, settings: None)
    assert names(list(waves([places, sales, customers]))) == [["sales", "customers"], ["places"]]


def test_steps_that_wait_for_each_other_are_refused() -> None:
    one = Step("one", (FACT_SALES,), (DIM_GEOGRAPHY,), lambda lake, settings: None)
    other = Step("other", (DIM_GEOGRAPHY,), (FACT_SALES,), lambda lake, settings: None)
    with pytest.raises(ValueError, match="one, other wait for each other"):
        list(waves([one, other]))


def test_every_step_of_gold_runs_once() -> None:
    found = [name for wave in names(list(waves(STEPS))) for name in wave]
    assert sorted(found) == sorted(step.name for step in STEPS)
