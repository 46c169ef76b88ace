"""What can be set about models: the sections of conf/models.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lakehouse.settings.section import Section

Days = Annotated[int, Field(ge=1)]


class Churn(Section):
    """Customers who will not order within the horizon."""

    horizon_days: Days = 90
    """A customer who places no completed order in so many days from a cut-off on has churned."""
    look_back_days: Days = 365
    """Only customers who ordered in so many days before a cut-off are asked about."""
    cut_offs: int = Field(default=24, ge=3, le=120)
    """So many month starts, the newest there are, are kept in gold.customer_features, and trained and tested on."""
    least_history_days: Days = 7
    """Whose first order is not so many days ago gets the measured share of such customers."""
    leave_out: tuple[str, ...] = ()
    """Features that models do not look at, by their name in gold.customer_features."""
    least_customers: int = Field(default=200, ge=20)
    """Customers at the newest labelled cut-off below which nothing is trained."""


class Clv(Section):
    """What customers will bring."""

    horizon_months: int = Field(default=12, ge=1, le=60)
    discount_rate: float = Field(default=0.10, ge=0, lt=1)
    """A year: what comes later counts less."""
    holdout_share: float = Field(default=0.5, gt=0.1, lt=0.9)
    """Share of the observed time that is held out for the report; at most `most_holdout_days`."""
    most_holdout_days: Days = 182
    least_customers: int = Field(default=200, ge=20)


class Demand(Section):
    """Sales by week."""

    horizon_weeks: int = Field(default=13, ge=1, le=53)
    folds: int = Field(default=4, ge=1)
    """Origins of the rolling backtest."""
    least_weeks: int = Field(default=52, ge=20)
    """Weeks of history below which nothing is trained."""
    most_products: int = Field(default=5_000, ge=1)
    """Products with series of their own; the others are forecast together, as `other`, so that levels add up."""


class Models(Section):
    """conf/models.toml."""

    enabled: bool = True
    """Whether a run builds features, trains and scores."""
    tracking_uri: str = ""
    """Of MLflow; empty: an SQLite file in the lake's own folder mlflow/."""
    seed: int = 42
    due_days: Days = 28
    """A run trains again where a model was trained so many days ago, by as_of, or more."""
    most_local_rows: int = Field(default=500_000, ge=1)
    """Rows to train on up to which they are taken to this process; beyond them xgboost.spark trains."""
    psi_alert: float = Field(default=0.25, gt=0)
    """Population stability index of a feature from which on there is an alert."""
    churn: Churn = Churn()
    clv: Clv = Clv()
    demand: Demand = Demand()
