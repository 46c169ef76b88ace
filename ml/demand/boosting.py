"""One global XGBoost for the series of all levels and measures: direct forecasts, one row for each week ahead.

What a row says was known at its origin, or is known beforehand of the week to come (calendar, planned campaigns).
Trees cannot go beyond what they have seen, so the trend is left to the trunk, the structural model's forecast of the
total from the same origin: what is learnt is sales over (the series' own recent mean x the trunk over its recent mean),
a number about 1, which large and small series teach one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ml.demand.calendar import COLUMNS, Known, effects
from ml.demand.panel import LEVELS, Level, Numbers, Panel
from ml.demand.states import YEAR
from ml.demand.statistical import seasonal_naive
from ml.demand.structural import forecast

Booster = Any
SCALE_WEEKS = 8
FIRST_ORIGIN = 16
MOST_ROWS = 80_000
PRODUCTS_EVERY = 6
"""Products give rows at each sixth origin only: there are many of them, and weeks beside one another say the same."""
LEARNT = ("lines", "revenue")
ROUNDS = 100
PARAMETERS = {
    "objective": "count:poisson",
    "eta": 0.08,
    "max_depth": 4,
    "min_child_weight": 20,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "lambda": 5.0,
    "tree_method": "hist",
    "max_bin": 64,
    "nthread": 1,  # churn and lifetime value are trained beside: a second thread would wait for them, and burn its time
}
MOST_MULTIPLE = 6.0
LAGS = (1, 2, 3, 4)
MEANS = (4, 13, 26)


Trunks = Mapping[str, Mapping[int, Numbers]]
"""Measure -> weeks known at the origin -> forecast of the total."""


def trunks(panel: Panel, known: Known, horizon: int) -> Trunks:
    """The structural forecasts of the total at all origins that rows are taken from; each knows nothing later."""
    found: dict[str, dict[int, Numbers]] = {}
    for measure in LEARNT:
        total = panel.at("total", measure)[0]
        every = effects(panel.first, panel.weeks, known)
        found[measure] = {
            origin: forecast(total[:origin], every.until(origin + horizon)).mean
            for origin in range(FIRST_ORIGIN, panel.weeks - horizon + 1)
        }
    return found


def trained(
    panel: Panel, trunks: Trunks, known: Known, horizon: int, *, seed: int, rounds: int = ROUNDS
) -> Booster | None:
    """A booster from all origins whose weeks lie in the panel; None where there are no such origins."""
    import xgboost

    parts = list(_training_rows(panel, trunks, known, horizon))
    if not parts:
        return None
    features, target, weight = (np.concatenate([part[n] for part in parts]) for n in range(3))
    if len(target) > MOST_ROWS:
        kept = np.sort(np.random.default_rng(seed).choice(len(target), MOST_ROWS, replace=False))
        features, target, weight = features[kept], target[kept], weight[kept]
    data = xgboost.DMatrix(features, label=target, weight=weight, feature_names=list(feature_names()))
    return xgboost.train({**PARAMETERS, "seed": seed}, data, num_boost_round=rounds)


def loaded(raw: bytes) -> Booster:
    """A booster from the bytes of XGBoost's own format."""
    import xgboost

    booster = xgboost.Booster({"nthread": PARAMETERS["nthread"]})
    booster.load_model(bytearray(raw))
    return booster


def _training_rows(
    panel: Panel, trunks: Trunks, known: Known, horizon: int
) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    for measure in LEARNT:
        for origin in range(FIRST_ORIGIN, panel.weeks - horizon + 1):
            trunk = trunks[measure][origin]
            for level in LEVELS:
                if level == "product" and (panel.weeks - origin - horizon) % PRODUCTS_EVERY:
                    continue
                ahead = panel.at(level, measure)[:, origin : origin + horizon]
                expected, rows = _rows(panel.until(origin), level, measure, trunk, known)
                is_known = expected[:, 0] > 0
                target = np.clip(ahead[is_known] / expected[is_known], 0, MOST_MULTIPLE)
                # Each level counts alike, and within it each series by the root of its size.
                weight = np.sqrt(expected[is_known])
                yield rows[is_known].reshape(-1, rows.shape[2]), target.ravel(), (weight / weight.sum()).ravel() * 1000


