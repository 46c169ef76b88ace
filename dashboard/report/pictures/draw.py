"""All pictures that a publication carries, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.data.answers import Answers
from dashboard.data.choices import markets
from dashboard.data.filters import Filters
from dashboard.formats import Formats
from dashboard.report.pictures import (
    campaign_roi,
    churn_risk,
    cohort_heatmap,
    demand_forecast,
    rfm_analysis,
    sales_decomposition,
)
from dashboard.report.pictures.canvas import look_of_pictures
from dashboard.report.pictures.picture import Picture, check_installed
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import LIGHT
from lakehouse.published.reader import UnknownTable

PICTURES: tuple[Callable[[Sheet], Picture | None], ...] = (
    rfm_analysis.draw,
    cohort_heatmap.draw,
    sales_decomposition.draw,
    campaign_roi.draw,
    demand_forecast.draw,
    churn_risk.draw,
)
"""Each gives None where there is nothing to draw."""


def draw_pictures(answers: Answers, source: str) -> tuple[Picture, ...]:
    """The pictures of one source, in the currency of most of its lines; only those that the publication carries.

    Raises PicturesMissing where matplotlib is not installed.
    """
    check_installed()
    market = next((one for one in markets(answers) if one.source == source), None)
    if market is None:
        return ()
    sheet = Sheet(answers, Filters(source, market.currency, market.known, market.known), Formats(), LIGHT)
    with look_of_pictures():
        drawn = [_drawn(draw, sheet) for draw in PICTURES]
    return tuple(one for one in drawn if one is not None)


def _drawn(draw: Callable[[Sheet], Picture | None], sheet: Sheet) -> Picture | None:
    """None where an older publication lacks a table of the picture."""
    try:
        return draw(sheet)
    except UnknownTable:
        return None
