"""Models of single series: statsforecast's, over partitions where there are many series; theta, and naive ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from ml.demand.panel import Numbers
from ml.demand.states import YEAR
from ml.demand.theta import theta

RECENT_WEEKS = 8
MOST_LOCAL_SERIES = 3_000
"""Series up to which they are forecast in this process."""
TWO_CYCLES = 2 * YEAR
Fitted = Sequence[str]


def recent_mean(past: Numbers, horizon: int) -> Numbers:
    """The mean of the last eight weeks, for each series (row)."""
    mean = past[:, -RECENT_WEEKS:].mean(axis=1, keepdims=True)
    return np.repeat(mean, horizon, axis=1)


def seasonal_naive(past: Numbers, horizon: int) -> Numbers:
    """The same week a year (52 weeks) before; where the history does not reach back to it, the mean of the last eight.

    Linear in the series, so forecasts of parts add up to those of their whole.
    """
    weeks = past.shape[1]
    ahead = np.arange(horizon)
    source = weeks + ahead - YEAR * (ahead // YEAR + 1)
    return np.asarray(np.where(source >= 0, past[:, np.maximum(source, 0)], recent_mean(past, horizon)))


def fitted(past: Numbers, horizon: int, names: Fitted, spark: SparkSession | None = None) -> dict[str, Numbers]:
    """Forecasts of each named model for each series (row), from its first sale on; never below 0.

    With `spark`, series beyond 3,000 are forecast by statsforecast over partitions, by the same function.
    """
    own = {name: np.maximum(theta(past, horizon), 0) for name in names if name == "theta"}
    others = [name for name in names if name not in own]
    return own | (_by_models(past, horizon, others, spark) if others else {})


def _by_models(past: Numbers, horizon: int, names: Fitted, spark: SparkSession | None) -> dict[str, Numbers]:
    long = _long(past)
    if spark is None or len(past) <= MOST_LOCAL_SERIES:
        found = _forecasts(long, horizon, names)
    else:
        schema = ", ".join(["series BIGINT", "step BIGINT", *(f"{name} DOUBLE" for name in names)])
        parts = max(2, len(past) // MOST_LOCAL_SERIES)
        rows = spark.createDataFrame(long.assign(part=long["series"] % parts))
        forecast = rows.groupBy("part").applyInPandas(lambda part: _forecasts(part, horizon, names), schema)
        found = forecast.toPandas().sort_values(["series", "step"])
    out = {}
    for name in names:
        out[name] = np.zeros((len(past), horizon))
        out[name][found["series"], found["step"]] = np.maximum(np.nan_to_num(found[name].to_numpy(dtype=float)), 0)
    return out


def _long(past: Numbers) -> pd.DataFrame:
    """`series`, `week`, `value`: each series from its first sale on; series without any are left out."""
    is_sold = np.maximum.accumulate(past > 0, axis=1)
    series, week = np.nonzero(is_sold)
    return pd.DataFrame({"series": series, "week": week, "value": past[series, week]})


def _forecasts(long: pd.DataFrame, horizon: int, names: Fitted) -> pd.DataFrame:
    """`series`, `step` (from 0) and a column for each model. Series of fewer than four weeks get their mean."""
    length = long.groupby("series")["value"].transform("size")
    parts = [_means(long[length < 4], horizon, names)]
    for is_long, rows in long[length >= 4].groupby(length >= TWO_CYCLES):
        parts.append(_by_statsforecast(rows, horizon, names, has_cycles=bool(is_long)))
    return pd.concat(parts, ignore_index=True)


def _means(rows: pd.DataFrame, horizon: int, names: Fitted) -> pd.DataFrame:
    mean = rows.groupby("series")["value"].mean()
    series = np.repeat(mean.index.to_numpy(), horizon)
    values = np.repeat(mean.to_numpy(), horizon)
    steps = np.tile(np.arange(horizon), len(mean))
    return pd.DataFrame({"series": series, "step": steps, **dict.fromkeys(names, values)})


def _by_statsforecast(rows: pd.DataFrame, horizon: int, names: Fitted, *, has_cycles: bool) -> pd.DataFrame:
    from statsforecast import StatsForecast

    frame = rows.rename(columns={"series": "unique_id", "week": "ds", "value": "y"})
    run = StatsForecast(models=list(_models(names, has_cycles)), freq=1, n_jobs=1, fallback_model=_naive())
    found = run.forecast(df=frame[["unique_id", "ds", "y"]], h=horizon)
    steps = found.groupby("unique_id").cumcount()
    return pd.DataFrame({"series": found["unique_id"], "step": steps, **{name: found[name] for name in names}})


def _naive() -> Any:
    from statsforecast.models import WindowAverage

    return WindowAverage(window_size=4)


def _models(names: Fitted, has_cycles: bool) -> Iterator[Any]:
    from statsforecast.models import MSTL, AutoETS, CrostonSBA

    for name in names:
        if name == "auto_ets":
            yield AutoETS(season_length=1, damped=True, alias=name)
        elif name == "croston":
            yield CrostonSBA(alias=name)
        elif name == "mstl":
            trend = AutoETS(model="ZZN", alias="trend")
            yield MSTL(season_length=YEAR, trend_forecaster=trend, alias=name) if has_cycles else trend_only(name)
        else:
            raise KeyError(name)


def trend_only(name: str) -> Any:
    """Instead of MSTL for a series without two full cycles."""
    from statsforecast.models import AutoETS

    return AutoETS(model="ZZN", alias=name)
