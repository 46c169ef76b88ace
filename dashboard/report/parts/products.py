"""What sells: the products of most revenue, those that rise and fall, what comes back, what is bought together."""

from __future__ import annotations

from dashboard.data import products
from dashboard.report.desk import Desk
from dashboard.report.document import Block, Column, Points, Section, Table
from dashboard.report.figures import How, Query, Sentence, say
from dashboard.report.parts import headline
from dashboard.report.parts.drivers import joined

MOST, MOST_MOVED, MOST_PAIRS = 5, 2, 2


def best(desk: Desk, query: Query) -> Table | None:
    """The products of most revenue in the period, without postage and fees."""
    sold = [at for at, row in enumerate(query.rows) if row["is_merchandise"] and row["revenue"] > 0][:MOST]
    if not sold:
        return None
    compares = desk.filters.former is not None
    knows_margin = any(query.rows[at]["margin_rate"] is not None for at in sold)
    knows_returns = headline.knows_returns(desk)
    columns = [Column("Product", is_number=False), Column(f"Net of returns, {desk.currency}")]
    columns += [Column("Change")] if compares else []
    columns += [Column("Margin rate")] if knows_margin else []
    columns += [Column("Units returned")] if knows_returns else []
    rows = []
    for at in sold:
        cells = [desk.name(query.cell("product", at)), desk.money(query.cell("revenue", at))]
        if compares:
            cells.append(desk.change(query.cell("revenue", at), query.cell("former_revenue", at)))
        if knows_margin:
            cells.append(desk.percent(query.cell("margin_rate", at)))
        if knows_returns:
            cells.append(desk.percent(query.cell("return_rate", at)))
        rows.append(tuple(say("{cell}", cell=cell) for cell in cells))
    return Table(f"Products of most revenue, {desk.period}", tuple(columns), tuple(rows))


def moved(desk: Desk, query: Query) -> tuple[Sentence, ...]:
    """Which products rose and fell most against the period compared with."""
    if desk.filters.former is None:
        return ()
    rows = [(row["revenue"] - row["former_revenue"], at) for at, row in enumerate(query.rows) if row["is_merchandise"]]
    rose = sorted((one for one in rows if one[0] > 0), key=lambda one: (-one[0], one[1]))[:MOST_MOVED]
    fell = sorted(one for one in rows if one[0] < 0)[:MOST_MOVED]
    said = []
    for word, found in (("rose", rose), ("fell", fell)):
        if found:
            named = joined([_moved(desk, query, at) for _, at in found])
            said.append(say(f"{word.capitalize()}: {{named}}.", named=named))
    return tuple(said)


def _moved(desk: Desk, query: Query, at: int) -> Sentence:
    return say(
        "{product} ({difference})",
        product=desk.name(query.cell("product", at)),
        difference=desk.signed_money(query.cell("revenue", at), query.cell("former_revenue", at), how=How.DIFFERENCE),
    )


def classes(desk: Desk) -> Sentence | None:
    query = desk.query("Classes of products by revenue", products.classes(desk.answers, desk.filters))
    if query.answer.is_empty or query.rows[0]["abc_class"] != "A":
        return None
    return say(
        "{products} products are of class A, the few that bring most: {money} of net revenue over all days.",
        products=desk.count(query.cell("products")),
        money=desk.money(query.cell("net_revenue")),
    )


def returns(desk: Desk) -> Sentence | None:
    """The category that comes back most, where the shop tells categories apart."""
    query = desk.query("Return rates by category", products.return_rates(desk.answers, desk.filters, "category"))
    if len(query.rows) < 2:
        return None
    return say(
        "Of {category}, {rate} of the lines come back (95 % interval {low} to {high}), the most of all categories.",
        category=desk.name(query.cell("value")),
        rate=desk.percent(query.cell("rate")),
        low=desk.percent(query.cell("rate_low")),
        high=desk.percent(query.cell("rate_high")),
    )


def pairs(desk: Desk) -> Sentence | None:
    query = desk.query("Bought together", products.pairs(desk.answers, desk.filters))
    if query.answer.is_empty:
        return None
    said = [
        say(
            "{one} with {other} in {orders} orders, {lift} times as often as by chance",
            one=desk.name(query.cell("product", at)),
            other=desk.name(query.cell("companion", at)),
            orders=desk.count(query.cell("orders_together", at)),
            lift=desk.number(query.cell("adjusted_lift", at)),
        )
        for at in range(min(len(query.rows), MOST_PAIRS))
    ]
    return say("Most surely bought together: {pairs}.", pairs=joined(said))


def section(desk: Desk) -> Section | None:
    query = desk.query("Products of the period", products.products(desk.answers, desk.filters))
    table = best(desk, query)
    blocks: list[Block] = [table] if table else []
    said = {"Moved most": moved(desk, query)}
    for name, one in (("Classes", classes(desk)), ("Returns", returns(desk)), ("Together", pairs(desk))):
        said[name] = (one,) if one else ()
    if points := tuple((name, sentences) for name, sentences in said.items() if sentences):
        blocks.append(Points(points))
    return Section("Products", tuple(blocks)) if blocks else None
