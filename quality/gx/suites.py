"""The Great Expectations suite of every published table, derived from its declaration and what the business expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import great_expectations as gx
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from lakehouse.tables.model import Table
from quality.checks.check import Check
from quality.checks.rows import ROWS
from quality.gx.expectations import ExpectEveryRow, ExpectMeasured, ExpectNoNulls, ExpectTypes


def conditions_of(table: Table) -> dict[str, str]:
    """Name -> condition that every row fulfils: the declared constraints and those of the business."""
    return {**table.checks, **ROWS.get(table.name, {})}


def suite_of(
    table: Table, checks: Sequence[Check], figures: Mapping[str, float] | None = None, *, with_rows: bool = True
) -> gx.ExpectationSuite:
    """The suite of a table: what its rows tell (left out for a table whose own rows did not change), and checks.

    `figures`: what was measured, by rule; none for a suite that is only shown.
    """
    expectations: list[Expectation] = row_expectations(table) if with_rows else []
    known = figures or {}
    expectations += [measured(check, known.get(check.rule)) for check in checks]
    # All at once: adding them one by one compares each with all before it.
    return gx.ExpectationSuite(name=table.name, expectations=expectations)


def row_expectations(table: Table) -> list[Expectation]:
    """What one aggregate over the rows tells: columns, types, what is never NULL, conditions."""
    required = [column.name for column in table.columns if not column.nullable]
    conditions = conditions_of(table)
    return [
        ExpectTypes(
            types={column.name: column.type.upper() for column in table.columns},
            description="has the declared columns, with their types",
            meta=_meta(table, "types"),
        ),
        ExpectNoNulls(
            columns=required,
            description=f"never NULL: {', '.join(required)}",
            meta=_meta(table, "not_null", required),
        ),
        *(
            ExpectEveryRow(
                condition=condition,
                description=f"{name.replace('_', ' ')}: {condition}",
                meta=_meta(table, name, [one for one in table.column_names if one in condition]),
            )
            for name, condition in conditions.items()
        ),
    ]


def measured(check: Check, figure: float | None) -> ExpectMeasured:
    """The expectation that a figure lies within the check's bounds."""
    return ExpectMeasured(
        measured=figure,
        at_least=check.at_least,
        at_most=check.at_most,
        description=check.sentence,
        severity=FailureSeverity(check.severity),
        meta=_meta(check.table, check.code, check.columns),
    )


def _meta(table: Table, code: str, columns: list[str] | tuple[str, ...] = ()) -> dict[str, object]:
    return {"rule": f"{table.name}.{code}", "columns": list(columns)}
