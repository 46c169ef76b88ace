"""No label of training lies in the time that is tested on, and the test's own horizon is over."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ml.churn.split import Split, split

MONTHS = [date(2023, month, 1) for month in range(1, 13)]


def test_the_newest_cut_off_with_a_known_outcome_is_for_the_test() -> None:
    found = split([*MONTHS, date(2023, 12, 30)], as_of=date(2023, 12, 30), horizon_days=90)
    assert found is not None
    assert found.test == date(2023, 10, 1)
    assert found.train == tuple(date(2023, month, 1) for month in range(1, 8))
    assert found.calibrate == [date(2023, month, 1) for month in range(4, 8)]


def test_a_horizon_may_end_on_the_day_that_is_seen_from_but_not_after_it() -> None:
    days = [date(2023, 1, 1), date(2023, 1, 11), date(2023, 1, 21)]
    found, earlier = (split(days, as_of=date(2023, 1, day), horizon_days=10) for day in (31, 30))
    assert found is not None
    assert (found.train, found.test) == ((days[0], days[1]), days[2])
    assert earlier is not None
    assert (earlier.train, earlier.test) == ((days[0],), days[1])


def test_without_a_cut_off_far_enough_before_the_test_there_is_nothing_to_train_on() -> None:
    assert split(MONTHS[:3], as_of=date(2023, 6, 1), horizon_days=90) is None
    assert split([], as_of=date(2023, 6, 1), horizon_days=90) is None


def test_the_season_is_known_after_a_year() -> None:
    first = date(2022, 1, 1)
    assert Split((first, first + timedelta(days=365)), date(2023, 6, 1), 90).spans_a_year
    assert not Split((first, first + timedelta(days=364)), date(2023, 6, 1), 90).spans_a_year


@given(
    st.lists(st.dates(date(2023, 1, 1), date(2024, 1, 1)), max_size=30),
    st.dates(date(2023, 1, 1), date(2024, 6, 1)),
    st.integers(1, 200),
)
def test_what_is_trained_on_is_over_before_the_test_begins(cut_offs: list[date], as_of: date, horizon: int) -> None:
    found = split(cut_offs, as_of=as_of, horizon_days=horizon)
    if found is not None:
        window = found.window
        assert window.trained_until == found.train[-1] + timedelta(days=horizon)
        assert window.trained_until <= window.tested_from < window.tested_until <= as_of
        assert {*found.train, found.test} <= set(cut_offs)
        assert found.calibrate[-1] == found.train[-1]
