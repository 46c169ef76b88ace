"""What to do: recommendations that the tables carry, each with the effect to expect, ranked by it.

A recommendation is made only where the whole interval of its effect is on one side of nothing. Each is a function from
the desk to recommendations; none is made from words alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from dashboard.data import advice, evidence
from dashboard.formats import plural
from dashboard.report.desk import Desk
from dashboard.report.document import Recommendation, Recommendations
from dashboard.report.figures import Query, say
from dashboard.report.parts import headline
from lakehouse.published import UnknownTable

MOST = 7
MOST_OF_A_KIND = 2
LEAST_SHARE = 0.0005
"""What is worth less than this share of the period's revenue is left out."""
IN_UNITS, IN_ROWS = 0.0, -1.0
"""What stands behind effects in money, in this order."""
NOTHING = (
    "The tables carry no recommendation: no campaign is decided, no product comes back beyond what chance explains or"
    " loses money worth speaking of, no demand leaves its level, and no row waits in quarantine."
)


def campaigns(desk: Desk) -> list[Recommendation]:
    """Repeat what surely earned more than it cost; do not repeat what surely earned less."""
    query = desk.query("What campaigns added, less their spend", advice.campaign_effects(desk.answers, desk.filters))
    rows = list(enumerate(query.rows))
    good = [_repeat(desk, query, at) for at, row in rows if row["net_low"] > 0]
    bad = [_stop(desk, query, at) for at, row in reversed(rows) if row["net_high"] < 0]
    return good[:MOST_OF_A_KIND] + bad[:MOST_OF_A_KIND]


def _repeat(desk: Desk, query: Query, at: int) -> Recommendation:
    return Recommendation(
        say("Run the campaign {name} again.", name=desk.name(query.cell("campaign", at))),
        say(
            "Contacted customers brought more margin than those held out at random, and more than the {spend} spent.",
            spend=desk.money(query.cell("spend", at)),
        ),
        say(
            "{net} of margin after its spend (95 % interval {low} to {high}).",
            net=desk.signed_money(query.cell("net", at)),
            low=desk.signed_money(query.cell("net_low", at)),
            high=desk.signed_money(query.cell("net_high", at)),
        ),
        say(
            "The same spend reaches {contacted} customers who respond as those did. It is among the best of"
            " {all} campaigns measured, so part of it may be luck: hold customers out again.",
            contacted=desk.count(query.cell("contacted", at)),
            all=str(len(query.rows)),
        ),
        float(query.rows[at]["net"]),
    )


def _stop(desk: Desk, query: Query, at: int) -> Recommendation:
    return Recommendation(
        say("Do not repeat the campaign {name} as it was.", name=desk.name(query.cell("campaign", at))),
        say(
            "Contacted customers did not bring so much more margin than those held out at random that its {spend} came"
            " back.",
            spend=desk.money(query.cell("spend", at)),
        ),
        say(
            "{lost} spared, what it cost beyond the margin that it added (95 % interval {low} to {high}).",
            lost=desk.money(query.cell("lost", at)),
            low=desk.money(query.cell("lost_low", at)),
            high=desk.money(query.cell("lost_high", at)),
        ),
        say("It would do as before: the same spend, on customers who respond as those did."),
        float(query.rows[at]["lost"]),
    )


def returns(desk: Desk) -> list[Recommendation]:
    """Look into products that come back more than all others, beyond what chance explains."""
    query = desk.query("Products that come back too often", advice.returned_too_often(desk.answers, desk.filters))
    return [_returned(desk, query, at) for at in range(min(len(query.rows), MOST_OF_A_KIND))]


def _returned(desk: Desk, query: Query, at: int) -> Recommendation:
    return Recommendation(
        say("Find out why {product} comes back, and mend it.", product=desk.name(query.cell("product", at))),
        say(
            "{rate} of its {lines} sold lines came back, against {other} of all other products.",
            rate=desk.percent(query.cell("rate", at)),
            lines=desk.count(query.cell("lines", at)),
            other=desk.percent(query.cell("other_rate", at)),
        ),
        say(
            "{spared} of its {refunds} of refunds over all days would not have been (interval {low} to {high}).",
            spared=desk.money(query.cell("spared", at)),
            refunds=desk.money(query.cell("refunds", at)),
            low=desk.money(query.cell("spared_low", at)),
            high=desk.money(query.cell("spared_high", at)),
        ),
        say(
            "It then comes back as often as the other products do, and refunds fall in the same proportion. The"
            " interval is that of its return rate, at a level that allows for the number of products looked at. What"
            " comes back may be sold again, so this is refunds, not profit."
        ),
        float(query.rows[at]["spared"]),
    )


