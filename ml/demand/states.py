"""What state a product is in at an origin: what can be said of its sales to come before any model is asked."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ml.demand.panel import Numbers

State = Literal["active", "new", "sparse", "discontinued", "out_of_season"]
NEW_WEEKS = 8
"""Weeks since the first sale below which a product has no history of its own to speak of."""
YEAR = 52
IMPLAUSIBLE = 0.001
"""A silence as long as this one happens to a product that is still sold with less than this probability."""
SHORTEST_SILENCE = 4
SPARSE = 4 / 3
"""Mean weeks from one week with a sale to the next from which on demand is intermittent (Syntetos & Boylan 2005, who
have 1.32)."""
SEASON_SLACK = 2
"""Weeks by which a season may come sooner or end later than a year ago."""


def states(lines: Numbers, horizon: int) -> list[State]:
    """State of each product (row) after the last week of `lines`, for forecasts of `horizon` weeks.

    - new: first sold less than 8 weeks ago, or not sold yet
    - discontinued: silent for so long that, with Poisson sales at its own rate, less than one in a thousand would be
    - out_of_season: silent likewise, but all its sales of the last year were in the weeks that are to
      come, and none in as many weeks before them
    - sparse: a sale in fewer than three weeks of four; active: all others
    """
    return [_state(row, horizon) for row in lines]


def _state(row: Numbers, horizon: int) -> State:
    weeks = np.flatnonzero(row > 0)
    if len(weeks) == 0 or len(row) - weeks[0] < NEW_WEEKS:
        return "new"
    first, last = int(weeks[0]), int(weeks[-1])
    silence = len(row) - 1 - last
    recent = row[max(first, last + 1 - YEAR // 2) : last + 1]
    if silence >= SHORTEST_SILENCE and np.exp(-silence * recent.mean()) < IMPLAUSIBLE:
        season = len(row) - YEAR - SEASON_SLACK, len(row) - YEAR + horizon + SEASON_SLACK
        of_last_year = weeks[weeks >= len(row) - YEAR - horizon]
        in_season = (of_last_year >= season[0]) & (of_last_year < season[1])
        is_seasonal = len(row) > YEAR and len(of_last_year) > 0 and bool(in_season.all())
        return "out_of_season" if is_seasonal else "discontinued"
    return "sparse" if (last + 1 - first) / len(weeks) >= SPARSE else "active"
