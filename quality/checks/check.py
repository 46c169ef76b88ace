"""Checks: what must hold of tables beyond what one look at each row can tell: as data, each with its measure.

Those that a table's declaration implies are derived from it; those of the business are in quality/checks/business.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lakehouse.tables.model import Reference, Table
from quality.checks.measures import refers, unbroken_history, unique_key
from quality.heads import Heads
from quality.verdicts import Measured, Severity


@dataclass(frozen=True)
class Check:
    """A figure that must lie within bounds."""

    code: str
    table: Table
    sentence: str
    columns: tuple[str, ...]
    measure: Callable[[Heads], Measured]
    severity: Severity = "critical"
    at_most: float | None = 0
    at_least: float | None = None
    reads: tuple[Table, ...] = ()
    """Other tables that it looks at: it is asked again when one of these changed too."""

    @property
    def rule(self) -> str:
        return f"{self.table.name}.{self.code}"

    @property
    def threshold(self) -> str:
        if self.at_most == 0:
            return "none"
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return ", ".join(f"{word} {bound:,g}" for word, bound in bounds if bound is not None) or "any"


def declared_checks(table: Table) -> list[Check]:
    """Unique key, references and history: what the declaration of a table implies beyond its rows."""
    names = ", ".join(table.key)
    found = [
        Check(
            "unique_key",
            table,
            f"unique key ({names})",
            table.key,
            partial(unique_key, table=table),
        )
    ]
    found += [_reference(table, reference) for reference in table.references]
    if {"valid_from", "valid_to", "is_current"} <= set(table.column_names):
        member = history_of(table)
        found.append(
            Check(
                "history",
                table,
                f"the versions of one ({', '.join(member)}) follow each other without gap or overlap",
                ("valid_from", "valid_to", "is_current"),
                partial(unbroken_history, table=table, member=member),
            )
        )
    return found


def history_of(table: Table) -> tuple[str, ...]:
    """The columns that one member keeps through all its versions."""
    durable = tuple(name for name in table.column_names if name.endswith("_durable_key"))
    return durable or tuple(name for name in table.key if name != "valid_from")


def _reference(table: Table, reference: Reference) -> Check:
    return Check(
        f"reference_{reference.columns[-1]}",
        table,
        f"({', '.join(reference.columns)}) refers to {reference.to}",
        reference.columns,
        partial(refers, table=table, reference=reference),
    )
