"""Forecasts of the weeks to come, as rows of gold.demand_forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, SparkSession

from lakehouse.settings.models import Demand
from ml.demand import boosting
from ml.demand.calendar import Known, known
from ml.demand.coherence import reconciled
from ml.demand.forecast import follow, method_of
from ml.demand.intervals import Bounds, bounds
from ml.demand.models import Base, Said, Task, base_forecasts
from ml.demand.panel import LEVELS, Level, Numbers, Panel, panels
from ml.demand.plan import BOOSTER, Choice, Plan, from_files
from ml.demand.series import MEASURES, collected, last_week, weekly_sales
from ml.demand.states import State, states
from ml.demand.statistical import RECENT_WEEKS, recent_mean
from ml.extras import needs_extra
from ml.training import Files

SCHEMA = (
    "source_system STRING, currency STRING, series_level STRING, series_value STRING, product_durable_key BIGINT, "
    "category STRING, measure STRING, week_start DATE, horizon_week INT, forecast DOUBLE, low_80 DOUBLE, "
    "high_80 DOUBLE, low_95 DOUBLE, high_95 DOUBLE, method STRING, series_state STRING"
)
FALLBACK = "recent_mean"
LEAST_WEEKS = 20
"""Weeks of history below which even a champion is not followed."""


def score(
    days: DataFrame,
    products: DataFrame,
    calendar: DataFrame,
    campaigns: DataFrame,
    files: Files | None,
    *,
    as_of: date,
    rules: Demand,
) -> DataFrame:
    """Grain: one series, measure and week, of the `horizon_weeks` from the first week that is not over at `as_of` on.

    Frames are those that `train` takes, of one source. Without files, or with too little history, the mean of the last
    eight weeks with intervals from its own spread; no rows where there is no full week of sales.
    """
    frame = collected(weekly_sales(days, products, as_of=as_of, most_products=rules.most_products))
    spark = days.sparkSession
    source = products.select("source_system").first()
    plan = from_files(files) if files is not None else None
    if plan is not None:
        needs_extra()
    booster = boosting.loaded(files[BOOSTER]) if files is not None and BOOSTER in files else None
    beforehand = known(calendar, campaigns)
    parts: list[pd.DataFrame] = []
    for panel in panels(frame, last=last_week(as_of)):
        parts += _of_currency(panel, plan if panel.weeks >= LEAST_WEEKS else None, booster, beforehand, rules, spark)
    if not parts:
        return spark.createDataFrame([], SCHEMA)
    found = pd.concat(parts, ignore_index=True)
    found.insert(0, "source_system", source["source_system"] if source else "")
    found["product_durable_key"] = found["product_durable_key"].astype("Int64").astype(object)
    return spark.createDataFrame(found.astype(object).where(found.notna(), None), SCHEMA)


def _of_currency(
    panel: Panel,
    plan: Plan | None,
    booster: boosting.Booster | None,
    beforehand: Known,
    rules: Demand,
    spark: SparkSession,
) -> Iterator[pd.DataFrame]:
    state = states(panel.sales["lines"], rules.horizon_weeks)
    wanted = frozenset(plan.methods if plan else ())
    of_lines: Base | None = None
    for measure in MEASURES:
        task = Task(panel, measure, beforehand, rules.horizon_weeks, wanted, spark)
        said = base_forecasts(task, booster, of_lines) if plan else None
        if said is not None and measure == "lines":
            of_lines = said.base
        yield _rows(task, plan, said, state)


def _rows(task: Task, plan: Plan | None, said: Said | None, state: list[State]) -> pd.DataFrame:
    if plan is None or said is None:
        values, around = _fallback(task)
        methods = {level: [FALLBACK] * len(values[level]) for level in LEVELS}
    else:
        choice = plan.choice(task.panel.currency, task.measure)
        values = follow(choice, said.base, task, state)
        around = {level: bounds(choice.widths[level], level, values[level], said.doubt) for level in LEVELS}
        methods = _methods(choice, task.panel, state)
    parts = [_level(task, level, values[level], around[level], methods[level], state) for level in LEVELS]
    return pd.concat(parts, ignore_index=True)


def _methods(choice: Choice, panel: Panel, state: list[State]) -> dict[Level, list[str]]:
    return {
        "total": [method_of(choice, "total", "active")],
        "category": [method_of(choice, "category", "active")] * len(panel.categories),
        "product": [method_of(choice, "product", one) for one in state],
    }


def _fallback(task: Task) -> tuple[dict[Level, Numbers], dict[Level, Bounds]]:
    past = {level: task.panel.at(level, task.measure) for level in LEVELS}
    values = reconciled({level: recent_mean(past[level], task.horizon) for level in LEVELS}, task.panel, "product")
    unit = task.unit
    return values, {level: _spread(past[level][:, -RECENT_WEEKS:], values[level], unit) for level in LEVELS}


def _spread(recent: Numbers, values: Numbers, unit: float) -> Bounds:
    """Student's interval of one more week, with no less spread than counts have (the root of their mean)."""
    from scipy import stats

    weeks = recent.shape[1]
    spread = recent.std(axis=1, ddof=1) if weeks > 1 else np.zeros(len(recent))
    deviation = np.maximum(spread, np.sqrt(np.maximum(recent.mean(axis=1), 0) * unit))
    width = deviation * np.sqrt(1 + 1 / weeks)
    found: Bounds = {}
    for percent in (80, 95):
        half = stats.t.ppf(0.5 + percent / 200, max(weeks - 1, 1)) * width[:, None]
        found[percent] = np.maximum(values - half, 0), values + half
    return found


def _level(
    task: Task, level: Level, values: Numbers, around: Bounds, methods: list[str], state: list[State]
) -> pd.DataFrame:
    panel, (series, horizon) = task.panel, values.shape
    columns = dict(_names(panel, level, series))
    frame = pd.DataFrame({name: np.repeat(np.array(one, dtype=object), horizon) for name, one in columns.items()})
    frame["measure"] = task.measure
    frame["week_start"] = np.tile(np.array([panel.week(panel.weeks + n) for n in range(horizon)], dtype=object), series)
    frame["horizon_week"] = np.tile(np.arange(1, horizon + 1), series)
    frame["forecast"] = values.ravel()
    for percent, (low, high) in around.items():
        frame[f"low_{percent}"], frame[f"high_{percent}"] = low.ravel(), high.ravel()
    order = [*frame.columns[:-4], "low_80", "high_80", "low_95", "high_95"]
    frame = frame[order]
    frame["method"] = np.repeat(np.array(methods, dtype=object), horizon)
    frame["series_state"] = np.repeat(np.array(state if level == "product" else ["active"] * series), horizon)
    return frame


def _names(panel: Panel, level: Level, series: int) -> Iterator[tuple[str, list[object]]]:
    yield "currency", [panel.currency] * series
    yield "series_level", [level] * series
    yield "series_value", [*panel.names(level)]
    yield "product_durable_key", [*panel.keys] if level == "product" else [None] * series
    if level == "total":
        yield "category", [None]
    else:
        places = panel.category if level == "product" else np.arange(series)
        yield "category", [panel.categories[place] for place in places]
