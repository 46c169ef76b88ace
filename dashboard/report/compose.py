"""The document of a publication: a part for each source and currency, definitions at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dashboard import words
from dashboard.data.answers import Answers, opened
from dashboard.data.choices import Market, markets
from dashboard.formats import Formats
from dashboard.report.desk import Desk, Register, scope
from dashboard.report.document import Block, Column, Document, Paragraph, Part, Pictured, Section, Table, figures_of
from dashboard.report.figures import say
from dashboard.report.parts import (
    advice,
    campaigns,
    customers,
    drivers,
    forecasts,
    headline,
    products,
    seasons,
    short,
    sureness,
)
from dashboard.report.pictures.picture import Picture
from lakehouse.published import UnknownTable, publications

_FIGURES = {
    "What happened": ("net of returns", "orders", "customers", "average order value", "margin", "margin rate",
                      "return rate of units"),
    "Why": ("change",),
    "How sure": ("verdicts", "quarantine", "freshness"),
    "Customers": ("segment", "concentration", "retention", "value of a customer"),
    "Seasons": ("decomposition", "strength", "year on year"),
    "Products": ("abc", "line return rate", "bought together"),
    "Campaigns": ("spend", "naive roi", "incremental roi", "power"),
    "Forecasts and models": ("forecast", "churn risk", "lifetime value", "model score"),
}  # fmt: skip
"""Section -> the figures that it speaks of."""
Pictures = Mapping[str, Sequence[Picture]]
"""Source -> its pictures."""


class UnknownSource(Exception):
    """The publication has no such source; the message names those that there are. Exit code 2."""

    exit_code = 2


class NothingToReport(Exception):
    """Nothing is published that a report could be about; the message says what to do."""


def wanted(answers: Answers, source: str | None) -> list[Market]:
    """The sources, each in each of its currencies. Raises NothingToReport, and UnknownSource."""
    if answers.publication is None:
        raise NothingToReport(words.NO_PUBLICATION)
    found = markets(answers) if answers.has("gold.daily_sales") else []
    if source and source not in {one.source for one in found}:
        names = ", ".join(sorted({one.source for one in found})) or "none"
        raise UnknownSource(f"publication {answers.publication.publication} has no source {source}: there are {names}")
    if not found:
        raise NothingToReport(words.NO_SALES)
    return [one for one in found if source in (None, one.source)]


def former_publication(lake: Path, answers: Answers, source: str) -> Answers | None:
    """The newest earlier publication that has sales of the source, among those that this one came from."""
    if answers.publication is None:
        return None
    by_number = {one.publication: one for one in publications(lake)}
    at = by_number.get(answers.publication.publication)
    while at is not None and at.parent is not None and (at := by_number.get(at.parent)) is not None:
        before = opened(lake, at.publication)
        if before.has("gold.daily_sales") and any(one.source == source for one in markets(before)):
            return before
    return None


def document(lake: Path, answers: Answers, found: Sequence[Market], pictures: Pictures, note: str = "") -> Document:
    """The whole report. `note`: what readers are to know about pictures that are not there."""
    assert answers.publication is not None
    formats, register = Formats(), Register()
    publication = answers.publication
    head = [
        say(
            f"Publication {publication.publication}, seen from {formats.day(publication.as_of)}; published"
            f" {formats.instant(publication.published_at)}."
        )
    ]
    if len(found) > 1:
        head.append(say("Sources and currencies stand beside each other; nothing is added up over two of them."))
    if note:
        head.append(say(note))
    parts, shown = [], set[str]()
    for market in found:
        desk = Desk(answers, scope(market), register, former_publication(lake, answers, market.source), formats)
        drawn = () if market.source in shown else pictures.get(market.source, ())
        shown.add(market.source)
        parts.append(part(desk, drawn, alone=len(found) == 1))
    title = f"Executive summary, {formats.day(publication.as_of)}"
    return Document(title, tuple(head), tuple(parts), (definitions(parts),))


def part(desk: Desk, drawn: Sequence[Picture], *, alone: bool) -> Part:
    filters, formats = desk.filters, desk.formats
    known = formats.days(filters.known.since, filters.known.until)
    against = f", compared with {desk.against}" if desk.against else ""
    about = say(
        f"Source {filters.source}, amounts in {filters.currency}; days known: {known}. Period reported on:"
        f" {desk.period} ({desk.length}){against}."
    )
    recommended = advice.ranked(desk)
    to_do: Block = recommended if recommended.ranked else Paragraph((say(advice.NOTHING),))
    files = {one.name: Pictured(one, file_of(one, filters.source, alone=alone)) for one in drawn}
    sections = (
        short.section(desk, recommended),
        headline.section(desk),
        drivers.section(desk),
        Section("What to do", (to_do,)),
        _section(sureness.section, desk, "How sure"),
        _with(_section(customers.section, desk, "Customers"), files, ("rfm_analysis", "cohort_heatmap")),
        _with(_section(seasons.section, desk, "Seasons"), files, ("sales_decomposition",)),
        _section(products.section, desk, "Products"),
        _with(_section(campaigns.section, desk, "Campaigns"), files, ("campaign_roi",)),
        _with(_section(forecasts.section, desk, "Forecasts and models"), files,
              tuple(name for name in files if name not in _PLACED)),
    )  # fmt: skip
    return Part(f"{filters.source}, {filters.currency}", about, tuple(one for one in sections if one))


_PLACED = ("rfm_analysis", "cohort_heatmap", "sales_decomposition", "campaign_roi")


def _section(make: Callable[[Desk], Section | None], desk: Desk, title: str) -> Section | None:
    """A sentence instead where the publication lacks a table of it."""
    try:
        return make(desk)
    except UnknownTable as error:
        return Section(title, (Paragraph((say(words.not_in_publication(words.tables_in(str(error)))),)),))


def file_of(picture: Picture, source: str, *, alone: bool) -> str:
    """Its name beside the report: with the source's where there are several."""
    return picture.name if alone else f"{picture.name}_{source}"


def _with(section: Section | None, files: Mapping[str, Pictured], names: tuple[str, ...]) -> Section | None:
    """The section with the pictures that belong to it."""
    found = [files[name] for name in names if name in files]
    return Section(section.title, (*section.blocks, *found)) if section else None


def definitions(parts: Sequence[Part]) -> Section:
    """What the figures mean, in the words of docs/metrics.md: those of sections that say more than why they do not."""
    sections = [section for part in parts for section in part.sections]
    told = {one.title for one in sections if any(list(figures_of(block)) for block in one.blocks)}
    rows = tuple(
        (say(one.figure), say("{text}", text=one.text), say(one.unit or "–"))
        for title, names in _FIGURES.items()
        if title in told
        for one in (words.definition(name) for name in names)
    )
    columns = tuple(Column(name, is_number=False) for name in ("Figure", "Definition", "Unit"))
    return Section("Definitions", (Table("What the figures mean", columns, rows),))
