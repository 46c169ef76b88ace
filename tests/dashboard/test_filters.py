from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.data.filters import Compare, Condition, Filters, Grain, Period, buckets, of_both, of_period

DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
KNOWN = Period(date(2022, 1, 1), date(2024, 12, 31))


def period(since: str, until: str) -> Period:
    return Period(date.fromisoformat(since), date.fromisoformat(until))


def test_the_former_period_is_as_long_and_ends_the_day_before():
    assert period("2024-03-01", "2024-03-31").former(Compare.FORMER_PERIOD) == period("2024-01-30", "2024-02-29")
    assert period("2024-03-01", "2024-03-01").former(Compare.FORMER_PERIOD) == period("2024-02-29", "2024-02-29")


def test_the_former_year_has_the_same_days_and_28_february_for_the_29th():
    assert period("2024-02-01", "2024-02-29").former(Compare.FORMER_YEAR) == period("2023-02-01", "2023-02-28")
    assert period("2024-01-05", "2024-03-31").former(Compare.FORMER_YEAR) == period("2023-01-05", "2023-03-31")
    assert period("2024-01-05", "2024-03-31").former(Compare.NOTHING) is None


@given(DAYS, DAYS)
def test_periods_compared_never_overlap_and_have_the_same_length(one, other):
    now = Period(min(one, other), max(one, other))
    then = now.former(Compare.FORMER_PERIOD)
    assert then.days == now.days
    assert (now.since - then.until).days == 1


@pytest.mark.parametrize(
    ("then", "compare", "is_known"),
    [
        ("2022-01-01", Compare.FORMER_YEAR, True),
        ("2021-12-31", Compare.FORMER_YEAR, False),
        ("2022-01-01", Compare.NOTHING, False),
    ],
)
def test_nothing_is_compared_with_days_that_are_not_all_known(then, compare, is_known):
    since = date.fromisoformat(then).replace(year=int(then[:4]) + 1)
    chosen = Filters("shop", "GBP", Period(since, date(2023, 5, 1)), KNOWN, compare)
    assert (chosen.former is not None) is is_known


@pytest.mark.parametrize(("days", "grain"), [(1, "day"), (45, "day"), (46, "week"), (400, "week"), (401, "month")])
def test_points_are_as_fine_as_a_line_can_bear(days, grain):
    assert Period(date(2020, 1, 1), date.fromordinal(date(2020, 1, 1).toordinal() + days - 1)).grain == Grain(grain)


@given(DAYS, DAYS, st.sampled_from(list(Grain)))
def test_buckets_cover_every_day_of_the_period_in_order(one, other, grain):
    whole = Period(min(one, other), max(one, other))
    points = buckets(whole, grain)
    assert points == sorted(set(points))
    assert points[0] <= whole.since
    assert whole.since <= whole.until
    assert points[-1] <= whole.until


def test_a_filter_that_a_table_does_not_know_is_left_out():
    chosen = Filters("shop", "GBP", KNOWN, KNOWN, category=("Cups",), country=("France",))
    assert chosen.only("country").chosen == {"country": ("France",)}
    assert chosen.only().chosen == {}
    assert chosen.chosen == {"category": ("Cups",), "country": ("France",)}


def test_conditions_are_fixed_text_and_every_value_is_a_parameter():
    chosen = Filters("s'1", "G'B", KNOWN, KNOWN, Compare.FORMER_PERIOD, category=("it's",), channel=("x", "y"))
    for found in (of_period(chosen), of_both(chosen)[0]):
        assert isinstance(found, Condition)
        assert "'" not in found.text
        assert {f"${name}" for name in found.values} == {
            word.strip("(),") for word in found.text.replace("(", " ( ").split() if word.startswith("$")
        }
