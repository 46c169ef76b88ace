"""The second notebook says of a lake what is true of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.shop import Line
from tests.notebooks.kernels import Executed, executed
from tests.notebooks.people import caused

NAME = "02_advanced_analytics"


@pytest.fixture(scope="module")
def run(full: tuple[Path, list[Line]], tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return executed(
        [NAME],
        full[0],
        tmp_path_factory.mktemp("elsewhere"),
        equal="equal.tolist()",
        once="once",
        grid="{str(month.date()): row.dropna().round(2).tolist() for month, row in grid.iterrows()}",
        at_age="at_age.tolist()",
        overlap="bool(overlap)",
        odd="odd[['weekday', 'holiday_name']].values.tolist()",
        pairs="[len(pairs), int(pairs['is_significant'].sum()), int(by_luck)]",
        naive="naive",
        by_hand="by_hand",
        pays="pays[pays].index.tolist()",
    )


def test_it_runs_through_without_an_error_or_a_warning(run: Executed) -> None:
    assert (run.errors, run.complaints) == ([], "")
    assert run.pictures == 8


def test_recency_and_frequency_are_worked_out_by_hand_for_every_customer(
    run: Executed, full: tuple[Path, list[Line]]
) -> None:
    people: dict[str, set[str]] = {}
    for line in full[1]:
        if line.customer:
            people.setdefault(line.customer, set()).add(line.order)
    assert run.values["equal"] == [True] * len(people)
    assert run.values["once"] == "0.0\u2009%"


def test_cohorts_are_compared_at_one_age_and_months_that_are_not_over_are_left_out(run: Executed) -> None:
    # Cohort 3 (March) is seen whole until June, its third month; July is partial, and nothing after it is known.
    assert run.values["grid"]["2023-03-01"] == [0.32, 0.31, 0.3]
    assert "2023-06-01" not in run.values["grid"]
    assert run.values["at_age"] == [25.0, 35.0, 45.0]


def test_channels_that_differ_by_more_than_chance_are_said_to(run: Executed) -> None:
    assert run.values["overlap"] is False


def test_an_odd_day_stands_with_its_weekday_and_holiday(run: Executed) -> None:
    assert run.values["odd"] == [["Monday", "Christmas Day"]]


def test_each_pair_counts_once_and_chance_is_corrected_for(run: Executed) -> None:
    assert run.values["pairs"] == [2, 1, 2]


def test_what_a_campaign_caused_is_the_difference_of_those_contacted_and_held_out(run: Executed) -> None:
    naive, gain = caused()
    assert run.values["naive"] == pytest.approx(naive)
    assert run.values["by_hand"] == pytest.approx(gain)
    assert 0 < abs(gain) < naive


def test_only_a_campaign_whose_whole_interval_is_above_zero_pays(run: Executed) -> None:
    assert run.values["pays"] == ["SPRING email"]
    assert "2 of the experiments had a power below 80 %" in run.prose
    assert "66.7\u2009% of the credited orders have a single campaign" in run.prose
