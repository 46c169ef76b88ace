"""What happened: the headline figures with their change, and what the publication brought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dashboard.data import evidence, sales
from dashboard.data.filters import Compare, Period
from dashboard.formats import is_nothing
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Kpi, Kpis, Paragraph, Section
from dashboard.report.figures import Cell, Figure, How, Query, Sentence, say


@dataclass(frozen=True)
class Sold:
    """The two questions behind the headline figures of a period."""

    totals: Query
    reach: Query

    def cell(self, column: str) -> Cell:
        return (self.reach if column in ("orders", "customers") else self.totals).cell(column)


def sold(desk: Desk) -> Sold:
    return Sold(
        desk.query("Sales and returns of the period", sales.totals(desk.answers, desk.filters)),
        desk.query("Orders and customers of the period", sales.reach(desk.answers, desk.filters)),
    )


def sold_before(desk: Desk) -> Sold | None:
    """Of the period compared with; None where there is none, or nothing was sold in it."""
    if (former := desk.filters.former) is None:
        return None
    then = desk.filters.during(former)
    found = Sold(
        desk.query("Sales and returns of the period compared with", sales.totals(desk.answers, then)),
        desk.query("Orders and customers of the period compared with", sales.reach(desk.answers, then)),
    )
    return found if found.cell("orders").value else None


def kpis(desk: Desk) -> Kpis:
    """Revenue, orders, customers, order value, margin and return rate, as far as the source tells them."""
    now, then = sold(desk), sold_before(desk)
    found = [
        _kpi(desk, now, then, "Revenue, net of returns", desk.money, ("net_of_returns",)),
        _kpi(
            desk,
            now,
            then,
            "Orders",
            desk.count,
            ("orders",),
        ),
        _kpi(desk, now, then, "Customers", desk.count, ("customers",)),
        _kpi(desk, now, then, "Average order value", desk.money_full, ("net_revenue", "orders"), unit="an order"),
        _kpi(desk, now, then, "Margin", desk.money, ("margin",)),
    ]
    if knows_returns(desk):
        returned = ("returned_units", "units")
        found.append(_kpi(desk, now, then, "Return rate", desk.percent, returned, unit="of units"))
    return Kpis(desk.against if then else "", tuple(kpi for kpi in found if kpi))


def knows_returns(desk: Desk) -> bool:
    """Whether anything ever came back: where nothing did, the source most likely does not tell."""
    return bool(evidence.whole(desk.answers, desk.filters).first()["return_lines"])


def _kpi(
    desk: Desk, now: Sold, then: Sold | None, label: str, make: Callable[..., Figure], columns: tuple[str, ...],
    *, unit: str = "",
) -> Kpi | None:  # fmt: skip
    """A column, or the ratio of two. None where the source does not tell it."""
    is_share = make == desk.percent
    cells = [now.cell(name) for name in columns]
    how = How.RATIO if len(columns) > 1 else How.VALUE
    figure = make(*cells, how=how)
    if is_nothing(figure.value) or (label == "Customers" and not figure.value):
        return None
    if then is None:
        return Kpi(label, figure, unit=unit)
    before = [then.cell(name) for name in columns]
    former = make(*before, how=how)
    if is_share:
        change = desk.points(*cells, *before, how=How.DIFFERENCE_OF_RATIOS)
    else:
        change = desk.change(*cells, *before, how=How.CHANGE_OF_RATIO if len(columns) > 1 else How.CHANGE)
    return Kpi(label, figure, former, change, _better(change, less_is_better=label == "Return rate"), unit)


def _better(change: Figure, *, less_is_better: bool) -> bool | None:
    if is_nothing(change.value) or not any(digit in change.text for digit in "123456789"):
        return None
    return bool(change.value > 0) != less_is_better


def revenue(desk: Desk) -> Sentence:
    """What the period brought, in one sentence with its change."""
    now, then = sold(desk), sold_before(desk)
    brought = desk.money(now.cell("net_of_returns"))
    orders = desk.count(now.cell("orders"))
    if brought.value is None:
        return say(f"Nothing was sold and nothing came back in the {desk.length} {desk.period}.")
    head = say(
        f"In the {desk.length} {desk.period} the shop took {{revenue}} net of returns from {{orders}} orders",
        revenue=brought,
        orders=orders,
    )
    if then is None or not then.cell("net_of_returns").value:
        return say("{head}; there is no earlier period that is wholly known to compare with.", head=head)
    change = desk.change(now.cell("net_of_returns"), then.cell("net_of_returns"))
    caution = (
        ""
        if desk.filters.compare is Compare.FORMER_YEAR
        else (" These are other months, so part of the change may be the time of the year.")
    )
    return say(
        f"{{head}}: {{change}} against {desk.against}, which brought {{former}}.{caution}",
        head=head,
        change=change,
        former=desk.money(then.cell("net_of_returns")),
    )


def margin_rate(desk: Desk) -> tuple[Sentence, ...]:
    """Margin as a share of the revenue whose cost is known; empty where no cost is."""
    now, then = sold(desk), sold_before(desk)
    cells = now.cell("margin"), now.cell("costed_revenue")
    rate = desk.percent(*cells, how=How.RATIO)
    if is_nothing(rate.value):
        return ()
    head = say("Margin is {rate} of the revenue whose cost is known", rate=rate)
    if then is None:
        return (say("{head}.", head=head),)
    change = desk.points(*cells, then.cell("margin"), then.cell("costed_revenue"), how=How.DIFFERENCE_OF_RATIOS)
    if is_nothing(change.value):
        return (say("{head}.", head=head),)
    return (say("{head}: {change} against the period compared with.", head=head, change=change),)


def since_before(desk: Desk) -> tuple[Sentence, ...]:
    """What this publication holds that the former one of the source did not; empty where there is none."""
    if desk.before is None or desk.before.publication is None:
        return ()
    number = desk.before.publication.publication
    of = desk.formats.day(desk.before.publication.as_of)
    now = desk.query("All known days", evidence.whole(desk.answers, desk.filters))
    then = desk.query_before("All known days", evidence.whole(desk.before, desk.filters))
    last = then.cell("last_day").value
    if last is None:
        return ()
    until = min(last, desk.filters.known.until)
    orders = desk.signed_count(now.cell("orders"), then.cell("orders"), how=How.DIFFERENCE)
    revenue = desk.signed_money(now.cell("net_of_returns"), then.cell("net_of_returns"), how=How.DIFFERENCE)
    if not orders.value and not revenue.value:
        return (
            say(
                f"Publication {number} (as of {of}) had the same {{orders}} orders and {{revenue}} net of returns over"
                " all days: no sale came in since.",
                orders=desk.count(now.cell("orders")),
                revenue=desk.money(now.cell("net_of_returns")),
            ),
        )
    said = [
        say(
            f"Publication {number} (as of {of}) ended with {{last}}; this one adds {{orders}} orders and {{revenue}}"
            " net of returns over all days.",
            last=desk.day(then.cell("last_day")),
            orders=orders,
            revenue=revenue,
        )
    ]
    return (*said, _restated(desk, Period(desk.filters.known.since, until)))


def _restated(desk: Desk, days: Period) -> Sentence:
    """Whether days that were published before say something else now."""
    assert desk.before is not None
    same = replace(desk.filters, period=days)
    now = desk.query("The days of both publications", evidence.whole_on_days(desk.answers, same))
    then = desk.query_before("The days of both publications", evidence.whole_on_days(desk.before, same))
    cells = now.cell("net_of_returns"), then.cell("net_of_returns")
    difference = desk.signed_money(*cells, how=How.DIFFERENCE)
    if not difference.value:
        return say("Nothing that was published for earlier days has changed.")
    return say(
        "Of that, {difference} restates days that were published before: late orders, returns or corrections.",
        difference=difference,
    )


def section(desk: Desk) -> Section:
    found = kpis(desk)
    blocks: list[Block] = [found] if found.kpis else []
    said = (*margin_rate(desk), *since_before(desk))
    if said:
        blocks.append(Paragraph(said))
    return Section("What happened", tuple(blocks) or (Paragraph((revenue(desk),)),))
