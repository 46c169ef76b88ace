"""The candidates: for each level, which models there are and what they forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pyspark.sql import SparkSession

from ml.demand import boosting, statistical, structural
from ml.demand.calendar import Known, effects
from ml.demand.panel import LEVELS, Level, Numbers, Panel
from ml.demand.shares import Whole, per_line, share_forecast

BASELINES = ("seasonal_naive", "recent_mean")
STATISTICAL: Mapping[Level, tuple[str, ...]] = {
    "total": ("theta", "mstl", "auto_ets"),
    "category": ("theta", "mstl", "auto_ets"),
    "product": ("theta", "croston"),
}
"""What is tried at a level of statsforecast's models."""
NOT_OF_PRODUCTS = ("units",)
"""Measures whose products go the way of lines: their models are not fitted once more."""
TRUNK: Mapping[Level, str] = {"total": "structural", "category": "share", "product": "share"}
"""The structural model of the total, and the shares of it."""
COMBINED = "combination"
"""The mean of trunk and booster."""
PER_LINE = "per_line"
"""The trunk of lines times what a line brings: of revenue and units."""
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

    def wants(self, name: str) -> bool:
        return self.wanted is None or name in self.wanted

    @property
    def unit(self) -> float:
        """What one line brings of the measure, on average: the unit that errors are measured in."""
        lines, sold = self.panel.sales["lines"].sum(), self.panel.sales[self.measure].sum()
        return float(sold / lines) if lines > 0 and sold > 0 else 1.0


@dataclass(frozen=True)
class Said:
    """What all candidates say from an origin."""

    base: Base
    """Before levels are made to add up."""
    doubt: Numbers
    """Of the structural model: standard deviation of the logarithm of the total, by week to come."""


def base_forecasts(task: Task, booster: boosting.Booster | None, of_lines: Base | None = None) -> Said:
    """What each candidate makes of each level, before levels are made to add up.

    MSTL is there where two full years are, XGBoost where a booster is given, `per_line` where the forecasts of lines
    are.
    """
    found, doubt = _trunk(task)
    for level in LEVELS:
        past = task.panel.at(level, task.measure)
        found[level] |= {
            "seasonal_naive": statistical.seasonal_naive(past, task.horizon),
            "recent_mean": statistical.recent_mean(past, task.horizon),
            **statistical.fitted(past, task.horizon, _statistical(task, level), task.spark),
        }
    if of_lines is not None:
        for level, values in _per_line(task, of_lines).items():
            found[level][PER_LINE] = values
    if booster is not None:
        trunk = found["total"][TRUNK["total"]][0]
        for level, values in boosting.forecasts(booster, task.panel, task.measure, trunk, task.known).items():
            found[level]["xgboost"] = values
            found[level][COMBINED] = (values + found[level][TRUNK[level]]) / 2
    return Said(found, doubt)


def _statistical(task: Task, level: Level) -> list[str]:
    if level == "product" and task.measure in NOT_OF_PRODUCTS:
        return []
    has_cycles = task.panel.weeks >= statistical.TWO_CYCLES
    return [name for name in STATISTICAL[level] if task.wants(name) and (has_cycles or name != "mstl")]


def _trunk(task: Task) -> tuple[Base, Numbers]:
    past = {level: task.panel.at(level, task.measure) for level in LEVELS}
    beforehand = effects(task.panel.first, task.panel.weeks + task.horizon, task.known)
    outlook = structural.forecast(past["total"][0], beforehand)
    total = outlook.mean[None, :]
    every = np.zeros(len(past["category"]), dtype=np.int64)
    categories = share_forecast(past["category"], every, Whole(past["total"], total), task.unit)
    whole = Whole(past["category"], categories)
    products = share_forecast(past["product"], task.panel.category, whole, task.unit)
    values: dict[Level, Numbers] = {"total": total, "category": categories, "product": products}
    return {level: {TRUNK[level]: values[level]} for level in LEVELS}, outlook.deviation


def _per_line(task: Task, of_lines: Base) -> dict[Level, Numbers]:
    found: dict[Level, Numbers] = {}
    above = np.array([task.unit])
    places = {"total": np.zeros(1, dtype=np.int64), "category": np.zeros(len(task.panel.categories), dtype=np.int64)}
    for level in LEVELS:
        place = places.get(level, task.panel.category)
        above = per_line(task.panel.at(level, task.measure), task.panel.at(level, "lines"), above[place])
        found[level] = of_lines[level][TRUNK[level]] * above[:, None]
    return found
