"""The desk that one part of a report is written at: asks questions, and makes figures of what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.data.answers import Answer, Answers
from dashboard.data.choices import Market
from dashboard.data.filters import Compare, Filters, Period
from dashboard.formats import MINUS, Formats, is_nothing, plural
from dashboard.report.figures import Cell, Figure, How, Query

DAYS = 90
"""Days of the period reported on, as the dashboard opens with."""
_DIGITS = "123456789"


def scope(market: Market) -> Filters:
    """The last 90 days of the source, against the same days a year before, or else against the 90 days before.

    Nothing is compared where neither is wholly known.
    """
    known = market.known
    first = max(known.since.toordinal(), known.until.toordinal() - DAYS + 1)
    period = Period(known.since.fromordinal(first), known.until)
    for compare in (Compare.FORMER_YEAR, Compare.FORMER_PERIOD):
        then = period.former(compare)
        if then and then.within(known):
            return Filters(market.source, market.currency, period, known, compare)
    return Filters(market.source, market.currency, period, known, Compare.NOTHING)


@dataclass
class Register:
    """Each question once, over all parts of a report."""

    known: dict[tuple[Any, ...], Query] = field(default_factory=dict)

    def query(self, title: str, answer: Answer, publication: int) -> Query:
        key = (publication, answer.sql, *sorted((name, repr(value)) for name, value in answer.parameters.items()))
        return self.known.setdefault(key, Query(title, answer, publication))


@dataclass(frozen=True)
class Desk:
    """One source in one currency, at one publication; `before` is the former publication that knows the source."""

    answers: Answers
    filters: Filters
    register: Register
    before: Answers | None = None
    formats: Formats = field(default_factory=Formats)

    @property
    def currency(self) -> str:
        return self.filters.currency

    @property
    def against(self) -> str:
        """What is compared with, in words; empty where nothing is."""
        former = self.filters.former
        if former is None:
            return ""
        days = self.formats.days(former.since, former.until)
        if self.filters.compare is Compare.FORMER_YEAR:
            return f"the same days a year before ({days})"
        return f"the {self.length} before ({days})"

    @property
    def length(self) -> str:
        """90 days."""
        days = self.filters.period.days
        return f"{days} {plural(days, 'day')}"

    @property
    def period(self) -> str:
        return self.formats.days(self.filters.period.since, self.filters.period.until)

    def query(self, title: str, answer: Answer) -> Query:
        return self.register.query(title, answer, _number(self.answers))

    def query_before(self, title: str, answer: Answer) -> Query:
        """Of the former publication."""
        assert self.before is not None
        return self.register.query(title, answer, _number(self.before))

    # ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────

    def money(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(lambda value: self.formats.money(value, self.currency), cells, how)

    def signed_money(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(lambda value: signed(self.formats.money(value, self.currency), value), cells, how)

    def money_full(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(lambda value: self.formats.money_full(value, self.currency), cells, how)

    def count(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(self.formats.count, cells, how)

    def signed_count(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(lambda value: signed(self.formats.count(value), value), cells, how)

    def number(self, *cells: Cell, places: int = 1, how: How = How.VALUE) -> Figure:
        return self._figure(lambda value: self.formats.number(value, places), cells, how)

    def percent(self, *cells: Cell, how: How = How.VALUE) -> Figure:
        return self._figure(self.formats.percent, cells, how)

    def change(self, *cells: Cell, how: How = How.CHANGE) -> Figure:
        return self._figure(self.formats.change, cells, how)

    def points(self, *cells: Cell, how: How = How.DIFFERENCE) -> Figure:
        return self._figure(self.formats.points, cells, how)

    def day(self, cell: Cell) -> Figure:
        return self._figure(self.formats.day, (cell,), How.VALUE)

    def month(self, cell: Cell) -> Figure:
        return self._figure(self.formats.month, (cell,), How.VALUE)

    def name(self, cell: Cell) -> Figure:
        """A text of the data, on one line."""
        return self._figure(lambda value: "–" if value is None else one_line(str(value)), (cell,), How.VALUE)

    def label(self, cell: Cell) -> Figure:
        """A code of the data as words: bank_transfer reads `bank transfer`."""
        return self._figure(lambda value: one_line(str(value).replace("_", " ")), (cell,), How.VALUE)

    def _figure(self, text: Any, cells: Sequence[Cell], how: How) -> Figure:
        figure = Figure("", tuple(cells), how)
        return Figure(text(figure.value), figure.cells, how)


def signed(text: str, value: Any) -> str:
    """With a plus where it is above nothing."""
    is_above = not is_nothing(value) and value > 0 and any(digit in text for digit in _DIGITS)
    return f"+{text}" if is_above and not text.startswith(MINUS) else text


def one_line(text: str) -> str:
    """Without line ends, control characters and marks that turn the direction of writing."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _number(answers: Answers) -> int:
    assert answers.publication is not None
    return answers.publication.publication
