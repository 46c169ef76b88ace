"""What is expected of predictions: every customer has one, and forecasts of levels add up."""

from __future__ import annotations

from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST
from quality.checks.check import Check
from quality.checks.measures import broken_cases
from quality.heads import Heads
from quality.verdicts import Measured

TOLERANCE = 1e-6
"""Relative: sums of floating-point figures come out a little different in another order."""
WEEK = ("source_system", "currency", "measure", "week_start")


def prediction_checks() -> list[Check]:
    """All of them; each is critical, for whoever acts on a prediction cannot see what is missing."""
    return [
        Check(
            "every_customer",
            CUSTOMER_PREDICTIONS,
            "every customer who ordered before the day of the prediction has one, and nobody else",
            ("source_system", "customer_durable_key"),
            customers_without_prediction,
        ),
        Check(
            "products_add_up",
            DEMAND_FORECAST,
            "forecasts of products add up to that of their category",
            ("forecast",),
            categories_that_do_not_add_up,
        ),
        Check(
            "categories_add_up",
            DEMAND_FORECAST,
            "forecasts of categories add up to the total",
            ("forecast",),
            totals_that_do_not_add_up,
        ),
    ]


def customers_without_prediction(heads: Heads) -> Measured:
    """Customers on one side only: with an order before predicted_on, and with a prediction."""
    key = CUSTOMER_PREDICTIONS.key
    names = ", ".join(key)
    day = f"(SELECT max(predicted_on) FROM {CUSTOMER_PREDICTIONS.name})"
    ordered = f"""SELECT DISTINCT {names} FROM {ORDER_TOTALS.name}
        WHERE customer_id IS NOT NULL AND order_date < {day}"""
    predicted = f"SELECT {names} FROM {CUSTOMER_PREDICTIONS.name}"
    one_side = f"""SELECT {names} FROM ({ordered} UNION ALL {predicted}) AS sides
        GROUP BY {names} HAVING count(*) <> 2"""
    return broken_cases(heads, CUSTOMER_PREDICTIONS, one_side, key, "customers with an order or a prediction alone")


def categories_that_do_not_add_up(heads: Heads) -> Measured:
    """Weeks of a category whose products sum up to something else."""
    key = (*WEEK, "category")
    return _sums(heads, "product", "category", key)


def totals_that_do_not_add_up(heads: Heads) -> Measured:
    """Weeks whose categories sum up to something else than the total."""
    return _sums(heads, "category", "total", WEEK)


def _sums(heads: Heads, below: str, above: str, key: tuple[str, ...]) -> Measured:
    names = ", ".join(key)

    def level(name: str) -> str:
        return f"""SELECT {names}, CASE WHEN series_level = '{name}' THEN forecast ELSE 0 END AS here,
            CASE WHEN series_level = '{name}' THEN 0 ELSE forecast END AS there
            FROM {DEMAND_FORECAST.name} WHERE series_level IN ('{below}', '{above}')"""

    off = f"""SELECT {names} FROM ({level(above)}) AS levels GROUP BY {names}
        HAVING abs(sum(here) - sum(there)) > {TOLERANCE} * greatest(abs(sum(here)), 1)"""
    return broken_cases(heads, DEMAND_FORECAST, off, key, f"weeks whose {below} forecasts do not add up")