def losses(desk: Desk) -> list[Recommendation]:
    """Raise the price of what is sold below its cost, or sell it no longer."""
    query = desk.query("Products sold at a loss", advice.sold_at_a_loss(desk.answers, desk.filters))
    return [_lost(desk, query, at) for at in range(min(len(query.rows), MOST_OF_A_KIND))]


def _lost(desk: Desk, query: Query, at: int) -> Recommendation:
    return Recommendation(
        say(
            "Raise the price of {product} to its cost at least, or drop it.",
            product=desk.name(query.cell("product", at)),
        ),
        say(
            "Its {units} units sold in the period brought {revenue} and cost more.",
            units=desk.count(query.cell("units", at)),
            revenue=desk.money_full(query.cell("costed_revenue", at)),
        ),
        say(
            f"{{loss}} in {desk.length}, exactly what was lost on it, whichever of the two is done.",
            loss=desk.money_full(query.cell("loss", at)),
        ),
        say(
            "No other product is bought on its account, and its cost is the one delivered. Nothing is estimated here,"
            " so there is no interval."
        ),
        float(query.rows[at]["loss"]),
    )


def stock(desk: Desk) -> list[Recommendation]:
    """Plan for demand that leaves the level of the last weeks."""
    query = desk.query("Demand that leaves its level", advice.demand_ahead(desk.answers, desk.filters))
    found = []
    for at, row in list(enumerate(query.rows))[:MOST_OF_A_KIND]:
        word = "more" if row["more"] > 0 else "fewer"
        found.append(
            Recommendation(
                say(f"Plan for {word} units of {{category}}.", category=desk.name(query.cell("category", at))),
                say(
                    "{units} units are to be expected in the next {weeks} weeks; as many weeks before sold {before}.",
                    units=desk.count(query.cell("units", at)),
                    weeks=desk.count(query.cell("weeks", at)),
                    before=desk.count(query.cell("before", at)),
                ),
                say(
                    "{more} units (at least {low}, at most {high}).",
                    more=desk.signed_count(query.cell("more", at)),
                    low=desk.signed_count(query.cell("more_low", at)),
                    high=desk.signed_count(query.cell("more_high", at)),
                ),
                say(
                    "The forecast's errors stay as they were when it was tested. The bounds add up the 80 % bounds of"
                    " the weeks, wider than 80 % of the whole unless all weeks err together."
                ),
                IN_UNITS,
            )
        )
    return found


def quarantine(desk: Desk) -> list[Recommendation]:
    """Decide about the rows that wait."""
    query = desk.query("Rows of the source's files", evidence.rows_of_files(desk.answers, desk.filters))
    waiting = query.rows[0]["waiting"]
    if not waiting:
        return []
    return [
        Recommendation(
            say(
                f"Decide about the {{waiting}} {plural(waiting, 'row')} in quarantine.",
                waiting=desk.count(query.cell("waiting")),
            ),
            say("They could not be accepted, and no figure of this report counts them."),
            say(
                "From no row to {waiting} more that count, {share} of all; what they are worth is not known before"
                " they are mended.",
                waiting=desk.count(query.cell("waiting")),
                share=desk.percent(query.cell("waiting_share")),
            ),
            say("Some can be mended at their source or accepted: lakehouse quarantine list shows them."),
            IN_ROWS,
        )
    ]


KINDS: tuple[Callable[[Desk], list[Recommendation]], ...] = (campaigns, returns, losses, stock, quarantine)


def ranked(desk: Desk) -> Recommendations:
    """The most money first; then units, then rows. At most seven. Nothing of tables that the publication lacks."""
    found: list[Recommendation] = []
    for kind in KINDS:
        with suppress(UnknownTable):
            found += kind(desk)
    brought = headline.sold(desk).cell("net_of_returns").value
    return Recommendations(in_order(found, LEAST_SHARE * abs(float(brought or 0))))


def in_order(found: Sequence[Recommendation], least: float) -> tuple[Recommendation, ...]:
    """By worth; without those whose effect in money is below `least`."""
    kept = [one for one in found if one.worth <= IN_UNITS or one.worth >= least]
    return tuple(sorted(kept, key=lambda one: -one.worth)[:MOST])
