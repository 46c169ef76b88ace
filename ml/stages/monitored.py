"""Monitoring within a run: what is measured of the models in use, kept in ops, and told where it is an alert."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.published import Publication, publications
from lakehouse.settings.models import Models
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST
from lakehouse.tables.model import Table
from lakehouse.tables.ops import MODEL_MONITORING
from ml.churn.reference import FILE
from ml.monitoring.drift import Bins, drift
from ml.monitoring.realised import churn_measures, churn_outcomes, demand_measures
from ml.monitoring.weekly import weekly_levels
from ml.stages.scoring import Used
from ml.stages.shops import Shop
from ml.training import Files

TOLD = 3
"""Features that an alert names."""
Row = dict[str, Any]


def monitor(
    lake: Lake, models: Models, shops: Sequence[Shop], used: Used, say: Callable[[str], None], *, now: datetime
) -> None:
    """Appends to ops.model_monitoring what can be measured today, and tells alerts."""
    rows = [row for shop in shops for row in (*_drift(shop, models, used), *_realised(lake, shop, models))]
    common = {"run_id": lake.run_id, "as_of": lake.as_of, "measured_at": now}
    if rows:
        lake.append_rows(MODEL_MONITORING, [row | common for row in rows])
    for source, problem in sorted({(row["source_system"], row["problem"]) for row in rows if row["is_alert"]}):
        mine = [row for row in rows if row["is_alert"] and (row["source_system"], row["problem"]) == (source, problem)]
        mine = sorted(mine, key=lambda row: -row["figure"])
        told = ", ".join(f"{row['monitored_name']} ({row['figure']:.2f})" for row in mine[:TOLD])
        more = f" and {len(mine) - TOLD} more" if len(mine) > TOLD else ""
        say(
            f"alert: customers of {source} are not those that {problem} was trained on, by {told}{more}: "
            "ops.model_monitoring has all"
        )


def references(files: Files) -> dict[str, Bins]:
    """Feature -> how it was spread in training; empty where the model keeps no such file."""
    found = json.loads(files[FILE]) if FILE in files else {"numbers": {}, "attributes": {}}
    numbers = {
        name: Bins([*one["shares"], one["missing"]], edges=one["edges"]) for name, one in found["numbers"].items()
    }
    texts = {
        name: Bins([*one["shares"].values(), one["missing"]], values=list(one["shares"]))
        for name, one in found["attributes"].items()
    }
    return numbers | texts


def _drift(shop: Shop, models: Models, used: Used) -> Iterator[Row]:
    churn = used.get(("churn", shop.source))
    if churn is None:
        return
    asked = shop.features_today.where(F.col("days_since_last_order") <= models.churn.look_back_days)
    for name, figure in drift(asked, references(churn.files)).items():
        yield _row(shop, "churn", churn.version, "psi", name, figure, models.psi_alert)


def _realised(lake: Lake, shop: Shop, models: Models) -> Iterator[Row]:
    days = models.churn.horizon_days
    if (then := _seen_before(lake, CUSTOMER_PREDICTIONS, days)) is not None:
        said = lake.read_version(CUSTOMER_PREDICTIONS, then.table_versions[CUSTOMER_PREDICTIONS.name])
        said = said.where(F.col("source_system") == shop.source)
        outcomes = churn_outcomes(said, shop.orders, horizon_days=days).collect()
        measures = churn_measures([(row["said"], row["customers"], row["left"]) for row in outcomes])
        for name, figure in measures.items():
            yield _row(shop, "churn", None, name, f"predicted on {then.as_of}", figure)
    weeks = models.demand.horizon_weeks
    if (then := _seen_before(lake, DEMAND_FORECAST, 7 * weeks)) is not None:
        said = lake.read_version(DEMAND_FORECAST, then.table_versions[DEMAND_FORECAST.name])
        said = said.where(F.col("source_system") == shop.source)
        actual = weekly_levels(shop.days, shop.products, since=then.as_of, until=lake.as_of)
        for found in demand_measures(said, actual, until=lake.as_of):
            level = f"{found['series_level']} {found['measure']}, predicted on {then.as_of}"
            if found["sold"]:
                yield _row(shop, "demand", None, "wape", level, float(found["missed"]) / float(found["sold"]))
            yield _row(shop, "demand", None, "coverage_95", level, float(found["coverage_95"]))


def _seen_before(lake: Lake, table: Table, days: int) -> Publication | None:
    """The newest publication with predictions whose horizon of so many days is over."""
    last = lake.as_of - timedelta(days=days)
    old = [one for one in publications(lake.root) if one.as_of <= last and table.name in one.table_versions]
    return old[-1] if old else None


def _row(
    shop: Shop, problem: str, version: int | None, monitored: str, name: str, figure: float, limit: float | None = None
) -> Row:
    return {
        "source_system": shop.source,
        "problem": problem,
        "model_version": version,
        "monitored": monitored,
        "monitored_name": name,
        "figure": float(figure),
        "limit_value": limit,
        "is_alert": limit is not None and figure >= limit,
    }
