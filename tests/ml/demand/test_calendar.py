from datetime import date, timedelta

import pytest

from lakehouse.tables.gold import DIM_CAMPAIGN, DIM_DATE
from ml.demand.calendar import COLUMNS, Campaign, Known, black_friday, effects, known
from tests.lakes import Frame

NAMES = [*COLUMNS, "campaigns"]


def row_of(monday: date, given: Known) -> dict[str, float]:
    return dict(zip(NAMES, effects(monday, 1, given).values[0], strict=False))


@pytest.mark.parametrize(("year", "day"), [(2022, 25), (2023, 24), (2024, 29)])
def test_black_friday_follows_the_fourth_thursday_of_november(year, day):
    assert black_friday(year) == date(year, 11, day)


def test_a_week_knows_the_share_of_its_days_that_are_before_christmas():
    week = row_of(date(2023, 12, 18), Known(frozenset(), ()))
    assert (week["before_christmas"], week["after_christmas"]) == (1, 0)
    week = row_of(date(2022, 12, 19), Known(frozenset(), ()))
    assert week["before_christmas"] == pytest.approx(6 / 7)
    assert week["after_christmas"] == pytest.approx(1 / 7)


def test_a_holiday_within_a_season_counts_as_season_alone():
    given = Known(frozenset({date(2023, 12, 25), date(2023, 8, 28)}), ())
    assert row_of(date(2023, 12, 25), given)["holidays"] == 0
    assert row_of(date(2023, 8, 28), given)["holidays"] == pytest.approx(1 / 7)


def test_campaigns_have_an_effect_in_common_and_one_each():
    one, other = Campaign(date(2023, 5, 1), date(2023, 5, 3)), Campaign(date(2023, 5, 3), date(2023, 5, 14))
    found = effects(date(2023, 5, 1), 2, Known(frozenset(), (one, other))).values[:, len(COLUMNS) :]
    assert found.tolist() == [[pytest.approx(8 / 7), pytest.approx(3 / 7), pytest.approx(5 / 7)], [1, 0, 1]]


def test_campaigns_of_other_years_take_no_column():
    past = Known(frozenset(), (Campaign(date(2020, 1, 1), date(2020, 2, 1)),))
    assert effects(date(2023, 5, 1), 2, past).values.shape[1] == len(COLUMNS)


def test_what_is_known_comes_from_the_calendar_and_from_campaigns_that_have_a_name(frame: Frame):
    days = frame(
        DIM_DATE,
        {"full_date": date(2024, 1, 1), "is_holiday": True},
        {"full_date": date(2024, 1, 2), "is_holiday": False},
    )
    campaigns = frame(
        DIM_CAMPAIGN,
        {"campaign_id": "A", "started_on": date(2024, 1, 1), "ended_on": date(2024, 1, 9)},
        {"campaign_id": "B", "started_on": date(2024, 2, 1)},
        {"campaign_id": None},
        {"campaign_id": "C", "started_on": None},
    )
    found = known(days, campaigns)
    assert found.holidays == {date(2024, 1, 1)}
    unknown_end = date(2024, 2, 1) + timedelta(days=29)
    assert found.campaigns == (
        Campaign(date(2024, 1, 1), date(2024, 1, 9)),
        Campaign(date(2024, 2, 1), unknown_end),
    )
