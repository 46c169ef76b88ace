"""Pages of quality as HTML: the report of a run, and the pages of Data Docs made to need nothing but themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from quality.report.data import Report

_OUTSIDE = re.compile(
    r"""<link\b[^>]*href="https?://[^>]*>"""
    r"""|<script\b[^>]*src="https?://[^>]*>\s*</script>"""
    r"""|<img\b[^>]*src="https?://[^>]*>"""
    r"""|<footer\b.*?</footer>"""
    r"""|<a\b[^>]*href="https?://[^"]*"[^>]*>(?=\s*</a>)""",
    re.DOTALL,
)
_PICTURE = re.compile(r"""url\(\s*['"]?https?://[^)]*\)""")
_SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)


@dataclass(frozen=True)
class TablePage:
    """What the index tells of one table in one run."""

    table: str
    href: str
    passed: int
    failed: int
    warned: int


@dataclass(frozen=True)
class RunPages:
    """One run in the index."""

    name: str
    at: datetime
    tables: Sequence[TablePage]


def report_page(report: Report) -> str:
    return _environment().get_template("report.html.j2").render(report=report, outcomes=OUTCOMES, peak=_peak(report))


def index_page(runs: Sequence[RunPages]) -> str:
    return _environment().get_template("index.html.j2").render(runs=runs)


def self_contained(page: str, style: str) -> str:
    """A page of Data Docs without what it would fetch from elsewhere, with our own style. `style` is its address.

    Left as they are, the pages ask a dozen hosts for scripts and styles, and one for a picture that tells it who reads.
    """
    page = _PICTURE.sub("none", _SCRIPTS.sub("", _OUTSIDE.sub("", page))).replace("Data asset: None<br>", "")
    return page.replace("</head>", f'<link rel="stylesheet" href="{style}">\n</head>', 1)


def style_sheet() -> str:
    """The style of all pages of Data Docs."""
    return "".join(_environment().get_template(name).render() for name in ("base.css", "docs.css"))


OUTCOMES = {"failed": "failed", "waived": "waived", "warned": "warning", "passed": "passed"}


def _peak(report: Report) -> int:
    return max((count for counts in report.trend.values() for count in counts), default=1) or 1


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("quality.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    found.filters["count"] = lambda number: f"{number:,}"
    found.filters["share"] = lambda number: f"{number:.1%}"
    found.filters["minute"] = lambda at: f"{at:%Y-%m-%d %H:%M} UTC"
    return found
