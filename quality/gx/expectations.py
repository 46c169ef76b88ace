"""Expectations of our own for Great Expectations, about the counts that one pass over the rows of a table took.

Its own column expectations make three aggregates each and, in any result format but BOOLEAN_ONLY, fetch rows with
personal data; these read a count that is there. (See quality.gx.row_pass.)
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from great_expectations.compatibility.pydantic import Field
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.render.components import LegacyDiagnosticRendererType
from great_expectations.render.renderer.renderer import renderer

from quality.gx.row_pass import TYPES, rows_against, rows_without

# That a subclass has a renderer of its own is meant, and no news to people who watch a run.
logging.getLogger("great_expectations.expectations.registry").setLevel(logging.ERROR)


class Counts(TableMetricProvider):
    """The batch, which is one row of counts, as a mapping."""

    metric_name = "lakehouse.counts"

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 (the decorator makes it a class method)
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Any:
        batch, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        return batch.iloc[0].to_dict()


NOT_COUNTED: dict[str, Any] = {"success": False, "result": {"observed_value": None}}


class _OurExpectation(BatchExpectation):
    """Shows in Data Docs what was seen, and examples where there are any."""

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _observed_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None, **kwargs: Any
    ) -> str:
        found = result.result if result else {}
        return str(found.get("observed", found.get("observed_value", "--")))


class ExpectNoNulls(_OurExpectation):
    """None of the columns is ever NULL."""

    columns: list[str] = Field(description="Columns that every row fills")
    metric_dependencies: ClassVar[tuple[str, ...]] = (Counts.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("columns",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        counts = [metrics[Counts.metric_name].get(rows_without(name)) for name in self.columns]
        if None in counts:
            return NOT_COUNTED
        by_column = {name: count for name, count in zip(self.columns, counts, strict=True) if count}
        found = {"observed_value": sum(by_column.values()), "nulls_by_column": by_column}
        return {"success": not by_column, "result": found}


class ExpectEveryRow(_OurExpectation):
    """Every row fulfils a condition in SQL; NULL does not fulfil it."""

    condition: str = Field(description="A condition in SQL that Spark and DuckDB read alike")
    metric_dependencies: ClassVar[tuple[str, ...]] = (Counts.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("condition",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        broken = metrics[Counts.metric_name].get(rows_against(self.condition))
        return NOT_COUNTED if broken is None else {"success": broken == 0, "result": {"observed_value": broken}}


class ExpectTypes(_OurExpectation):
    """The columns are there with the declared types."""

    types: dict[str, str] = Field(description="Column -> type in Spark SQL")
    metric_dependencies: ClassVar[tuple[str, ...]] = (Counts.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("types",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        present = metrics[Counts.metric_name][TYPES]
        other = {name: present.get(name, "missing") for name, kind in self.types.items() if present.get(name) != kind}
        return {"success": not other, "result": {"observed_value": len(other), "other_types": other}}


class ExpectMeasured(_OurExpectation):
    """A figure that one pass of ours took of the table lies within its bounds.

    What needs a shuffle or a second table (unique keys, references, sums) is measured before and handed over, so that
    it is measured once, in the cheapest way, and judged and documented here. (Not as a suite parameter: the parser of
    these is shared by all threads and fails when two use it for the first time at once.)
    """

    measured: float | None = Field(default=None, description="The figure; none in a suite that is only shown")
    at_least: float | None = None
    at_most: float | None = None
    success_keys: ClassVar[tuple[str, ...]] = ("measured", "at_least", "at_most")

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        figure = self.measured
        low = self.at_least is not None and (figure is None or figure < self.at_least)
        high = self.at_most is not None and (figure is None or figure > self.at_most)
        return {"success": not (low or high), "result": {"observed_value": figure}}
