import numpy as np
import pytest

from ml.demand.states import states


def sold(weeks: int, *spans: tuple[int, int], every: int = 1) -> list[float]:
    row = np.zeros(weeks)
    for first, last in spans:
        row[first:last:every] = 2.0
    return row.tolist()


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (sold(60, (0, 60)), "active"),
        (sold(60, (0, 60), every=2), "sparse"),
        (sold(60, (53, 60)), "new"),
        (sold(60, (52, 60)), "active"),
        (sold(60), "new"),
        (sold(60, (0, 56)), "discontinued"),
        (sold(60, (0, 57)), "active"),
        (sold(60, (0, 50), every=10), "sparse"),
    ],
    ids=["each week", "each second", "since seven weeks", "since eight", "never", "silent for 4", "for 3", "rare"],
)
def test_a_product_is_known_by_its_own_rate(row, state):
    assert states(np.array([row]), 13) == [state]


def test_what_was_sold_in_the_same_weeks_of_last_year_alone_is_out_of_season():
    season = sold(80, (28, 41))
    assert states(np.array([season, sold(80, (28, 45)), sold(80, (20, 41))]), 13) == [
        "out_of_season",
        "discontinued",
        "discontinued",
    ]


def test_a_year_that_was_not_seen_makes_no_season():
    assert states(np.array([sold(40, (0, 13))]), 13) == ["discontinued"]
