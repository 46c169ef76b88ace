from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.charts.base import Look
from dashboard.formats import THIN, Formats
from dashboard.shell.kpi import Kpi, change
from dashboard.tokens import LIGHT

PAGE: Any = SimpleNamespace(look=Look(LIGHT, Formats(), "GBP"))


@pytest.mark.parametrize(
    ("now", "then", "more", "expected"),
    [
        (120.0, 100.0, {}, (f"+20.0{THIN}%", "up", "green")),
        (80.0, 100.0, {}, (f"−20.0{THIN}%", "down", "red")),
        (120.0, 100.0, {"less_is_better": True}, (f"+20.0{THIN}%", "up", "red")),
        (0.05, 0.04, {"is_share": True, "less_is_better": True}, (f"+1.0{THIN}points", "up", "red")),
        (0.04, 0.05, {"is_share": True, "less_is_better": True}, (f"−1.0{THIN}points", "down", "green")),
        (0.04, 0.0, {"is_share": True}, (f"+4.0{THIN}points", "up", "green")),
        (100.0, 100.0, {}, (f"0.0{THIN}%", "off", "gray")),
        (100.0, None, {}, ("nothing to compare with", "off", "gray")),
        (100.0, 0.0, {}, ("nothing to compare with", "off", "gray")),
        (None, 100.0, {}, (None, "off", "gray")),
    ],
)
def test_a_change_is_told_in_words_by_an_arrow_and_by_whether_it_is_better(now, then, more, expected):
    assert change(PAGE, Kpi("Name", "orders", "text", now=now, then=then, **more)) == expected
