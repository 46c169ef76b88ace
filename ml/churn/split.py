"""Which cut-offs are trained on, and which is tested on: no label of training lies in the time that is tested on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ml.training import Window

_YEAR = 365


@dataclass(frozen=True)
class Split:
    """Cut-offs of one training."""

    train: tuple[date, ...]
    """In order. Their horizons are over by the cut-off that is tested on: what followed it plays no part in them."""
    test: date
    horizon_days: int

    @property
    def calibrate(self) -> list[date]:
        """Those of training that calibration follows, by customers that the model was not fitted to."""
        return later(self.train)

    @property
    def spans_a_year(self) -> bool:
        """False where the time of year is nothing but a trend."""
        return (self.train[-1] - self.train[0]).days >= _YEAR

    @property
    def window(self) -> Window:
        horizon = timedelta(days=self.horizon_days)
        return Window(self.train[0], self.train[-1] + horizon, self.test, self.test + horizon)


def later(cut_offs: Iterable[date]) -> list[date]:
    """The later half; of an odd number the one in the middle too. The newest alone would be one month's mood."""
    ordered = sorted(cut_offs)
    return ordered[len(ordered) // 2 :]


def split(cut_offs: Iterable[date], *, as_of: date, horizon_days: int) -> Split | None:
    """The newest cut-off whose horizon is over by as_of is for the test; None where none before it is far enough away.

    A horizon that ends at a day takes that day no more: orders count in [cut-off, cut-off + horizon).
    """
    horizon = timedelta(days=horizon_days)
    labelled = sorted(one for one in set(cut_offs) if one + horizon <= as_of)
    if not labelled:
        return None
    test = labelled[-1]
    train = tuple(one for one in labelled if one + horizon <= test)
    return Split(train, test, horizon_days) if train else None
