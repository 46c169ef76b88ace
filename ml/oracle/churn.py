"""How well churn of a generated shop can be foretold at all: by those who know what was planted.

The informed oracle knows the shop's parameters (how rates and drop-out are spread, the season, the share of orders that
are completed) and, of each customer, the completed orders before the cut-off. The classed one also knows the segment
that the shop had given the customer by then, which is the hidden rate and spend seen through noise. The all-seeing one
knows each customer's own rate and drop-out, and who has left already: nobody can know more before the cut-off.

The story (lakehouse/world/orders.py) on the clock of purchases, of a customer with rate l and drop-out p, of whose
orders a share c is completed: completed orders that are not the last come at rate l (1 - p) c, a last one that is
completed at l p c, and a last one that is not at l p (1 - c). Contacts of campaigns, which add orders, no oracle sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from lakehouse.world.clock import MONTH, Clock, purchase_clock
from lakehouse.world.profile import Profile
from ml.evaluation.cases import Measure, Numbers
from ml.evaluation.probabilities import accuracy, brier, pr_auc, roc_auc

ORACLES = ("informed", "classed", "all_seeing")
MEASURES: Mapping[str, Measure] = {"roc_auc": roc_auc, "pr_auc": pr_auc, "accuracy": accuracy, "brier": brier}
_RATES, _DROPS, _LEVELS, _NOISES = 80, 40, 40, 20
_AT_ONCE = 400
_LEAST_VIP, _LEAST_REGULAR = 0.30, 0.07
_LEAST_NOISE, _NOISE = 0.6, 0.8
_SEGMENT_MONTH = 30.4
"""As lakehouse/world/customer_rows.py classes customers."""


@dataclass(frozen=True)
class Histories:
    """What is known of customers at a cut-off: one element each, times in operational days since the first order."""

    frequency: Numbers
    """Completed orders after the first."""
    recency: Numbers
    """To the last of them."""
    observed: Numbers
    """To the cut-off."""


def ceilings(
    orders: pd.DataFrame,
    truth: pd.DataFrame,
    profile: Profile,
    *,
    cut_off: date,
    horizon_days: int,
    look_back_days: int,
    segments: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """One row for each customer who ordered in the look-back days: `customer_id`, `churned`, and each of ORACLES.

    `orders` are completed ones (`customer_id`, `order_date`), `truth` is true_customers of the shop. `segments` are
    those that the shop had given customers by the cut-off; without them `classed` is left out.
    """
    known = _known(orders, cut_off, look_back_days)
    ahead = pd.Timestamp(cut_off + timedelta(days=horizon_days))
    days = pd.to_datetime(orders["order_date"])
    back = set(orders.loc[(days >= pd.Timestamp(cut_off)) & (days < ahead), "customer_id"])
    clock = purchase_clock(profile, max(profile.days, (ahead.date() - profile.start).days) + 1)
    histories, horizon = _on_clock(known, clock, profile.start, cut_off, horizon_days)
    grid = _Grid(profile)
    found = pd.DataFrame({"customer_id": known.index, "churned": (~known.index.isin(back)).astype(float)})
    found["informed"] = grid.no_order(histories, horizon, grid.prior(None)[None, :])
    if segments is not None:
        names = pd.Series(segments).reindex(known.index)
        priors = {name: grid.prior(name) for name in names.dropna().unique()}
        weights = np.stack([priors.get(name, grid.prior(None)) for name in names])
        found["classed"] = grid.no_order(histories, horizon, weights)
    found["all_seeing"] = _all_seeing(truth, known.index, cut_off, horizon, profile.spend.completed)
    return found


def figures(found: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Oracle -> measure -> value, and `majority`: what saying the commoner outcome of all comes to."""
    churned = found["churned"].to_numpy()
    names = [name for name in ORACLES if name in found]
    made = {name: {one: take(churned, found[name].to_numpy()) for one, take in MEASURES.items()} for name in names}
    alike = np.full(len(churned), churned.mean())
    return made | {"majority": {name: measure(churned, alike) for name, measure in MEASURES.items()}}


def _known(orders: pd.DataFrame, cut_off: date, look_back_days: int) -> pd.DataFrame:
    """By customer_id: day of the first and of the last order before the cut-off, and how many there were."""
    days = pd.to_datetime(orders["order_date"])
    before = orders.assign(day=days)[(days < pd.Timestamp(cut_off)) & orders["customer_id"].notna()]
    found = before.groupby("customer_id")["day"].agg(["min", "max", "size"])
    return found[found["max"] >= pd.Timestamp(cut_off - timedelta(days=look_back_days))]


