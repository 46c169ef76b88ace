"""Measures of what a mistake in a declaration or an export looks like, before anybody builds on it. They only warn.

Each is one query over what the run changed, or none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from lakehouse.silver.newest_order import advice
from lakehouse.sources.model import Source
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, PRODUCTS
from quality.checks.check import Check
from quality.checks.days import lines_by_day
from quality.checks.measures import EXAMPLES, broken_cases
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured

IDS = (
    (ORDER_LINES, "order_id"), (ORDER_LINES, "customer_id"), (ORDER_LINES, "product_id"),
    (CUSTOMERS, "customer_id"), (PRODUCTS, "product_id"),
)  # fmt: skip
SCIENTIFIC = "^[0-9]([.,][0-9]+)?[eE][+][0-9]+$"
"""What a spreadsheet makes of a long number."""
FEWEST_DAYS, LAST_OF_TWELVE = 8, 12
WITHOUT_DECIMALS = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
WITH_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
"""By ISO 4217; all others have two decimals."""
MOST_ODD = 0.5
"""Share of the lines of a source in one currency from which on the currency, not the price, is taken to be wrong."""


def early_checks() -> list[Check]:
    """All of them, each a warning."""
    return [
        _warning("one_customer_and_day", "an order has one customer and one day", ("order_id",), mixed_orders),
        _warning("ids_whole", "ids are as the shop wrote them", ("order_id", "customer_id", "product_id"), spoilt_ids),
        _warning("dates_told_apart", "days and months of dates are not mixed up", ("ordered_at",), days_up_to_twelve),
        _warning("currency_fits", "amounts have the decimals of their currency", ("unit_price",), odd_amounts),
        _warning("seen_from_then", "the lake is seen from a day near its orders", ("order_date",), seen_from_afar),
    ]


def _warning(code: str, sentence: str, columns: tuple[str, ...], measure: object) -> Check:
    reads = (CUSTOMERS, PRODUCTS) if measure is spoilt_ids else ()
    return Check(code, ORDER_LINES, sentence, columns, measure, severity="warning", reads=reads)  # type: ignore[arg-type]


def mixed_orders(heads: Heads) -> Measured:
    """Orders with lines of two customers or two days, as where two stores number their orders alike."""
    names = ("source_system", "order_id")
    changed = f"SELECT DISTINCT source_system, order_id FROM {heads.part(ORDER_LINES)}"
    mixed = f"""SELECT source_system, order_id FROM {ORDER_LINES.name} AS line
        JOIN ({changed}) AS changed USING (source_system, order_id) GROUP BY source_system, order_id
        HAVING count(DISTINCT customer_id) > 1 OR count(DISTINCT order_date) > 1"""
    what = "orders have two customers or two days: have two stores, or two years, the same numbers?"
    return broken_cases(heads, ORDER_LINES, mixed, names, what)


def spoilt_ids(heads: Heads) -> Measured:
    """Ids that a spreadsheet has rewritten: as 5.55E+12, or without the zeros that another row of the same id has."""
    ids = " UNION ".join(
        f"""SELECT source_system, '{name}' AS named, {name} AS id FROM {heads.part(table)} AS part_of_{table.short_name}
        WHERE {name} IS NOT NULL"""
        for table, name in IDS
    )
    names = ("source_system", "named", "id")
    spoilt = f"""SELECT source_system, named, id FROM ({ids}) AS ids WHERE regexp_like(id, '{SCIENTIFIC}')
        UNION ALL SELECT padded.source_system, padded.named, padded.id FROM ({ids}) AS padded JOIN ({ids}) AS bare
        ON padded.source_system = bare.source_system AND padded.named = bare.named
        AND regexp_replace(padded.id, '^0+', '') = bare.id WHERE regexp_like(padded.id, '^0[0-9]+$')"""
    what = "ids are numbers that a spreadsheet has rounded, or are there with zeros before them and without"
    return broken_cases(heads, ORDER_LINES, spoilt, names, what)


def days_up_to_twelve(heads: Heads) -> Measured:
    """Sources that have orders on many days, none of which is later in its month than the 12th, though their dates
    could be read the other way round."""
    off = [
        f"{source.name}: {len(days)} days, none after the {LAST_OF_TWELVE}th: are dates by"
        f" {', '.join(formats)} months first, or days first?"
        for source in heads.sources
        if (formats := interchangeable(source))
        and looks_mixed_up(days := lines_by_day(heads).get(source.name, {}).keys())
    ]
    return Measured(len(off), "; ".join(off[:EXAMPLES])) if off else NOTHING_BROKEN


def looks_mixed_up(days: Iterable[date]) -> bool:
    """Whether days of several months are all so early in their month that they could be months themselves."""
    known = set(days)
    months = {(day.year, day.month) for day in known}
    return len(known) >= FEWEST_DAYS and len(months) > 1 and all(day.day <= LAST_OF_TWELVE for day in known)


def interchangeable(source: Source) -> list[str]:
    """The date formats of the source's order lines that have day and month as numbers side by side."""
    feed = source.feeds.get("order_lines")
    kinds = [feed.file, *(join.file for join in feed.join)] if feed else []
    formats = dict.fromkeys(one for kind in kinds for one in source.files[kind].date_formats)
    return [one for one in formats if re.search(r"(?<![dM])(d{1,2}[^A-Za-z]M{1,2}|M{1,2}[^A-Za-z]d{1,2})(?![dM])", one)
            and not one.startswith("y")]  # fmt: skip


def odd_amounts(heads: Heads) -> Measured:
    """Sources most of whose lines in a currency have amounts that it has no coins for: yen with decimals, euros with
    three of them."""
    # Where the amount of a line is stated, its price is a quotient: a third of 10.00 says nothing of the currency.
    amount = "coalesce(gross_amount, net_amount, unit_price)"
    digits = f"""CASE WHEN currency IN {WITHOUT_DECIMALS} THEN round({amount}, 0)
        WHEN currency IN {WITH_THREE} THEN round({amount}, 3) ELSE round({amount}, 2) END"""
    found = heads.ask(
        f"""SELECT source_system, currency, count(*), sum(CASE WHEN {amount} <> {digits} THEN 1 ELSE 0 END)
        FROM {heads.part(ORDER_LINES)} AS part GROUP BY source_system, currency ORDER BY source_system, currency"""
    )
    off = [
        f"{source}: {odd:,} of {lines:,} lines in {currency}"
        for source, currency, lines, odd in found
        if odd / lines > MOST_ODD
    ]
    said = f"prices have more decimals than the currency: {'; '.join(off[:EXAMPLES])}"
    return Measured(len(off), said) if off else NOTHING_BROKEN


def seen_from_afar(heads: Heads) -> Measured:
    """Whether the newest order of all is long before the day that the lake is seen from."""
    days = [day for of_source in lines_by_day(heads).values() for day in of_source]
    said = advice(max(days, default=None), heads.lake.as_of)
    return Measured(1, said) if said else NOTHING_BROKEN
