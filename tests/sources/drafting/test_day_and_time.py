"""A day in one column and the time of day in another make one time."""

from __future__ import annotations

import pytest

from lakehouse.sources.drafting.day_and_time import time_patterns
from tests.sources.drafting.conftest import Draft

TILL = "order_id,sku,qty,price,Date,Time\nA1,P,1,2.50,01/03/2024,9:15\nA2,P,1,2.50,31/03/2024,21:05\n"


def test_a_draft_puts_day_and_time_of_day_together_and_reads_a_row_without_time_as_a_day(draft: Draft) -> None:
    source = draft({"till.csv": TILL})
    assert source.feeds["order_lines"].columns["ordered_at"] == "concat_ws(' ', `Date`, `Time`)"
    assert source.files["till"].date_formats == ("dd/MM/yyyy H:mm", "dd/MM/yyyy")


@pytest.mark.parametrize(
    "text",
    [
        TILL.replace("9:15", "early"),
        TILL.replace("01/03/2024", "01/03/2024 10:00").replace("31/03/2024", "31/03/2024 10:00"),
        TILL.replace(",Time", ",delivered"),
    ],
    ids=["no time of day", "the day has one itself", "another name"],
)
def test_a_column_that_adds_no_time_of_day_is_left_alone(draft: Draft, text: str) -> None:
    assert draft({"till.csv": text}).feeds["order_lines"].columns["ordered_at"] == "`Date`"


@pytest.mark.parametrize(
    ("texts", "patterns"),
    [
        (["9:15", "21:05"], ["H:mm"]),
        (["09:15:00", "9:15"], ["H:mm:ss", "H:mm"]),
        (["9:15 pm", "9:15:00.25AM"], ["h:mm a", "h:mm:ss.SSa"]),
        (["9:15", "9.15"], []),
        ([], []),
    ],
)
def test_times_of_day_are_read_by_these_patterns(texts: list[str], patterns: list[str]) -> None:
    assert time_patterns(texts) == patterns
