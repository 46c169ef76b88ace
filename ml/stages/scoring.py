"""Scoring: what the models in use say of all customers and series, written to gold where something moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from lakehouse.lake import Lake
from lakehouse.settings.models import Models
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST, MODEL_CURVES, MODEL_SCORES, TABLES
from lakehouse.tables.model import Table
from ml.stages.evaluations import curve_rows, score_rows
from ml.stages.shops import READS, Shop
from ml.training import Files, Problem

CUSTOMER = ["source_system", "customer_durable_key"]


@dataclass(frozen=True)
class InUse:
    """One version of a model, with which a run scores."""

    version: int
    candidate: str
    files: Files


Used = Mapping[tuple[Problem, str], InUse]
"""Problem and source -> the model in use."""


def is_moved(lake: Lake, said: Mapping[str, str]) -> bool:
    """Whether predictions may be other ones than those published: their inputs, the day or a model are. `said` is what
    the next publication will say of models."""
    before = lake.publication.configuration if lake.publication else {}
    return (
        lake.rebuild
        or lake.as_of_moved
        or any(before.get(name) != version for name, version in said.items())
        or any(lake.published_version(table) is None for table in TABLES)
        or any(lake.changes(table) for table in READS)
    )


def write_predictions(lake: Lake, models: Models, shops: Sequence[Shop], used: Used) -> None:
    """All four tables; one that comes out as it was is not written."""
    customers = [customer_predictions(shop, models, used) for shop in shops]
    series = [demand_forecast(shop, models, used) for shop in shops]
    for table, frames in ((CUSTOMER_PREDICTIONS, customers), (DEMAND_FORECAST, series)):
        lake.replace_all(table, union(frames).select(*(_as_declared(table))))
    in_use = [(source, one) for (_, source), one in sorted(used.items())]
    scores = [
        row
        for source, one in in_use
        for row in score_rows(one.files, source=source, version=one.version, champion=one.candidate)
    ]
    curves = [row for source, one in in_use for row in curve_rows(one.files, source=source, version=one.version)]
    for table, rows in ((MODEL_SCORES, scores), (MODEL_CURVES, curves)):
        lake.replace_all(table, _frame(lake, table, rows))


def customer_predictions(shop: Shop, models: Models, used: Used) -> DataFrame:
    """Grain: one customer who ever ordered before as_of."""
    from ml.churn.score import score as churn_scores
    from ml.clv.histories import customer_histories
    from ml.clv.score import score as values

    churn, clv = used.get(("churn", shop.source)), used.get(("clv", shop.source))
    today = shop.features_today
    left = churn_scores(today, churn.files if churn else None)
    histories = customer_histories(shop.orders, shop.as_of)
    worth = values(histories, clv.files if clv else None, as_of=shop.as_of, rules=models.clv)
    names = shop.customers.select(*CUSTOMER, "customer_id")
    known = today.select(*CUSTOMER, F.col("currency").alias("_main_currency")).join(names, CUSTOMER)
    rows = known.join(left, CUSTOMER, "left").join(worth, CUSTOMER, "left")
    return rows.withColumns(
        {
            "currency": F.coalesce("currency", "_main_currency"),
            "orders_ahead": F.col("expected_orders"),
            "predicted_on": F.lit(shop.as_of),
            "churn_model_version": _version(churn),
            "clv_model_version": _version(clv),
        }
    )


def demand_forecast(shop: Shop, models: Models, used: Used) -> DataFrame:
    """Grain: one week ahead of one series."""
    from ml.demand.score import score

    demand = used.get(("demand", shop.source))
    rows = score(
        shop.days,
        shop.products,
        shop.calendar,
        shop.campaigns,
        demand.files if demand else None,
        as_of=shop.as_of,
        rules=models.demand,
    )
    return rows.withColumns(
        {
            "predicted_on": F.lit(shop.as_of),
            "forecast_method": F.col("method"),
            "demand_model_version": _version(demand),
        }
    )


def _version(model: InUse | None) -> Column:
    return F.lit(model.version if model else None).cast("bigint")


def _as_declared(table: Table) -> list[Column]:
    return [F.col(column.name).cast(column.type).alias(column.name) for column in table.columns]


def _frame(lake: Lake, table: Table, rows: Sequence[Mapping[str, Any]]) -> DataFrame:
    schema = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    return lake.spark.createDataFrame([tuple(row.get(name) for name in table.column_names) for row in rows], schema)
