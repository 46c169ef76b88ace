"""What figures leave out, and where they leave room, on a narrow screen."""

from __future__ import annotations

import pandas as pd

from dashboard.charts import bars, heat
from dashboard.charts.base import Look
from dashboard.formats import Formats
from dashboard.tokens import LIGHT
from tests.dashboard.test_charts import LOOK


def test_cells_beside_long_names_have_no_numbers_on_a_telephone():
    narrow = Look(LIGHT, Formats(), "GBP", is_narrow=True)

    def is_numbered(look: Look, row: str, columns: int) -> bool:
        names = [str(at) for at in range(columns)]
        drawn = heat.grid(look, [row], names, [[1.0] * columns], text=str, sentence=lambda *_: "")
        return any(one.type == "scatter" for one in drawn.figure.data)

    found = [is_numbered(narrow, *one) for one in (("F 5", 6), ("Autumn edit", 6), ("Autumn edit", 3), ("F 5", 7))]
    assert found == [True, False, True, False]
    assert is_numbered(LOOK, "Autumn edit", 14)


def test_a_label_left_of_a_pair_that_is_below_zero_has_room():
    frame = pd.DataFrame({"name": ["a", "b"], "one": [100.0, -1.0], "other": [50.0, 20.0]})
    for look, least in ((LOOK, 0.15), (Look(LIGHT, Formats(), "GBP", is_narrow=True), 0.27)):
        drawn = bars.pairs(look, frame, name="name", first=("one", "One"), second=("other", "Other"), text=str)
        low, high = drawn.figure.layout.xaxis.range
        assert (-1 - low) / (high - low) >= least
