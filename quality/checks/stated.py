"""Measures of what files say of themselves: amounts, totals and payments beside what the lake makes of them, in money.

Nothing is refused for it: a shop may round by its own rule, and a customer may owe. It is a finding, per source and
currency, with the orders that differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from lakehouse.gold.sales.paid import NOT_PAID
from lakehouse.tables.silver import ORDER_CHARGES, ORDER_LINES, PAYMENTS
from quality.checks.measures import EXAMPLES
from quality.heads import Heads
from quality.thresholds import Stated
from quality.verdicts import NOTHING_BROKEN, Measured


@dataclass(frozen=True)
class Beside:
    """A query of cases: `source_system`, `currency`, `named`, what is `stated`, and what is `here`."""

    query: str
    what: str
    """What the cases are, in words."""
    rounding: str
    """SQL: how far the two may lie apart."""


def lines_beside_prices(heads: Heads, limits: Stated) -> Measured:
    """Lines of which price and amount are stated, and do not go together."""
    query = f"""SELECT source_system, currency, concat(order_id, ' line ', CAST(line_number AS STRING)) AS named,
        quantity * unit_price AS stated, gross_amount AS here, quantity
        FROM {heads.part(ORDER_LINES)} WHERE gross_amount IS NOT NULL"""
    # A price that was worked out from the amount is within this too.
    return _differing(heads, Beside(query, "lines", f"quantity * {limits.rounding_of_a_unit}"))


def orders_beside_totals(heads: Heads, limits: Stated) -> Measured:
    """Orders whose stated total is not that of their lines and of the charges on top of them."""
    query = f"""SELECT o.source_system, o.currency, o.order_id AS named, o.stated,
        o.net + coalesce(c.beside, 0) AS here
        FROM ({_orders(heads)}) AS o LEFT JOIN ({_charges()}) AS c
        ON c.source_system = o.source_system AND c.order_id = o.order_id AND c.currency = o.currency
        WHERE o.stated IS NOT NULL"""
    return _differing(heads, Beside(query, "orders", str(limits.rounding)))


def orders_beside_payments(heads: Heads, limits: Stated) -> Measured:
    """Completed orders with payments that are not what the order comes to."""
    states = ", ".join(f"'{state}'" for state in NOT_PAID)
    paid = f"""SELECT source_system, order_id, currency, sum(amount) AS paid FROM {PAYMENTS.name}
        WHERE lower(coalesce(payment_status, '')) NOT IN ({states}) GROUP BY source_system, order_id, currency"""
    query = f"""SELECT o.source_system, o.currency, o.order_id AS named, p.paid AS stated,
        o.net + coalesce(c.beside, 0) AS here
        FROM ({_orders(heads, "order_status = 'completed'")}) AS o JOIN ({paid}) AS p
        ON p.source_system = o.source_system AND p.order_id = o.order_id AND p.currency = o.currency
        LEFT JOIN ({_charges()}) AS c
        ON c.source_system = o.source_system AND c.order_id = o.order_id AND c.currency = o.currency"""
    return _differing(heads, Beside(query, "orders", str(limits.rounding)))


def _orders(heads: Heads, where: str = "true") -> str:
    return f"""SELECT source_system, order_id, currency, sum(net_revenue) AS net, max(stated_order_total) AS stated
        FROM {heads.part(ORDER_LINES)} AS lines WHERE {where} GROUP BY source_system, order_id, currency"""


def _charges() -> str:
    """What comes on top of the prices of an order's lines."""
    several = "coalesce(shipping_amount, 0) + coalesce(fee_amount, 0) + coalesce(tip_amount, 0)"
    on_top = "CASE WHEN is_within_prices THEN 0 ELSE coalesce(amount, 0) + coalesce(tax_amount, 0) END"
    return f"""SELECT source_system, order_id, currency, sum({several} + {on_top}) AS beside
        FROM {ORDER_CHARGES.name} GROUP BY source_system, order_id, currency"""


def _differing(heads: Heads, beside: Beside) -> Measured:
    """The largest share of cases that differ, of all sources and currencies; in words how many, and by how much."""
    off = f"CASE WHEN abs(here - stated) > {beside.rounding} THEN 1 ELSE 0 END"
    sums = heads.ask(
        f"""SELECT source_system, currency, count(*), CAST(sum({off}) AS BIGINT),
        sum(CASE WHEN here > stated THEN ({off}) * (here - stated) ELSE 0 END),
        sum(CASE WHEN here < stated THEN ({off}) * (stated - here) ELSE 0 END)
        FROM ({beside.query}) AS cases GROUP BY source_system, currency ORDER BY source_system, currency"""
    )
    found = [row for row in sums if row[3]]
    if not found:
        return NOTHING_BROKEN
    words = "; ".join(
        f"{source}: {cases:,} of {all_cases:,} {beside.what} differ: {more:.2f} {currency} more here, {less:.2f} less"
        for source, currency, all_cases, cases, more, less in found[:EXAMPLES]
    )
    return Measured(max(row[3] / row[2] for row in found), words, _examples(heads, beside, off))


def _examples(heads: Heads, beside: Beside, off: str) -> tuple[str, ...]:
    rows = heads.ask(
        f"""SELECT source_system, named, CAST(stated AS STRING), CAST(here AS STRING), currency
        FROM ({beside.query}) AS cases WHERE ({off}) = 1
        ORDER BY abs(here - stated) DESC, source_system, named LIMIT {EXAMPLES}"""
    )
    return tuple(
        f"{source} {named}: {stated} stated, {here} here, {currency}" for source, named, stated, here, currency in rows
    )
