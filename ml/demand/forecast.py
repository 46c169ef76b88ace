"""Forecasts as they are published: the methods of a plan, what is said of single products, levels that add up."""

from __future__ import annotations

import numpy as np

from ml.demand.coherence import reconciled
from ml.demand.models import BASELINES, Base, Task
from ml.demand.panel import LEVELS, Level, Numbers
from ml.demand.plan import Choice
from ml.demand.states import State
from ml.demand.statistical import seasonal_naive

NEW_PRODUCTS = "share"
"""How products without a history of their own are forecast: by their share of the category, drawn to a middling one."""
METHOD_OF_STATE = {"new": NEW_PRODUCTS, "discontinued": "none", "out_of_season": "seasonal_naive"}
"""What products in these states are forecast by, whatever the method of their level."""


def follow(choice: Choice, base: Base, task: Task, states: list[State]) -> dict[Level, Numbers]:
    """Level -> forecasts of shape (series, horizon) that add up."""
    chosen = {level: base[level][choice.methods[level]] for level in LEVELS}
    if choice.methods["product"] not in BASELINES:
        chosen["product"] = by_state(chosen["product"], base, task, states)
    return reconciled(chosen, task.panel, choice.way)


def by_state(values: Numbers, base: Base, task: Task, states: list[State]) -> Numbers:
    """Forecasts of products, with those in special states replaced."""
    state = np.array(states)
    out = values.copy()
    out[state == "new"] = base["product"][NEW_PRODUCTS][state == "new"]
    out[state == "discontinued"] = 0
    is_seasonal = state == "out_of_season"
    if is_seasonal.any():
        out[is_seasonal] = _last_year(task)[is_seasonal]
    return out


def _last_year(task: Task) -> Numbers:
    return seasonal_naive(task.panel.at("product", task.measure), task.horizon)


def method_of(choice: Choice, level: Level, state: State) -> str:
    """Name of what a series was forecast by."""
    method = choice.methods[level]
    return method if level != "product" or method in BASELINES else METHOD_OF_STATE.get(state, method)
