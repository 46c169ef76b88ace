"""Expectations of our own for Great Expectations: each costs one column of an aggregate, or nothing at all.

Great Expectations bundles the aggregates of a batch into one query. Its own column expectations make three aggregates
each and, in any result format but BOOLEAN_ONLY, fetch rows with personal data; these make one, and count.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from great_expectations.compatibility.pydantic import Field
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.sparkdf_execution_engine import SparkDFExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.render.components import LegacyDiagnosticRendererType
from great_expectations.render.renderer.renderer import renderer
from pyspark.sql import Column
from pyspark.sql import functions as F

# That a subclass has a renderer of its own is meant, and no news to people who watch a run.
logging.getLogger("great_expectations.expectations.registry").setLevel(logging.ERROR)

# A metric that is one more column of the one aggregate query over a batch.
a_column_of_the_pass = metric_partial(
    engine=SparkDFExecutionEngine,
    partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
    domain_type=MetricDomainTypes.TABLE,
)


def breaks(condition: str) -> Column:
    """True for a row of which the condition is not true: NULL breaks it too, as it does a constraint of Delta."""
    return ~F.coalesce(F.expr(condition), F.lit(False))


class NullsByColumn(TableMetricProvider):
    """How many rows have NULL, for each of some columns."""

    metric_name = "lakehouse.nulls_by_column"
    value_keys = ("columns",)

    @a_column_of_the_pass
    def _spark(
        cls,  # noqa: N805 (the decorator makes it a class method)
        execution_engine: Any,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Any:
        nulls = [F.count_if(F.col(f"`{name}`").isNull()) for name in metric_value_kwargs["columns"]]
        return F.array(*nulls), metric_domain_kwargs, {}


class RowsBroken(TableMetricProvider):
    """How many rows do not fulfil a condition."""

    metric_name = "lakehouse.rows_broken"
    value_keys = ("condition",)

    @a_column_of_the_pass
    def _spark(
        cls,  # noqa: N805 (the decorator makes it a class method)
        execution_engine: Any,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Any:
        return F.count_if(breaks(metric_value_kwargs["condition"])), metric_domain_kwargs, {}


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
    metric_dependencies: ClassVar[tuple[str, ...]] = (NullsByColumn.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("columns",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        counts = metrics[NullsByColumn.metric_name]
        by_column = {name: count for name, count in zip(self.columns, counts, strict=True) if count}
        found = {"observed_value": sum(by_column.values()), "nulls_by_column": by_column}
        return {"success": not by_column, "result": found}


class ExpectEveryRow(_OurExpectation):
    """Every row fulfils a condition in Spark SQL; NULL does not fulfil it."""

    condition: str = Field(description="A condition in Spark SQL")
    metric_dependencies: ClassVar[tuple[str, ...]] = (RowsBroken.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("condition",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        broken = metrics[RowsBroken.metric_name]
        return {"success": broken == 0, "result": {"observed_value": broken}}


class ExpectTypes(_OurExpectation):
    """The columns are there with the declared types. Reads the schema only."""

    types: dict[str, str] = Field(description="Column -> type in Spark SQL")
    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.column_types",)
    success_keys: ClassVar[tuple[str, ...]] = ("types",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        present = {one["name"]: one["type"].simpleString().upper() for one in metrics["table.column_types"]}
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
