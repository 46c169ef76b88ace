"""What is to come: demand, customers likely to leave, and how good the models are that say so."""

from __future__ import annotations

from dashboard import words
from dashboard.data import evidence
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Column, Paragraph, Section, Table
from dashboard.report.figures import How, Query, Sentence, say

NEEDED = ("gold.demand_forecast", "gold.customer_predictions", "gold.model_scores")
PROBLEMS = {
    "churn": ("Who leaves", "ROC AUC, 0.5 is chance and 1 is sure", True),
    "clv": ("Orders to come", "mean error, orders a customer", False),
    "demand": ("Revenue by week", "error, share of revenue", False),
}
"""Problem -> what it is about, its measure, whether more is better."""


def demand(desk: Desk) -> Sentence | None:
    query = desk.query("Revenue to expect", evidence.forecast_sum(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    ahead = say(
        "In the {weeks} weeks {since} to {until}, net revenue of {revenue} is to be expected (at least {low}, at most"
        " {high}, the sums of the weeks' 80 % bounds)",
        weeks=desk.count(query.cell("weeks")),
        since=desk.day(query.cell("since")),
        until=desk.day(query.cell("until")),
        revenue=desk.money(query.cell("revenue")),
        low=desk.money(query.cell("low")),
        high=desk.money(query.cell("high")),
    )
    if not query.rows[0]["before"]:
        return say("{ahead}.", ahead=ahead)
    row = query.rows[0]
    year: Sentence | str = ""
    if row["year_change"] is not None:
        year = say(
            ", {change} against the {before} of the same weeks a year before",
            change=desk.change(query.cell("year_change"), how=How.VALUE),
            before=desk.money(query.cell("year_before")),
        )
    return say(
        "{ahead}: {change} against the {before} of as many weeks before{year}.",
        ahead=ahead,
        year=year,
        change=desk.change(query.cell("change"), how=How.VALUE),
        before=desk.money(query.cell("before")),
    )


def customers(desk: Desk) -> tuple[Sentence, ...]:
    query = desk.query("Customers likely to leave", evidence.leaving(desk.answers, desk.filters))
    row = query.rows[0]
    if not row["customers"]:
        return ()
    said = [
        say(
            "Of {customers} customers scored, {likely} are more likely than not to place no order within the"
            " horizon; {expected} are to be expected to leave in all.",
            customers=desk.count(query.cell("customers")),
            likely=desk.count(query.cell("likely")),
            expected=desk.count(query.cell("expected")),
        )
    ]
    if row["clv"]:
        of = "margin" if row["clv_basis"] == "margin" else "revenue"
        said.append(
            say(
                f"All together are expected to bring {{clv}} of {of} within the horizon of lifetime value, those"
                " likely to leave {likely} of it.",
                clv=desk.money(query.cell("clv")),
                likely=desk.money(query.cell("likely_clv")),
            )
        )
    return tuple(said)


def models(desk: Desk) -> list[Block]:
    """Each champion beside the best simple method, on days that it had not seen."""
    query = desk.query("Champions on their test window", evidence.champions(desk.answers, desk.filters))
    rows = tuple(_model(desk, query, at) for at, row in enumerate(query.rows) if row["problem"] in PROBLEMS)
    if not rows:
        return []
    columns = (Column("Question", is_number=False), Column("Measure", is_number=False), Column("Champion"),
               Column("95 % interval"), Column("Best simple method"), Column("Reading", is_number=False))  # fmt: skip
    return [Table("How good the models were on days that they had not seen", columns, rows)]


def _model(desk: Desk, query: Query, at: int) -> tuple[Sentence, ...]:
    row = query.rows[at]
    about, measure, more_is_better = PROBLEMS[row["problem"]]
    is_share = row["problem"] == "demand"

    def number(name: str) -> Sentence:
        cell = query.cell(name, at)
        return say("{number}", number=desk.percent(cell) if is_share else desk.number(cell, places=2))

    low, high = number("score_low"), number("score_high")
    is_known = row["score_low"] is not None and row["score_high"] is not None
    is_better = (row["score"] > row["baseline_score"]) == more_is_better and row["score"] != row["baseline_score"]
    return (
        say(about),
        say(measure),
        number("score"),
        say("{low} to {high}", low=low, high=high) if is_known else say("not known"),
        number("baseline_score"),
        say("better" if is_better else "no better than the simple method"),
    )


def section(desk: Desk) -> Section:
    title = "Forecasts and models"
    if any(not desk.answers.has(name) for name in NEEDED):
        return Section(title, (Paragraph((say(words.NOT_TRAINED.replace("`", "")),)),))
    said = [demand(desk), *customers(desk)]
    spoken = tuple(one for one in said if one)
    if not spoken:
        return Section(title, (Paragraph((say(words.NOT_TRAINED.replace("`", "")),)),))
    return Section(title, (Paragraph(spoken), *models(desk)))
