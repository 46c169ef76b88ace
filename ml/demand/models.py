"""The candidates: for each level, which models there are and what they forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from pyspark.sql import SparkSession

from ml.demand import boosting, statistical, structural
from ml.demand.calendar import Known, effects
from ml.demand.panel import LEVELS, Level, Numbers, Panel
from ml.demand.shares import share_forecast

BASELINES = ("seasonal_naive", "recent_mean")
SHARES = {"share_13": 13.0, "share_52": 52.0}
"""Rates of the whole one level above, with their half-lives in weeks."""
MODELS: Mapping[Level, tuple[str, ...]] = {
    "total": ("structural", "theta", "mstl", "auto_ets", "xgboost"),
    "category": (*SHARES, "theta", "mstl", "auto_ets", "xgboost"),
    "product": (*SHARES, "theta", "croston", "xgboost"),
}
"""What is tried at a level beside the baselines and the combination of them."""
COMBINED = "combination"
TRUNK = "structural"
"""The model of the total whose parts the shares are."""
MEMBERS: Mapping[Level, tuple[str, ...]] = {
    "total": ("structural", "auto_ets", "xgboost"),
    "category": ("share_13", "share_52", "xgboost"),
    "product": ("share_13", "share_52", "xgboost"),
}
"""What the combination is the mean of."""
Base = dict[Level, dict[str, Numbers]]
"""Level -> model -> shape (series, horizon)."""


@dataclass(frozen=True)
class Task:
    """One measure of a panel at an origin, and how far to look."""

    panel: Panel
    """Until the origin."""
    measure: str
    known: Known
    horizon: int
    wanted: frozenset[str] | None = None
    """Names of the models that are asked for; None: all."""
    spark: SparkSession | None = None


def base_forecasts(task: Task, booster: boosting.Booster | None) -> Base:
    """What each candidate makes of each level, before levels are made to add up.

    MSTL is there where two full years are; XGBoost where a booster is given.
    """
    found: Base = {}
    for level in LEVELS:
        past = task.panel.at(level, task.measure)
        names = [name for name in MODELS[level] if name in _STATISTICAL]
        if past.shape[1] < statistical.TWO_CYCLES and "mstl" in names:
            names.remove("mstl")
        if task.wanted is not None:
            names = [name for name in names if name in task.wanted]
        found[level] = {
            "seasonal_naive": statistical.seasonal_naive(past, task.horizon),
            "recent_mean": statistical.recent_mean(past, task.horizon),
            **statistical.fitted(past, task.horizon, names, task.spark),
            **_WITHIN[level](task, found),
        }
    if booster is not None:
        trunk = found["total"][TRUNK][0]
        for level, values in boosting.forecasts(booster, task.panel, task.measure, trunk, task.known).items():
            found[level]["xgboost"] = values
    for level, members in MEMBERS.items():
        found[level][COMBINED] = np.mean([found[level][name] for name in members if name in found[level]], axis=0)
    return found


_STATISTICAL = ("theta", "mstl", "auto_ets", "croston")


def _total(task: Task, found: Base) -> dict[str, Numbers]:
    known = effects(task.panel.first, task.panel.weeks + task.horizon, task.known)
    return {TRUNK: structural.forecast(task.panel.at("total", task.measure)[0], known)[None, :]}


def _categories(task: Task, found: Base) -> dict[str, Numbers]:
    past = task.panel.at("category", task.measure)
    whole = found["total"][TRUNK]
    every = np.zeros(len(past), dtype=np.int64)
    return {name: share_forecast(past, every, whole, half_life) for name, half_life in SHARES.items()}


def _products(task: Task, found: Base) -> dict[str, Numbers]:
    past = task.panel.at("product", task.measure)
    return {
        name: share_forecast(past, task.panel.category, found["category"]["share_52"], half_life)
        for name, half_life in SHARES.items()
    }


_WITHIN: dict[Level, Callable[[Task, Base], dict[str, Numbers]]] = {
    "total": _total,
    "category": _categories,
    "product": _products,
}
