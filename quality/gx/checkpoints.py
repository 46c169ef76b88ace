"""Great Expectations at work: one checkpoint per table, on what a pass over its rows counted. Asks no network."""

from __future__ import annotations

import threading
from datetime import datetime

import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult, RunIdentifier
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

SOURCE = "lake"


class Checkpoints:
    """The checkpoints of one gate. Several threads may run theirs at once."""

    def __init__(self, run_id: str, now: datetime) -> None:
        self._context = gx.get_context(
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
                analytics_enabled=False,
                progress_bars=ProgressBarsConfig(globally=False),
            ),
            mode="ephemeral",
        )
        self._source = self._context.data_sources.add_pandas(SOURCE)
        self._lock = threading.Lock()
        self._run_id = RunIdentifier(run_name=run_id, run_time=now)

    def run(self, suite: gx.ExpectationSuite, counts: pd.DataFrame) -> ExpectationSuiteValidationResult:
        """What comes of holding the counts of the table that the suite is named for against it."""
        with self._lock:
            checkpoint = self._checkpoint(suite)
        outcome = checkpoint.run(batch_parameters={"dataframe": counts}, run_id=self._run_id)
        (result,) = outcome.run_results.values()
        return result

    def _checkpoint(self, suite: gx.ExpectationSuite) -> gx.Checkpoint:
        counts = self._source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("staged")
        definition = gx.ValidationDefinition(name=suite.name, data=counts, suite=self._context.suites.add(suite))
        definition = self._context.validation_definitions.add(definition)
        # No expectation of ours fetches rows, so this costs no more than BOOLEAN_ONLY and says what was observed.
        return self._context.checkpoints.add(
            gx.Checkpoint(name=suite.name, validation_definitions=[definition], result_format="BASIC")
        )