def _on_clock(
    known: pd.DataFrame, clock: Clock, start: date, cut_off: date, horizon_days: int
) -> tuple[Histories, float]:
    """Histories on the clock of purchases, orders at noon; and how long the horizon is on it."""

    def at(days: pd.Series[pd.Timestamp]) -> Numbers:
        numbers = (days - pd.Timestamp(start)).dt.days.to_numpy() + 0.5
        return np.asarray(np.interp(numbers, np.arange(len(clock.elapsed)), clock.elapsed), dtype=np.float64)

    first, last = at(known["min"]), at(known["max"])
    begins, ends = (clock.on((cut_off - start).days + ahead) for ahead in (0, horizon_days))
    return Histories(known["size"].to_numpy() - 1.0, last - first, begins - first), ends - begins


class _Grid:
    """Rates and drop-out probabilities of the shop's customers, as a grid of equally likely pairs."""

    def __init__(self, profile: Profile) -> None:
        purchase, self.completed = profile.purchase, profile.spend.completed
        rates = stats.gamma(purchase.rate_shape, scale=1 / purchase.rate_months).ppf(_middles(_RATES)) / MONTH
        drops = stats.beta(purchase.drop_a, purchase.drop_b).ppf(_middles(_DROPS))
        self._rates_alone = rates
        self.rates, self.drops = np.repeat(rates, _DROPS), np.tile(drops, _RATES)
        shape = profile.spend.level_cv**-2
        self._levels = stats.gamma(shape, scale=1 / shape).ppf(_middles(_LEVELS))

    def prior(self, segment: str | None) -> Numbers:
        """How likely each pair is, given the segment (up to a factor); all alike where none is known."""
        if segment is None:
            return np.ones(len(self.rates))
        noise = _LEAST_NOISE + _NOISE * _middles(_NOISES)
        worth = self._rates_alone[:, None, None] * _SEGMENT_MONTH * self._levels[None, :, None] * noise
        classes = np.select([worth > _LEAST_VIP, worth > _LEAST_REGULAR], ["VIP", "Regular"], "Occasional")
        return np.repeat((classes == segment).mean(axis=(1, 2)), _DROPS)

    def no_order(self, known: Histories, horizon: float, weights: Numbers) -> Numbers:
        """For each customer the probability of no completed order within the horizon; a row of weights each, or one."""
        found = np.empty(len(known.frequency))
        for begin in range(0, len(found), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            x, recency, observed = (values[part, None] for values in (known.frequency, known.recency, known.observed))
            alive, gone = self._states(x, recency, observed)
            prior = weights if len(weights) == 1 else weights[part]
            stays_away = gone + alive * quiet(self.rates, self.drops, self.completed, horizon)
            found[part] = (prior * stays_away).sum(axis=1) / (prior * (alive + gone)).sum(axis=1)
        return found

    def _states(self, x: Numbers, recency: Numbers, observed: Numbers) -> tuple[Numbers, Numbers]:
        """Likelihood of a history together with being a customer still, and with being none any more."""
        rate, drop, share = self.rates, self.drops, self.completed
        ends = rate * (share + drop * (1 - share))
        since = np.where(x > 0, observed - recency, observed)
        orders = np.where(x > 0, (x - 1) * np.log(rate * (1 - drop) * share) - ends * recency, 0.0)
        with_last = np.where(x > 0, rate * (1 - drop) * share, 1.0)
        still = with_last * np.exp(-ends * since)
        left = with_last * (quiet(rate, drop, share, since) - np.exp(-ends * since))
        left = left + np.where(x > 0, rate * drop * share, 0.0)
        likelihood = np.exp(orders - orders.max(axis=1, keepdims=True))
        return likelihood * still, likelihood * left


def quiet(rate: Numbers, drop: Numbers, completed: float, time: Numbers | float) -> Numbers:
    """Probability of no completed order in a time, of one who is a customer at its begin."""
    ends = completed + drop * (1 - completed)
    return np.asarray(1 - completed / ends * (1 - np.exp(-rate * ends * time)))


def _all_seeing(truth: pd.DataFrame, customers: pd.Index[str], cut_off: date, horizon: float, share: float) -> Numbers:
    known = truth.set_index("customer_id").reindex(customers)
    begins = pd.Timestamp(cut_off, tz="UTC")
    has_left = (pd.to_datetime(known["dropped_out_at"], utc=True) < begins).to_numpy()
    rate, drop = (known[name].to_numpy(dtype="float64") for name in ("orders_a_month", "drop_out_probability"))
    return np.where(has_left, 1.0, quiet(rate / MONTH, drop, share, horizon))


def _middles(number: int) -> Numbers:
    """Middles of as many parts of (0, 1)."""
    return (np.arange(number) + 0.5) / number
