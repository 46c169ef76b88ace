"""Why it happened: the change of revenue taken apart, and what moved most."""

from __future__ import annotations

from dashboard.data import sales, summary
from dashboard.report.desk import Desk
from dashboard.report.document import Column, Section, Table
from dashboard.report.figures import Sentence, say

MOST_CHANGES = 6
NAMES = {"category": "category", "segment": "customer class", "country": "country", "channel": "sales channel"}
_ROOM = 0.02
"""Parts of the change below this share of the largest are not spoken of."""


def bridge(desk: Desk) -> Sentence | None:
    """The change as orders, order value and returns; None where nothing is compared."""
    query = desk.query("The change of revenue, taken apart", summary.bridge(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    parts = [("more orders", "fewer orders", "orders_effect"),
             ("a greater order value", "a smaller order value", "value_effect"),
             ("fewer returns", "more returns", "returns_effect")]  # fmt: skip
    row = query.rows[0]
    ranked = sorted(parts, key=lambda part: -abs(row[part[2]]))
    spoken = [part for part in ranked if abs(row[part[2]]) > _ROOM * abs(row[ranked[0][2]])]
    if not spoken:
        return None
    said = [
        say(f"{{amount}} by {more if row[name] > 0 else fewer}", amount=desk.signed_money(query.cell(name)))
        for more, fewer, name in spoken
    ]
    return say(
        "Revenue moved by {change}: {parts}.",
        change=desk.signed_money(query.cell("change")),
        parts=joined(said),
    )


def joined(said: list[Sentence]) -> Sentence:
    """a, b and c."""
    whole = said[0]
    for at, one in enumerate(said[1:], start=2):
        whole = say("{a} and {b}" if at == len(said) else "{a}, {b}", a=whole, b=one)
    return whole


def changes(desk: Desk) -> Table | None:
    """What gained and lost most, by each dimension that the source tells."""
    query = desk.query("What changed most", sales.changes(desk.answers, desk.filters))
    rows = tuple(
        (
            say("{name}", name=desk.name(query.cell("value", at))),
            say(NAMES[row["dimension"]]),
            say("{now}", now=desk.money(query.cell("revenue", at))),
            say("{then}", then=desk.money(query.cell("former_revenue", at))),
            say("{difference}", difference=desk.signed_money(query.cell("difference", at))),
        )
        for at, row in enumerate(query.rows[:MOST_CHANGES])
    )
    if not rows:
        return None
    columns = (Column("What", is_number=False), Column("Kind", is_number=False), Column("Now"), Column("Before"),
               Column("Difference"))  # fmt: skip
    caption = f"What changed most: net of returns in {desk.currency}, {desk.period} against {desk.against}"
    return Table(caption, columns, rows)


def section(desk: Desk) -> Section | None:
    """None where nothing is compared."""
    table = changes(desk)
    return Section("Why", (table,)) if table else None
