"""How sure: gates, quarantine, freshness, and what this source does not tell."""

from __future__ import annotations

from dashboard.data import evidence, marketing, trust
from dashboard.formats import plural
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Column, Paragraph, Section, Table
from dashboard.report.figures import Sentence, say
from dashboard.report.parts import headline
from dashboard.report.parts.drivers import joined

MOST_REASONS = 5


def gates(desk: Desk) -> Sentence:
    """How expectations about the tables came out."""
    query = desk.query("Verdicts on the tables", evidence.verdicts(desk.answers))
    row = query.rows[0]
    if not row["expectations"]:
        return say("No judgement of this publication is recorded.")
    others = [(name, row[name]) for name in ("failed", "waived", "warned") if row[name]]
    head = say(
        "{passed} of {all} expectations about {tables} tables were met",
        passed=desk.count(query.cell("passed")),
        all=desk.count(query.cell("expectations")),
        tables=desk.count(query.cell("tables")),
    )
    for name, _ in others:
        head = say(f"{{head}}, {{count}} {name}", head=head, count=desk.count(query.cell(name)))
    return say("{head}.", head=head)


def rows(desk: Desk) -> Sentence:
    """How many rows of the files count, and how many wait."""
    query = desk.query("Rows of the source's files", evidence.rows_of_files(desk.answers, desk.filters))
    row = query.rows[0]
    if not row["rows"]:
        return say("What became of the rows of its files is not recorded.")
    accepted, waiting = desk.count(query.cell("accepted")), desk.count(query.cell("waiting"))
    if not row["waiting"]:
        return say("{accepted} rows of its files count and none waits in quarantine.", accepted=accepted)
    return say(
        f"{{accepted}} rows of its files count; {{waiting}} {plural(row['waiting'], 'waits', 'wait')} in quarantine"
        " ({share} of both) and are left out of every figure here.",
        accepted=accepted,
        waiting=waiting,
        share=desk.percent(query.cell("waiting_share")),
    )


def beside_files(desk: Desk) -> tuple[Sentence, ...]:
    """Whether what the files state of themselves is what the lake makes of them, as the gate compared it."""
    query = desk.query("What files state beside what the lake has", evidence.beside_files(desk.answers, desk.filters))
    said = []
    for at, row in enumerate(query.rows):
        of = plural(row["states"], "line" if row["what"] == "amounts" else "order")
        stated = say(
            f"Its files state the {{what}} of {{count}} {of}",
            what=desk.label(query.cell("what", at)),
            count=desk.count(query.cell("states", at)),
        )
        if row["found"]:
            said.append(say("{stated}; {found}.", stated=stated, found=desk.name(query.cell("found", at))))
        else:
            said.append(say("{stated}, and the lake has the same.", stated=stated))
    return tuple(said)


def fresh(desk: Desk) -> Sentence:
    query = desk.query("Freshness", evidence.freshness(desk.answers, desk.filters))
    row = query.rows[0]
    if row["last_day"] is None:
        return say("No day with an order is known.")
    return say(
        f"The last order is of {{last}}, {{days}} {plural(row['days'], 'day')} before the day that this is seen from.",
        last=desk.day(query.cell("last_day")),
        days=desk.count(query.cell("days")),
    )


def brief(desk: Desk) -> Sentence:
    """Gates, quarantine and freshness in one sentence."""
    verdicts = desk.query("Verdicts on the tables", evidence.verdicts(desk.answers))
    files = desk.query("Rows of the source's files", evidence.rows_of_files(desk.answers, desk.filters))
    last = desk.query("Freshness", evidence.freshness(desk.answers, desk.filters))
    parts = []
    if verdicts.rows[0]["expectations"]:
        parts.append(
            say(
                "{passed} of {all} expectations about the tables were met",
                passed=desk.count(verdicts.cell("passed")),
                all=desk.count(verdicts.cell("expectations")),
            )
        )
    if files.rows[0]["waiting"]:
        parts.append(say("{share} of the rows wait in quarantine", share=desk.percent(files.cell("waiting_share"))))
    elif files.rows[0]["rows"]:
        parts.append(say("no row waits in quarantine"))
    if last.rows[0]["last_day"] is not None:
        parts.append(say("the last order is of {day}", day=desk.day(last.cell("last_day"))))
    return say("{parts}.", parts=joined(parts)) if parts else say("Nothing is recorded of the data's quality.")


def broken(desk: Desk) -> Table | None:
    query = desk.query("Expectations that were not met", evidence.not_passed(desk.answers))
    columns = tuple(Column(name, is_number=False) for name in ("Verdict", "Rule", "Expectation", "Observed"))
    cells = ("verdict", "rule", "expectation", "observed")
    found = tuple(
        tuple(say("{cell}", cell=desk.name(query.cell(name, at))) for name in cells) for at in range(len(query.rows))
    )
    return Table("Expectations that were not met, the gravest first", columns, found) if found else None


def reasons(desk: Desk) -> Table | None:
    query = desk.query("Quarantine by reason", trust.reasons(desk.answers, desk.filters.source))
    columns = (Column("Feed", is_number=False), Column("Reason", is_number=False), Column("Rows"))
    found = tuple(
        (
            say("{feed}", feed=desk.label(query.cell("feed", at))),
            say("{reason}", reason=desk.label(query.cell("reason", at))),
            say("{rows}", rows=desk.count(query.cell("rows", at))),
        )
        for at in range(min(len(query.rows), MOST_REASONS))
    )
    return Table("Why rows wait (a row with two reasons counts under both)", columns, found) if found else None


def unknown(desk: Desk) -> tuple[Sentence, ...]:
    """What the source does not tell, and what is therefore not said."""
    totals = headline.sold(desk).totals
    said = []
    if totals.cell("margin").value is None:
        said.append("costs, so nothing is said of margin")
    if not headline.knows_returns(desk):
        said.append("returns, so revenue is what was sold")
    if not headline.sold(desk).cell("customers").value:
        said.append("customers, so nothing is said of segments and cohorts")
    if desk.answers.has("gold.campaign_roi") and marketing.campaigns(desk.answers, desk.filters).is_empty:
        said.append("campaigns, so nothing is said of their return")
    return (say(f"This source does not tell {'; nor '.join(said)}."),) if said else ()


def section(desk: Desk) -> Section:
    said = (gates(desk), rows(desk), *beside_files(desk), fresh(desk), *unknown(desk))
    blocks: list[Block] = [Paragraph(said)]
    blocks += [table for table in (broken(desk), reasons(desk)) if table]
    return Section("How sure", tuple(blocks))
