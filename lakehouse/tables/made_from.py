"""Lineage of tables: what each is made from, declared without Spark for those who trace a figure back to its files.

Tests hold it against the steps that make the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.views import VIEWS

_ORDERS = ("gold.order_totals", "gold.fact_returns", "gold.dim_customer", "gold.mart_currencies")
_SALES = ("gold.fact_sales", "gold.fact_returns", "gold.dim_customer", "gold.dim_product", "gold.dim_geography",
          "gold.mart_currencies")  # fmt: skip
_COHORTS = ("gold.order_totals", "gold.fact_sales", "gold.dim_customer", "gold.dim_product")
_CAMPAIGNS = ("gold.order_totals", "silver.campaign_touches", "silver.campaign_spend", "gold.dim_campaign",
              "gold.mart_currencies", "silver.fx_rates")  # fmt: skip
_MODELS = ("gold.customer_features", "gold.order_totals", "gold.product_days", "gold.dim_product", "gold.dim_campaign",
           "gold.dim_customer")  # fmt: skip
MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "gold.dim_date": (),
    "gold.dim_customer": ("silver.customers", "silver.order_lines", "silver.returns"),
    "gold.dim_product": ("silver.products", "silver.order_lines", "silver.returns"),
    "gold.dim_campaign": ("silver.campaigns", "silver.order_lines"),
    "gold.fact_sales": ("silver.order_lines", "silver.customers", "silver.products", "silver.fx_rates"),
    "gold.dim_geography": ("gold.fact_sales", "silver.order_lines", "silver.customers"),
    "gold.fact_returns": ("silver.returns", "silver.order_lines", "silver.customers", "silver.products",
                          "silver.fx_rates"),
    "gold.fact_order_charges": ("silver.order_charges", "gold.fact_sales", "silver.fx_rates"),
    "gold.mart_currencies": ("gold.fact_sales", "gold.fact_returns", "gold.dim_customer"),
    "gold.order_totals": ("gold.fact_sales", "gold.fact_returns", "gold.dim_customer", "gold.mart_currencies"),
    "gold.daily_sales": _SALES,
    "gold.geography_sales": _SALES,
    "gold.payment_mix": ("gold.daily_sales", *_SALES, "silver.payments", "gold.fact_order_charges"),
    "gold.product_days": ("gold.fact_sales", "gold.fact_returns", "gold.dim_product", "gold.mart_currencies"),
    "gold.customer_rfm": _ORDERS,
    "gold.rfm_segments": _ORDERS,
    "gold.customer_concentration": _ORDERS,
    "gold.cohort_retention": _COHORTS,
    "gold.cohort_breakdown": _COHORTS,
    "gold.product_performance": ("gold.product_days", "gold.dim_product"),
    "gold.return_rates": ("gold.product_days", "gold.fact_returns", "gold.dim_product"),
    "gold.campaign_attribution": _CAMPAIGNS,
    "gold.campaign_roi": _CAMPAIGNS,
    "gold.sales_decomposition": ("gold.daily_sales",),
    "gold.sales_series": ("gold.daily_sales",),
    "gold.product_affinity": ("gold.fact_sales", "gold.dim_product", "gold.mart_currencies"),
    "gold.customer_features": ("gold.order_totals", "gold.fact_returns", "gold.dim_customer",
                               "silver.campaign_touches", "gold.mart_currencies"),
    "gold.customer_predictions": _MODELS,
    "gold.demand_forecast": _MODELS,
    "gold.model_scores": _MODELS,
    "gold.model_curves": _MODELS,
} | {view.name: view.reads for view in VIEWS}  # fmt: skip
"""Table or view of gold -> the tables that it is made from. Tables of silver are made from files."""


def ancestors(names: Iterable[str]) -> list[str]:
    """The tables themselves and all that stand behind them, each once, the nearest first."""
    found: dict[str, None] = {}
    ahead = list(names)
    while ahead:
        found |= dict.fromkeys(ahead)
        ahead = [behind for name in ahead for behind in MADE_FROM.get(name, ()) if behind not in found]
    return list(found)


def feeds_behind(names: Iterable[str]) -> list[str]:
    """The feeds whose files stand behind the tables, in the order of their declaration.

    Behind quarantine, lineage and what is left out, which know rows of every file, all of them.
    """
    behind = set(ancestors(names))
    if behind & {"silver.quarantine", "silver.lineage", "silver.left_out"}:
        return list(FEEDS)
    return [feed.name for feed in FEEDS.values() if feed.table.name in behind]
