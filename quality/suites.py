"""The Great Expectations suite of every published table, derived from its declaration and what the business expects."""

from __future__ import annotations

from collections.abc import Sequence

import great_expectations as gx
from great_expectations.expectations.core.expect_table_columns_to_match_set import ExpectTableColumnsToMatchSet
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from lakehouse.tables.model import Table
from quality.conditions import ROWS
from quality.demands import Demand
from quality.expectations import ExpectEveryRow, ExpectMeasured, ExpectNoNulls, ExpectTypes


def conditions_of(table: Table) -> dict[str, str]:
    """Name -> condition that every row fulfils: the declared constraints and those of the business."""
    return {**table.checks, **ROWS.get(table.name, {})}


def suite_of(table: Table, demands: Sequence[Demand], *, with_rows: bool = True) -> gx.ExpectationSuite:
    """The suite of a table: what its rows tell (left out for a table whose own rows did not change), and demands."""
    expectations = row_expectations(table) if with_rows else []
    # All at once: adding them one by one compares each with all before it.
    return gx.ExpectationSuite(name=table.name, expectations=[*expectations, *map(measured, demands)])


def row_expectations(table: Table) -> list[Expectation]:
    """What one aggregate over the rows tells: columns, types, what is never NULL, conditions."""
    required = [column.name for column in table.columns if not column.nullable]
    conditions = conditions_of(table)
    return [
        ExpectTableColumnsToMatchSet(
            column_set=list(table.column_names),
            exact_match=False,
            description="has the declared columns",
            meta=_meta(table, "columns"),
        ),
        ExpectTypes(
            types={column.name: column.type.upper() for column in table.columns},
            description="columns have the declared types",
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


def measured(demand: Demand) -> ExpectMeasured:
    """The expectation whose figure is handed over under the rule's name."""
    return ExpectMeasured(
        measured={"$PARAMETER": demand.code},
        at_least=demand.at_least,
        at_most=demand.at_most,
        description=demand.sentence,
        severity=FailureSeverity(demand.severity),
        meta=_meta(demand.table, demand.code, demand.columns),
    )


def _meta(table: Table, code: str, columns: list[str] | tuple[str, ...] = ()) -> dict[str, object]:
    return {"rule": f"{table.name}.{code}", "columns": list(columns)}
