"""Columns of the marts of campaigns, decompositions and pairs of products."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import COUNT, CURRENCY_UNIT, INSTANT, MONEY, TEXT

SHARE, REAL = "share", "DOUBLE"
_ATTRIBUTION = (
    Field("touches", COUNT, "Contacts of the campaign on the path to the order", "contacts"),
    Field("path_length", COUNT, "Contacts of all campaigns on the path to the order", "contacts"),
    Field("first_touched_at", INSTANT, "First of these contacts of the campaign, in UTC"),
    Field("last_touched_at", INSTANT, "Last of these contacts of the campaign, in UTC"),
    Field("last_touch", REAL, "Share of the order credited to the campaign: all to the last contact", SHARE),
    Field("first_touch", REAL, "The same: all to the first contact", SHARE),
    Field("linear", REAL, "The same: to all contacts alike", SHARE),
    Field("position_based", REAL, "The same: 40 % to the first, 40 % to the last, 20 % to those between", SHARE),
    Field("time_decay", REAL, "The same: half as much for each half-life (conf) that a contact is older", SHARE),
    Field("markov", REAL, "The same: in proportion to the removal effects of the path's campaigns", SHARE),
)
_MODELS = ("last_touch", "first_touch", "linear", "position_based", "time_decay", "markov")
_ROI = (
    Field("spend", MONEY, "Money spent on the campaign", CURRENCY_UNIT),
    Field("contacted", COUNT, "Customers contacted whose window is over at as_of", "customers"),
    Field("held_out", COUNT, "Customers held out at random whose window is over at as_of", "customers"),
    Field("open_windows", COUNT, "Customers contacted or held out whose window is open still", "customers"),
    Field("held_back_orders", COUNT, "Orders last reached by the campaign whose window is open still", "orders"),
    Field("removal_effect", REAL, "Share of the chance of an order that would go without the campaign (Markov)", SHARE),
    Field("attribution_model", TEXT, "The model of attributed_orders, attributed_revenue, attributed_margin"),
    Field("attributed_orders", REAL, "Sum of credits of orders", "orders"),
    Field("attributed_revenue", MONEY, "Sum of credit x net revenue of orders", CURRENCY_UNIT),
    Field(
        "attributed_margin",
        MONEY,
        "Sum of credit x margin net of returns of orders whose cost is known; NULL where that is none of them",
        CURRENCY_UNIT,
    ),
    *(Field(f"{name}_revenue", MONEY, f"Sum of credit x net revenue, by {name}", CURRENCY_UNIT) for name in _MODELS),
    Field("roas", REAL, "attributed_revenue / spend; NULL for no spend", "ratio"),
    Field("roi", REAL, "(attributed_margin - spend) / spend; NULL for no spend", "ratio"),
    Field("naive_orders", COUNT, "NAIVE: all orders of the contacted within the window, caused or not", "orders"),
    Field("naive_revenue", MONEY, "NAIVE: net revenue of these orders", CURRENCY_UNIT),
    Field("naive_roi", REAL, "NAIVE: (naive_revenue - spend) / spend, of revenue; NULL for no spend", "ratio"),
    Field("causal_basis", TEXT, "held-out group; or why nothing is said of causes: attributed, not causal…"),
    Field("standard_error_revenue", MONEY, "Standard error of adjusted_revenue", CURRENCY_UNIT),
    Field("detectable_revenue", MONEY, "Smallest true incremental revenue found with a power of 80 %", CURRENCY_UNIT),
    Field("detectable_margin", MONEY, "Smallest true incremental margin found with a power of 80 %", CURRENCY_UNIT),
    Field("power_at_break_even", REAL, "Chance to find an incremental margin that just pays the spend", SHARE),
    Field("spend_correlation", REAL, "Pearson's r of spend and attributed revenue over the source's campaigns"),
    Field("spend_correlation_low", REAL, "Lower bound of spend_correlation: 95 %, Fisher's z"),
    Field("spend_correlation_high", REAL, "Upper bound of spend_correlation: 95 %, Fisher's z"),
)


def _type(unit: str) -> str:
    return MONEY if unit == CURRENCY_UNIT else REAL


_WHAT = {
    "orders": ("orders", "orders"),
    "revenue": ("net revenue", CURRENCY_UNIT),
    "margin": ("margin net of returns", CURRENCY_UNIT),
    "roi": ("(margin net of returns - spend) / spend", "ratio"),
}
_HOW = {
    "incremental": "caused by the campaign, from the held-out group",
    "adjusted": "the same, adjusted by spend before the contact (CUPED)",
}
_LIFT = tuple(
    field
    for how, meaning in _HOW.items()
    for what, (words, unit) in _WHAT.items()
    for field in (
        Field(
            f"{how}_{what}",
            _type(unit),
            f"{words}, {meaning}" if what != "roi" else f"ROI, {meaning}, of {words}",
            unit,
        ),
        Field(f"{how}_{what}_low", _type(unit), f"Lower bound of {how}_{what}: 95 %", unit),
        Field(f"{how}_{what}_high", _type(unit), f"Upper bound of {how}_{what}: 95 %", unit),
    )
)
_SERIES = (
    Field("series", TEXT, "What is added up by day: total, category or country"),
    Field("series_value", TEXT, "Which category, country or product; all for the total"),
    Field("measure", TEXT, "orders, lines or revenue, of completed orders"),
    Field("value", REAL, "Orders or net revenue of the day; 0 where there was none", "orders or currency"),
    Field("trend", REAL, "Trend of the series on the day", "orders or currency"),
    Field("weekly", REAL, "What the day of the week adds", "orders or currency"),
    Field("yearly", REAL, "What the time of the year adds; NULL for less than two years", "orders or currency"),
    Field("remainder", REAL, "value - trend - weekly - yearly", "orders or currency"),
    Field("is_anomaly", "BOOLEAN", "True where the remainder is beyond 3 (conf) robust deviations"),
    Field("is_change_point", "BOOLEAN", "True on the first day of a new level"),
    Field("first_day", "DATE", "First day of the series"),
    Field("last_day", "DATE", "Last day of the series"),
    Field("days", COUNT, "Days of the series, those without sales too", "days"),
    Field("series_outcome", TEXT, "decomposed; or why not: too short, too sparse, constant"),
    Field("method", TEXT, "STL 7, or MSTL 7, 365 for more than two years"),
    Field("trend_strength", REAL, "Hyndman's strength of the trend, 0 to 1; NULL without any variance"),
    Field("weekly_strength", REAL, "Hyndman's strength of the week's season, 0 to 1"),
    Field("yearly_strength", REAL, "Hyndman's strength of the year's season, 0 to 1"),
    Field("growth", REAL, "Mean trend of the last four weeks over that of the first four, less 1", SHARE),
    Field("year_on_year", REAL, "Last days with a day one year before over those days, less 1", SHARE),
    Field("anomalies", COUNT, "Days that are anomalies", "days"),
    Field("change_points", COUNT, "Days on which a new level begins", "days"),
)
_PAIRS = (
    Field("companion_id", TEXT, "The product that is bought along"),
    Field("orders_with_product", COUNT, "Completed orders that hold the product", "orders"),
    Field("orders_with_companion", COUNT, "Completed orders that hold the companion", "orders"),
    Field("orders_together", COUNT, "Completed orders that hold both", "orders"),
    Field("support", REAL, "orders_together / all completed orders", SHARE),
    Field("confidence", REAL, "orders_together / orders_with_product", SHARE),
    Field("lift", REAL, "confidence / share of orders with the companion; too high where most orders hold one line"),
    Field("expected_orders", REAL, "Orders with both if baskets were filled at random, by price classes", "orders"),
    Field("adjusted_lift", REAL, "orders_together / expected_orders"),
    Field("p_value", REAL, "Chance of so many orders together or more, if they come at random (Poisson)"),
    Field("q_value", REAL, "p_value adjusted for the number of pairs (Benjamini and Hochberg)"),
    Field("is_significant", "BOOLEAN", "True where q_value is at most false_discovery_rate (conf)"),
    Field("affinity_rank", "INT", "Place by p_value among all pairs of the source, 1 is best"),
)
CAMPAIGNS = (*_ATTRIBUTION, *_ROI, *_LIFT, *_SERIES, *_PAIRS)