def forecasts(booster: Booster, panel: Panel, measure: str, trunk: Numbers, known: Known) -> dict[Level, Numbers]:
    """Level -> shape (series, horizon), from the end of the panel on. `trunk`: the forecast of the total."""
    import xgboost

    found: dict[Level, Numbers] = {}
    for level in LEVELS:
        expected, rows = _rows(panel, level, measure, trunk, known)
        data = xgboost.DMatrix(rows.reshape(-1, rows.shape[2]), feature_names=list(feature_names()))
        multiple = booster.predict(data).reshape(expected.shape).astype(float)
        found[level] = np.maximum(multiple, 0) * expected
    return found


def _rows(panel: Panel, level: Level, measure: str, trunk: Numbers, known: Known) -> tuple[Numbers, Numbers]:
    """What the trunk says of each series, shape (series, horizon), and features, one axis more."""
    past, horizon = panel.at(level, measure), len(trunk)
    recent = max(_scale(panel.at("total", measure))[0], 1e-9)
    rise = trunk / recent
    by_series = _of_series(past, panel, level, measure)
    by_week = {**_of_weeks(panel, known, horizon), "trunk": rise}
    rows = np.empty((len(past), horizon, len(feature_names())))
    for place, name in enumerate(feature_names()):
        rows[:, :, place] = by_series[name][:, None] if name in by_series else by_week.get(name, np.nan)
    expected = _scale(past)[:, None] * rise
    if panel.weeks > YEAR:
        last_year = seasonal_naive(past, horizon) / np.maximum(expected, 1e-9)
        rows[:, :, feature_names().index("last_year")] = np.minimum(last_year, MOST_MULTIPLE)
    return expected, rows


def _scale(past: Numbers) -> Numbers:
    recent = past[:, -SCALE_WEEKS:].mean(axis=1)
    longer = past[:, -26:].mean(axis=1)
    # A sparse series of which nothing was sold lately is still a series.
    return np.asarray(np.maximum(recent, 0.25 * longer), dtype=np.float64)


def feature_names() -> tuple[str, ...]:
    return (
        "level", "measure", "step", "week_of_year", "size", "age",
        *(f"lag_{lag}" for lag in LAGS), *(f"mean_{mean}" for mean in MEANS),
        "last_year", "trunk", "price", "price_change", *COLUMNS, "campaigns", "campaigns_at_origin",
    )  # fmt: skip


def _of_series(past: Numbers, panel: Panel, level: Level, measure: str) -> dict[str, Numbers]:
    count, origin = past.shape
    scale = _scale(past)
    safe = np.where(scale > 0, scale, 1.0)
    sold = past > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), origin)
    lately, before = (_price(panel, level, origin, weeks) for weeks in (SCALE_WEEKS, YEAR // 2))
    return {
        "level": np.full(count, float(LEVELS.index(level))),
        # Units go the way of lines.
        "measure": np.full(count, float(measure == "revenue")),
        "size": np.log1p(scale),
        "age": np.minimum(origin - first, YEAR).astype(float),
        **{f"lag_{lag}": past[:, -lag] / safe for lag in LAGS},
        **{f"mean_{mean}": past[:, -mean:].mean(axis=1) / safe for mean in MEANS},
        "price": np.log(before),
        "price_change": lately / before,
    }


def _price(panel: Panel, level: Level, origin: int, weeks: int) -> Numbers:
    """Revenue of a unit in the last weeks before an origin; NaN where none was sold."""
    sums = [panel.at(level, name)[:, max(0, origin - weeks) : origin].sum(axis=1) for name in ("revenue", "units")]
    return np.asarray(np.where(sums[0] > 0, sums[0], np.nan) / np.where(sums[1] > 0, sums[1], np.nan))


def _of_weeks(panel: Panel, known: Known, horizon: int) -> dict[str, Numbers]:
    origin = panel.weeks
    calendar = effects(panel.first, origin + horizon, known).values
    none = np.zeros(len(calendar))
    campaigns = calendar[:, len(COLUMNS)] if calendar.shape[1] > len(COLUMNS) else none
    number = [panel.week(origin + step).isocalendar().week for step in range(horizon)]
    return {
        "step": np.arange(1.0, horizon + 1),
        "week_of_year": np.array(number, dtype=float),
        **{name: calendar[origin:, place] for place, name in enumerate(COLUMNS)},
        "campaigns": campaigns[origin:],
        "campaigns_at_origin": np.full(horizon, campaigns[max(0, origin - SCALE_WEEKS) : origin].mean()),
    }
