"""Who buys and who comes back: segments and cohorts."""

from __future__ import annotations

from dashboard import words
from dashboard.data import summary
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Column, Paragraph, Section, Table
from dashboard.report.figures import How, Query, Sentence, say

NEEDED = ("gold.customer_rfm", "gold.rfm_segments", "gold.cohort_retention", "gold.customer_concentration")


def segments(desk: Desk) -> Table | None:
    query = desk.query("Segments of customers", summary.segments(desk.answers, desk.filters))
    before = None
    if desk.before and desk.before.has("gold.rfm_segments"):
        before = desk.query_before("Segments of customers", summary.segments(desk.before, desk.filters))
    if query.answer.is_empty:
        return None
    if before and _sizes(before) == _sizes(query):
        before = None
    columns = [Column("Segment", is_number=False), Column("Customers"), Column("Share of customers"),
               Column(f"Brought so far, {desk.currency}"), Column("Share of that"),
               Column("Days since last order, mean")]  # fmt: skip
    if before and desk.before and desk.before.publication:
        columns.insert(2, Column(f"Since publication {desk.before.publication.publication}"))
    rows = tuple(_segment(desk, query, before, at) for at in range(len(query.rows)))
    as_of = desk.formats.day(desk.answers.publication.as_of if desk.answers.publication else None)
    return Table(f"Segments by recency, frequency and monetary value, as of {as_of}", tuple(columns), rows)


def _sizes(query: Query) -> dict[str, int]:
    return {row["segment"]: row["customers"] for row in query.rows}


def _segment(desk: Desk, query: Query, before: Query | None, at: int) -> tuple[Sentence, ...]:
    cells = [
        desk.name(query.cell("segment", at)),
        desk.count(query.cell("customers", at)),
        desk.percent(query.cell("customer_share", at)),
        desk.money(query.cell("monetary", at)),
        desk.percent(query.cell("money_share", at)),
        desk.number(query.cell("mean_recency_days", at), places=0),
    ]
    if before:
        names = [row["segment"] for row in before.rows]
        name = query.rows[at]["segment"]
        now = query.cell("customers", at)
        cells.insert(2, desk.signed_count(now, before.cell("customers", names.index(name)), how=How.DIFFERENCE)
                     if name in names else desk.signed_count(now))  # fmt: skip
    return tuple(say("{cell}", cell=cell) for cell in cells)


def overview(desk: Desk) -> tuple[Sentence, ...]:
    people = desk.query("Customers so far", summary.people(desk.answers, desk.filters))
    said = [
        say(
            "{customers} customers have brought {money} net of returns so far; {repeat} of them ordered more than"
            " once.",
            customers=desk.count(people.cell("customers")),
            money=desk.money(people.cell("monetary")),
            repeat=desk.percent(people.cell("repeat_share")),
        )
    ]
    tenth = desk.query("What the best tenth brings", summary.top_tenth(desk.answers, desk.filters))
    if not tenth.answer.is_empty:
        said.append(
            say(
                "The best tenth brings {share} of net revenue (Gini coefficient {gini}: 0 where all are alike, near 1"
                " where one brings all).",
                share=desk.percent(tenth.cell("revenue_share")),
                gini=desk.number(tenth.cell("gini"), places=2),
            )
        )
    return tuple(said)


def cohorts(desk: Desk) -> list[Block]:
    query = desk.query("Who comes back", summary.retention(desk.answers, desk.filters))
    rows = tuple(
        tuple(
            say("{cell}", cell=cell)
            for cell in (
                desk.count(query.cell("month_number", at)),
                desk.percent(query.cell("retention", at)),
                desk.money_full(query.cell("revenue_per_customer", at)),
                desk.count(query.cell("customers", at)),
                desk.count(query.cell("cohorts", at)),
            )
        )
        for at in range(len(query.rows))
    )
    if not rows:
        return [Paragraph((say("No month after a first order is wholly known yet: who comes back is not told."),))]
    columns = (Column("Month after the first"), Column("Ordered in that month"),
               Column(f"Brought until then, {desk.currency} a customer"), Column("Customers observed"),
               Column("Cohorts"))  # fmt: skip
    found: list[Block] = [Table("Who comes back: all cohorts of which that month is wholly known", columns, rows)]
    halves = desk.query("New and older cohorts", summary.cohort_halves(desk.answers, desk.filters))
    if not halves.answer.is_empty:
        said = say(
            "Of those who came in the three newest cohorts known (from {since}), {newest} ordered again in the month"
            " after their first; of all before them, {older}: {difference}.",
            since=desk.month(halves.cell("newest_since")),
            newest=desk.percent(halves.cell("newest")),
            older=desk.percent(halves.cell("older")),
            difference=desk.points(halves.cell("newest"), halves.cell("older")),
        )
        found.append(Paragraph((said,)))
    return found


def section(desk: Desk) -> Section:
    title = "Customers"
    if missing := [name for name in NEEDED if not desk.answers.has(name)]:
        return Section(title, (Paragraph((say(words.not_in_publication(missing)),)),))
    table = segments(desk)
    if table is None:
        return Section(title, (Paragraph((say(words.NO_CUSTOMERS),)),))
    return Section(title, (Paragraph(overview(desk)), table, *cohorts(desk)))
