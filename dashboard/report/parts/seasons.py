"""When it sells: trend, days of the week, odd days, how people pay."""

from __future__ import annotations

from dashboard import words
from dashboard.data import summary
from dashboard.report.desk import Desk
from dashboard.report.document import Points, Section
from dashboard.report.figures import How, Query, Sentence, say
from dashboard.report.parts.drivers import joined

STRONG, WEAK = 0.6, 0.3
"""Strength of trend or season from which on it is called strong, and up to which weak."""


def trend(desk: Desk) -> tuple[Sentence, ...]:
    """How the daily series moves; empty where it could not be taken apart."""
    if not desk.answers.has("gold.sales_series"):
        return ()
    query = desk.query("Trend and season of daily revenue", summary.season(desk.answers, desk.filters))
    if query.answer.is_empty or query.rows[0]["series_outcome"] != "decomposed":
        return (say(words.NO_SERIES),)
    row = query.rows[0]
    said = []
    if row["year_on_year"] is not None:
        change = desk.change(query.cell("year_on_year"), how=How.VALUE)
        said.append(say("Day for day, net revenue stands at {change} against the year before.", change=change))
    if row["growth"] is not None:
        said.append(
            say(
                "The trend of its last four weeks stands {change} against that of its first four ({first} to {last}).",
                change=desk.change(query.cell("growth"), how=How.VALUE),
                first=desk.day(query.cell("first_day")),
                last=desk.day(query.cell("last_day")),
            )
        )
    said.append(
        say(
            f"The week's pattern is {_strength(row['weekly_strength'])} (strength {{week}} of 1), the trend"
            f" {_strength(row['trend_strength'])} ({{trend}} of 1).",
            week=desk.number(query.cell("weekly_strength"), places=2),
            trend=desk.number(query.cell("trend_strength"), places=2),
        )
    )
    return tuple(said)


def _strength(value: float) -> str:
    return "strong" if value >= STRONG else "weak" if value < WEAK else "moderate"


def week(desk: Desk) -> Sentence:
    query = desk.query("Mean revenue by weekday", summary.weekdays(desk.answers, desk.filters))
    last = len(query.rows) - 1
    return say(
        "{best} is the best day with {most} on average, {worst} the weakest with {least}.",
        best=desk.name(query.cell("day_name", 0)),
        most=desk.money(query.cell("mean_revenue", 0)),
        worst=desk.name(query.cell("day_name", last)),
        least=desk.money(query.cell("mean_revenue", last)),
    )


def odd(desk: Desk) -> Sentence | None:
    """Days out of the ordinary; None where there were none."""
    if not desk.answers.has("gold.sales_decomposition"):
        return None
    query = desk.query("Days out of the ordinary", summary.odd_days(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    return say(
        "Furthest out of the ordinary: {days}.",
        days=joined([_odd_day(desk, query, at) for at in range(len(query.rows))]),
    )


def _odd_day(desk: Desk, query: Query, at: int) -> Sentence:
    return say(
        "{day} with {value} where {expected} was to be expected",
        day=desk.day(query.cell("full_date", at)),
        value=desk.money(query.cell("value", at)),
        expected=desk.money(query.cell("expected", at)),
    )


def payments(desk: Desk) -> Sentence | None:
    """The share of each way to pay; None where the source does not tell."""
    query = desk.query("How people pay", summary.payment_shares(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    said = [
        say("{share} by {method}", share=desk.percent(query.cell("share", at)),
            method=desk.label(query.cell("payment_method", at)))
        for at in range(min(len(query.rows), 4))
    ]  # fmt: skip
    return say("Paid: {methods} of net revenue.", methods=joined(said))


def section(desk: Desk) -> Section:
    of_days = tuple(one for one in (odd(desk),) if one)
    of_payments = tuple(one for one in (payments(desk),) if one)
    points = (("Trend", trend(desk)), ("Week", (week(desk),)), ("Odd days", of_days), ("Payments", of_payments))
    return Section("Seasons", (Points(tuple((name, said) for name, said in points if said)),))
