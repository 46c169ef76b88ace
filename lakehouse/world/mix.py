"""Which products are sold in the span, as expected: what prices and returns are scaled by.

Follows `lines.with_product_drawn`: a draw by popularity that misses a product's demand is drawn again, the last time
for a product that is always sold; pairs add their companions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lakehouse.world.chance import Numbers

Places = npt.NDArray[np.int64]
ALWAYS = 100_000
"""A day after all others."""
TRIES = 3
RAMP_UP_DAYS, RAMP_DOWN_DAYS = 30, 60
"""How long a product takes to its full demand after its launch, and from it before its end."""
SAMPLES = 60


@dataclass(frozen=True)
class Range:
    """Products in order of price, and how they sell."""

    popularity: Numbers
    """Share of the draws; sums to 1."""
    launched: Places
    """Day of the launch; negative for products sold before the span."""
    ended: Places
    """Day of the end; ALWAYS where there is none."""
    leads: Places
    """Products that have a companion: they only open a basket."""
    companions: Places
    companion_chance: Numbers

    @property
    def is_lead(self) -> npt.NDArray[np.bool_]:
        return np.isin(np.arange(len(self.popularity)), self.leads)

    @property
    def stand_in(self) -> Places:
        """For each product the one next to it in price that is sold on every day and leads no pair."""
        steady = np.flatnonzero((self.launched < 0) & (self.ended >= ALWAYS) & ~self.is_lead)
        after = np.searchsorted(steady, np.arange(len(self.popularity))).clip(0, len(steady) - 1)
        return np.asarray(steady[after], dtype=np.int64)


def expected_mix(sold: Range, days: Numbers, more_lines: float) -> Numbers:
    """Share of each product (column) in the lines of each day (row); rows sum to 1."""
    demand = np.minimum((days[:, None] - sold.launched) / RAMP_UP_DAYS, (sold.ended - days[:, None]) / RAMP_DOWN_DAYS)
    demand = np.where(sold.launched < 0, (sold.ended - days[:, None]) / RAMP_DOWN_DAYS, demand).clip(0, 1)
    first = _drawn(sold, demand)
    others = _drawn(sold, demand * ~sold.is_lead)
    along = np.zeros_like(first)
    along[:, sold.companions] = first[:, sold.leads] * sold.companion_chance
    lines = first + more_lines * others + along
    return np.asarray(lines / lines.sum(axis=1, keepdims=True), dtype=np.float64)


def _drawn(sold: Range, demand: Numbers) -> Numbers:
    taken = sold.popularity * demand
    missed = 1 - taken.sum(axis=1, keepdims=True)
    # After the last try the product that was drawn, though it is not sold, gives way to the one next to it.
    gives_way = np.eye(len(sold.popularity))[sold.stand_in]
    left = (sold.popularity * (1 - demand)) @ gives_way
    return np.asarray(taken * sum(missed**n for n in range(TRIES)) + left * missed ** (TRIES - 1), dtype=np.float64)
