"""What only warns: days without orders, and lines of another kind. Plain functions of counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lakehouse.settings import ConfigurationError
from quality import thresholds
from quality.checks.days import missing_days
from quality.checks.shift import stability_index
from quality.thresholds import Quarantine, load_thresholds

START = date(2024, 1, 1)
EVERY_DAY = {START + timedelta(days=number): 5 for number in range(70)}


def without(*days: date) -> dict[date, int]:
    return {day: count for day, count in EVERY_DAY.items() if day not in days}


def test_a_day_without_orders_is_missing_where_its_weekday_always_had_some() -> None:
    day = START + timedelta(days=60)
    assert missing_days(EVERY_DAY, weeks=4) == []
    assert missing_days(without(day), weeks=4) == [day]


def test_a_shop_that_rests_on_sundays_misses_none() -> None:
    sundays = [day for day in EVERY_DAY if day.isoweekday() == 7]
    assert missing_days(without(*sundays), weeks=4) == []


def test_days_are_looked_at_as_far_back_as_the_weeks_reach_and_no_further() -> None:
    last = max(EVERY_DAY)
    first_looked_at = last - timedelta(days=4 * 7)
    assert missing_days(without(first_looked_at), weeks=4) == [first_looked_at]
    assert missing_days(without(first_looked_at - timedelta(days=1)), weeks=4) == []
    assert missing_days(without(last - timedelta(days=1)), weeks=4) == [last - timedelta(days=1)]


def test_a_weekday_that_missed_one_of_the_weeks_before_misses_no_day() -> None:
    day = START + timedelta(days=60)
    for weeks_before, is_missing in ((1, False), (4, False), (5, True)):
        days = without(day, day - timedelta(weeks=weeks_before))
        assert (day in missing_days(days, weeks=4)) == is_missing


def test_days_after_the_newest_order_are_not_missing_yet() -> None:
    assert missing_days({day: 1 for day in EVERY_DAY if day < START + timedelta(days=60)}, weeks=4) == []
    assert missing_days({}, weeks=4) == []


def test_the_stability_index_is_zero_for_equal_shares_and_large_for_a_new_kind() -> None:
    before = {"card": 800, "cash": 200}
    assert stability_index(before, {"card": 80, "cash": 20}) == pytest.approx(0)
    assert stability_index(before, {"card": 75, "cash": 25}) < 0.1
    assert stability_index(before, {"voucher": 100}) > 1


def test_the_most_specific_share_counts() -> None:
    limits = Quarantine(
        max_share=0.2, max_share_of_a_file=0.3, min_rows=1, max_share_of={"returns": 0.1, "shop.returns": 0.05}
    )
    assert limits.share_of("shop", "returns") == 0.05
    assert limits.share_of("olist", "returns") == 0.1
    assert limits.share_of("olist", "payments") == 0.2


def test_the_shipped_thresholds_can_be_read_and_a_feed_that_there_is_not_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped = load_thresholds()
    assert 0 < shipped.quarantine.max_share < 1
    wrong = {"quarantine": shipped.quarantine.model_dump() | {"max_share_of": {"order_line": 0.1}}}
    others = {name: getattr(shipped, name).model_dump() for name in ("history", "stated", "made_nothing")}
    sections = wrong | others
    monkeypatch.setattr(thresholds, "read_toml", lambda path: (sections[path.stem], ""))
    with pytest.raises(ConfigurationError, match="no such feed: order_line"):
        load_thresholds.__wrapped__()
