"""What campaigns brought: what looks like it, beside what they added."""

from __future__ import annotations

from typing import Any

from dashboard import words
from dashboard.data import marketing
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Column, Paragraph, Section, Table
from dashboard.report.figures import Query, Sentence, say

SURE_POWER = 0.8


def verdict(row: dict[str, Any]) -> str:
    """What the interval of the incremental ROI allows to say."""
    low, high = row["adjusted_roi_low"], row["adjusted_roi_high"]
    if low is None or high is None:
        return "not measured"
    if low > 0:
        return "paid"
    if high < 0:
        return "did not pay"
    return "not decided"


def table(desk: Desk, query: Query) -> Table:
    columns = (Column("Campaign", is_number=False), Column(f"Spend, {desk.currency}"), Column("Naive ROI"),
               Column("Incremental ROI"), Column("95 % interval"), Column("Reading", is_number=False))  # fmt: skip
    rows = tuple(_row(desk, query, at, row) for at, row in enumerate(query.rows))
    return Table("Return on campaigns: the naive figure beside what held-out customers show", columns, rows)


def _row(desk: Desk, query: Query, at: int, row: dict[str, Any]) -> tuple[Sentence, ...]:
    def percent(name: str) -> Any:
        return desk.percent(query.cell(name, at))

    between = say("{low} to {high}", low=percent("adjusted_roi_low"), high=percent("adjusted_roi_high"))
    return (
        say("{name}", name=desk.name(query.cell("campaign_name", at))),
        say("{spend}", spend=desk.money(query.cell("spend", at))),
        say("{roi}", roi=percent("naive_roi")),
        say("{roi}", roi=percent("adjusted_roi")),
        between if row["adjusted_roi_low"] is not None else say("–"),
        say(verdict(row)),
    )


def reading(query: Query) -> tuple[Sentence, ...]:
    """How to read the table."""
    said = [
        say(
            "The naive figure counts all that contacted customers bought; most of it would have come anyway. The"
            " incremental one is measured against customers who were held out at random, so it is what the campaign"
            " added to margin, less its spend, for each unit of money spent."
        )
    ]
    weak = [row for row in query.rows
            if verdict(row) == "not decided" and (row["power_at_break_even"] or 0) < SURE_POWER]  # fmt: skip
    if weak:
        said.append(
            say(
                "Not decided is not the same as no effect: where so few customers are held out, a campaign that just"
                " pays for itself would mostly not be told from one that adds nothing."
            )
        )
    if all(verdict(row) == "not measured" for row in query.rows):
        said = [say(words.NO_HELD_OUT)]
    return tuple(said)


def section(desk: Desk) -> Section | None:
    """None where the source has no campaigns: the head of the part says so."""
    if not desk.answers.has("gold.campaign_roi"):
        return None
    query = desk.query("Return on campaigns", marketing.campaigns(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    blocks: list[Block] = [table(desk, query), Paragraph(reading(query))]
    return Section("Campaigns", tuple(blocks))
