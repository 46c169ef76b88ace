"""Spark's datetime patterns, read without Spark."""

from __future__ import annotations

from datetime import datetime

import pytest

from lakehouse.sources.plain.dates import read_time, to_local, to_utc
from lakehouse.sources.plain.sql import Unsupported


@pytest.mark.parametrize(
    ("text", "pattern", "time", "is_instant"),
    [
        ("2024-03-01 09:05:00", "yyyy-MM-dd HH:mm:ss", datetime(2024, 3, 1, 9, 5), False),
        ("1.3.2024 9:05", "d.M.yyyy H:mm", datetime(2024, 3, 1, 9, 5), False),
        ("03/01/24", "MM/dd/yy", datetime(2024, 3, 1), False),
        ("3/1/2024 12:05 AM", "M/d/yyyy h:mm a", datetime(2024, 3, 1, 0, 5), False),
        ("1 May 2024 00:12:45 UTC", "d MMM yyyy HH:mm:ss z", datetime(2024, 5, 1, 0, 12, 45), True),
        ("2024-03-01T09:05:00.25+02:00", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", datetime(2024, 3, 1, 7, 5, 0, 250_000), True),
        ("2024-03-01 09:05:00 -0530", "yyyy-MM-dd HH:mm:ss XX", datetime(2024, 3, 1, 14, 35), True),
        ("2024-03-01T09:05:00Z", "yyyy-MM-dd'T'HH:mm:ss[.SSS]XXX", datetime(2024, 3, 1, 9, 5), True),
    ],
)
def test_a_text_is_the_time_that_its_pattern_says(text: str, pattern: str, time: datetime, is_instant: bool) -> None:
    assert read_time(text, pattern) == (time, is_instant)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("1.3.2024", "dd.MM.yyyy"), ("2024-02-30", "yyyy-MM-dd"), ("2024-03-01 x", "yyyy-MM-dd"), ("13:00 PM", "hh:mm a")],
)
def test_a_text_of_another_form_is_no_time(text: str, pattern: str) -> None:
    assert read_time(text, pattern) is None


@pytest.mark.parametrize("pattern", ["yyyy-MM-dd VV", "yyyy DDD", "yyyy-MM-dd hh:mm"])
def test_letters_whose_reading_is_not_known_are_left_to_spark(pattern: str) -> None:
    with pytest.raises(Unsupported):
        read_time("2024", pattern)


def test_local_times_follow_the_zone_of_the_source() -> None:
    assert to_utc(datetime(2024, 7, 1, 12), "Europe/Berlin") == datetime(2024, 7, 1, 10)
    assert to_local(datetime(2024, 1, 1, 12), "Europe/Berlin") == datetime(2024, 1, 1, 13)
