"""The report as one file of HTML: no script, nothing from outside, pictures within."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboard.data.statement import statement
from dashboard.report.document import Block, Document, Kpi, Recommendation, figures_of
from dashboard.report.figures import Figure, Sentence
from dashboard.report.pictures.picture import Picture
from dashboard.report.render.markdown import marked
from dashboard.report.render.traces import read_from, worked_out_from
from dashboard.themes.css import root_rules
from dashboard.tokens import SANS

LONGEST_WHOLE = 16
"""A figure of so many signs is not cut at the end of a line."""


def html(document: Document) -> str:
    """The page. All texts of the data are escaped."""
    page = _environment().get_template("report.html.j2")
    return page.render(
        document=document,
        rules=root_rules(),
        sans=SANS,
        kind=_kind,
        words=_words,
        references=document.references,
        block_figures=lambda block: list(figures_of(block)),
        recommendation_figures=_of_recommendation,
        marked=marked,
        tone=_tone,
        source_of=_source_of,
        statement=statement,
        read_from=lambda query: read_from(document, query),
        worked_out_from=lambda query: worked_out_from(document, query),
    )


def _words(sentence: Sentence) -> Markup:
    """The sentence, with short figures kept on one line."""
    return Markup("").join(
        Markup('<span class="f">{}</span>').format(part.text)
        if isinstance(part, Figure) and len(part.text) <= LONGEST_WHOLE
        else escape(part.text if isinstance(part, Figure) else part)
        for part in sentence.parts
    )


def _kind(block: Block) -> str:
    return type(block).__name__


def _of_recommendation(one: Recommendation) -> Sequence[Figure]:
    return [*one.title.figures, *one.why.figures, *one.effect.figures, *one.assumption.figures]


def _tone(kpi: Kpi) -> str:
    return {True: "good", False: "bad", None: "even"}[kpi.is_better]


def _source_of(picture: Picture) -> str:
    """The drawing itself, as data."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg.encode()).decode("ascii")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dashboard.report.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
