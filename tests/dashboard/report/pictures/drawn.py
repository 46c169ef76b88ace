"""A small shop's sheet for pictures, and what is read off a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboard.data.answers import Answers, opened
from dashboard.data.choices import markets
from dashboard.data.filters import Filters
from dashboard.formats import Formats
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import LIGHT
from tests.dashboard.report.pictures import rows
from tests.dashboard.shop import shop


def sheet_of(lake: Path, more: rows.Rows) -> Sheet:
    shop(lake, more=more)
    answers = opened(lake)
    market = markets(answers)[0]
    return Sheet(answers, Filters(market.source, market.currency, market.known, market.known), Formats(), LIGHT)


def asked(answers: Answers, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answers.ask(sql).table.to_pylist()
    return found


def texts(canvas: Any) -> list[str]:
    """What is written inside the axes of a picture, in order."""
    return [text.get_text() for axes in canvas.figure.axes for text in axes.texts]


def bars(axes: Any) -> list[float]:
    return [patch.get_width() for patch in axes.patches]
