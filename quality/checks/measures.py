"""Measures of tables that need a shuffle or a second table: unique keys, references, histories, equal sums.

Each is a query that counts what is broken; a second one looks for examples only where something is. The texts are read
by DuckDB and by Spark alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lakehouse.tables.gold import FACT_RETURNS, FACT_SALES
from lakehouse.tables.model import Reference, Table
from lakehouse.tables.types import MASK
from quality.heads import Heads
from quality.verdicts import MOST_CASES, NOTHING_BROKEN, Case, Measured, measured_off

EXAMPLES = 5
_SOURCE = "source_system"


def _masked(table: Table, rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> tuple[str, ...]:
    personal = set(table.personal_columns)
    return tuple(
        ", ".join(MASK if name in personal else str(value) for name, value in zip(names, row, strict=True))
        for row in rows
    )


def broken_cases(heads: Heads, table: Table, query: str, names: Sequence[str], what: str) -> Measured:
    """How many rows a query gives, each a case that breaks a rule; and the columns `names` of a few of them.

    `what` says in words what they are.
    """
    [(count,)] = heads.ask(f"SELECT count(*) FROM ({query}) AS cases")
    if not count:
        return NOTHING_BROKEN
    return told_apart(heads, table, query, names, Measured(count, f"{count:,} {what}"))


def told_apart(heads: Heads, table: Table, query: str, names: Sequence[str], measured: Measured) -> Measured:
    """The measure with the cases that a query gives: by source, and the first ones by key, of which few are shown."""
    found = cases(heads, table, query, names)
    shown = tuple(one.key for one in found[:EXAMPLES])
    return replace(measured, examples=shown, by_source=cases_by_source(heads, table, query, names), cases=found)


def cases(heads: Heads, table: Table, query: str, names: Sequence[str]) -> tuple[Case, ...]:
    """The first cases, known by some columns as text, without values that identify a person."""
    shown = ", ".join(f"CAST({name} AS STRING)" for name in names)
    source = _SOURCE if _SOURCE in names else "CAST(NULL AS STRING)"
    found = heads.ask(f"SELECT {source}, {shown} FROM ({query}) AS cases ORDER BY {shown} LIMIT {MOST_CASES}")
    keys = _masked(table, [row[1:] for row in found], names)
    return tuple(Case(row[0], key) for row, key in zip(found, keys, strict=True))


def cases_by_source(heads: Heads, table: Table, query: str, names: Sequence[str]) -> dict[str, int]:
    """Source -> cases, or rows of the table that they are about; nothing where the table does not name sources."""
    if _SOURCE in names:
        text = f"SELECT {_SOURCE}, count(*) FROM ({query}) AS cases GROUP BY {_SOURCE}"
    elif _SOURCE in table.column_names:
        same = " AND ".join(f"there.{name} IS NOT DISTINCT FROM cases.{name}" for name in names)
        text = (
            f"SELECT there.{_SOURCE}, count(*) FROM {table.name} AS there JOIN ({query}) AS cases ON {same} GROUP BY 1"
        )
    else:
        return {}
    found: dict[str | None, int] = dict(heads.ask(text))
    return {} if None in found else {str(source): count for source, count in found.items()}


def rows_there(heads: Heads, table: Table) -> Measured:
    """How many rows there are."""
    [(count,)] = heads.ask(f"SELECT count(*) FROM {table.name}")
    return Measured(count, f"{count:,} rows")


def unique_key(heads: Heads, table: Table) -> Measured:
    """Keys that two rows have. (Keys hold the month of their fact: a line has one month.)"""
    key = ", ".join(table.key)
    repeated = f"SELECT {key} FROM {heads.part(table)} GROUP BY {key} HAVING count(*) > 1"
    return broken_cases(heads, table, repeated, table.key, "keys twice")


def refers(heads: Heads, table: Table, reference: Reference) -> Measured:
    """The values of a reference that refer to nothing; where a part is NULL it refers to nothing and may."""
    given = " AND ".join(f"{name} IS NOT NULL" for name in reference.columns)
    pairs = zip(reference.to_columns, reference.columns, strict=True)
    same = " AND ".join(f"there.{theirs} = named.{ours}" for theirs, ours in pairs)
    names = ", ".join(reference.columns)
    orphans = f"""SELECT {names} FROM (SELECT DISTINCT {names} FROM {heads.part(table)} WHERE {given}) AS named
        WHERE NOT EXISTS (SELECT 1 FROM {reference.to} AS there WHERE {same})"""
    return broken_cases(heads, table, orphans, reference.columns, "refer to nothing")


def unbroken_history(heads: Heads, table: Table, member: Sequence[str]) -> Measured:
    """Versions that do not start where the one before ends, or where none may: gaps, overlaps, two current ones.

    The first version of a member starts with time itself, the last one never ends and is the only current one.
    """
    in_order = f"OVER (PARTITION BY {', '.join(member)} ORDER BY valid_from, valid_to)"
    versions = f"""SELECT *, lag(valid_to) {in_order} AS before_it, lead(valid_from) {in_order} AS after_it
        FROM {heads.part(table)}"""
    is_sound = """CASE WHEN before_it IS NULL THEN EXTRACT(year FROM valid_from) = 1 ELSE valid_from = before_it END
        AND CASE WHEN after_it IS NULL THEN EXTRACT(year FROM valid_to) = 9999 ELSE valid_to = after_it END
        AND is_current = (after_it IS NULL) AND valid_from < valid_to"""
    names = (*member, "valid_from")
    query = f"""SELECT {", ".join(names)} FROM ({versions}) AS versions WHERE NOT coalesce({is_sound}, false)"""
    return broken_cases(heads, table, query, names, "versions leave a gap or an overlap")


def same_sums(heads: Heads, here: str, there: str, amounts: Sequence[str], *, with_rows: bool = True) -> Measured:
    """Rows, units and money of one query (or table) that are not those of the other, per source and currency."""
    names = ["rows", *amounts] if with_rows else list(amounts)
    sides = [_sums(heads, of, names) for of in (here, there)]
    nothing = (0,) * len(names)
    off = [
        (Case(source, f"{source}/{currency}"), f"{name} of {source}/{currency}: {seen} is not {meant}")
        for source, currency in sorted(sides[0].keys() | sides[1].keys(), key=str)
        for name, meant, seen in zip(names, *(side.get((source, currency), nothing) for side in sides), strict=True)
        if meant != seen
    ]
    return named(off) if off else NOTHING_BROKEN


def named(off: Sequence[tuple[Case, str]], more: str = "") -> Measured:
    """Cases that are all known, the first few in words."""
    return measured_off([case for case, _ in off], "; ".join(said for _, said in off[:EXAMPLES]) + more)


def _sums(heads: Heads, of: str, names: Sequence[str]) -> dict[tuple[str, str], tuple[object, ...]]:
    totals = ", ".join("count(*)" if name == "rows" else f"coalesce(sum({name}), 0)" for name in names)
    found = heads.ask(f"SELECT source_system, currency, {totals} FROM {of} AS of_side GROUP BY source_system, currency")
    return {(source, currency): tuple(values) for source, currency, *values in found}


def returned_beyond_sold(heads: Heads) -> Measured:
    """Sold lines of which more units came back than were sold."""
    line = ("source_system", "order_id", "line_number")
    names = ", ".join(line)
    same = " AND ".join(f"back.{name} = sold.{name}" for name in line)
    beyond = f"""SELECT {", ".join(f"sold.{name}" for name in line)} FROM {FACT_SALES.name} AS sold
        JOIN (SELECT {names}, sum(quantity) AS units FROM {FACT_RETURNS.name} WHERE is_matched GROUP BY {names}) AS back
        ON {same} WHERE back.units > sold.quantity"""
    return broken_cases(heads, FACT_SALES, beyond, line, "lines came back more often than they were sold")
