"""Ops: what the lake remembers of its own doings. These tables only grow."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

INGESTED_FILES = Table(
    "ops.ingested_files",
    "one file as found at one moment: loaded, a duplicate of a delivery already here, or rejected",
    ("source_system", "path", "sha256", "modified_at", "source_fingerprint", "status"),
    columns(
        "source_system path sha256 delivery? file_kind? bytes? rows? encoding? is_nfc? modified_at batch_id? status"
        " details? source_fingerprint run_id _ingested_at"
    ),
    checks={"status_known": "status IN ('loaded', 'duplicate', 'rejected')"},
)
JOB_RUNS = Table(
    "ops.job_runs",
    "one stage of one run",
    ("run_id", "stage"),
    columns(
        "run_id stage status as_of? started_at ended_at seconds rows_read rows_written rows_quarantined details?"
        " written_upon?"
    ),
    checks={"status_known": "status IN ('done', 'failed', 'refused', 'nothing new')"},
)
PUBLICATIONS = Table(
    "ops.publications",
    "one publication: what readers see, all of it or none",
    ("publication",),
    columns(
        "publication parent? kind published_at as_of table_versions batches code_version configuration run_id"
        " table_notes?"
    ),
)
DATA_FILES = Table(
    "ops.data_files",
    "one data file that a publication was the first to name, as it was when it was written",
    ("table_name", "data_file", "run_id"),
    columns("publication table_name data_file bytes sha256 run_id"),
)
BATCH_DECISIONS = Table(
    "ops.batch_decisions",
    "one decision of a person (or of a rollback) about one batch; the latest counts",
    ("batch_id", "decided_at"),
    columns("batch_id decision details? run_id decided_at written_upon?"),
    checks={"decision_known": "decision IN ('hold', 'release', 'discard')"},
)
QUALITY_RESULTS = Table(
    "ops.quality_results",
    "one expectation about one table in one judgement: a run is judged again without sources that the gate refused; a"
    " table that a run did not change keeps its earlier verdicts",
    ("run_id", "rule", "judged_at"),
    columns(
        "run_id table_name rule expectation column_names severity verdict observed figure threshold examples"
        " cases_by_source? seconds as_of judged_at"
    ),
    checks={
        "severity_known": "severity IN ('critical', 'warning')",
        "verdict_known": "verdict IN ('passed', 'failed', 'warned', 'waived')",
    },
)
WAIVERS = Table(
    "ops.waivers",
    "one decision of a person to let a publication pass although a rule fails, at all or of one source or key; the"
    " latest of a rule, source and key counts",
    ("rule", "decided_at"),
    columns("rule source_system? waived_case? expires_on details run_id decided_at written_upon?"),
)
_ROW_KEY = "source_system feed file_kind _file_delivery _row_in_file"
QUARANTINE_DECISIONS = Table(
    "ops.quarantine_decisions",
    "one decision of a person about one row in quarantine; the latest counts",
    (*_ROW_KEY.split(), "decided_at"),
    columns(f"{_ROW_KEY} _source_file decision details? run_id decided_at written_upon?"),
    checks={"decision_known": "decision IN ('discard', 'reopen')"},
)
QUARANTINE_HISTORY = Table(
    "ops.quarantine_history",
    "one row that left quarantine in one run, or stayed there with other reasons; counts where that run published",
    (*_ROW_KEY.split(), "run_id"),
    columns(f"{_ROW_KEY} unit_key reasons status _rule_version _source_file outcome run_id left_at"),
)
MODEL_DECISIONS = Table(
    "ops.model_decisions",
    "one move of a champion: by a person, by a training of its own, or by the publication of a run",
    ("problem", "source_system", "decided_at"),
    columns("problem source_system model_version decision details? run_id decided_at written_upon?"),
    checks={"decision_known": "decision IN ('promote', 'rollback', 'settle')"},
)
MODEL_MONITORING = Table(
    "ops.model_monitoring",
    "one figure about one model in use: drift of a feature, or what came true of earlier predictions",
    ("run_id", "source_system", "problem", "monitored", "monitored_name"),
    columns(
        "run_id source_system problem model_version? monitored monitored_name figure limit_value? is_alert as_of"
        " measured_at"
    ),
)
TABLES = (
    INGESTED_FILES,
    JOB_RUNS,
    PUBLICATIONS,
    DATA_FILES,
    BATCH_DECISIONS,
    QUALITY_RESULTS,
    WAIVERS,
    QUARANTINE_DECISIONS,
    QUARANTINE_HISTORY,
    MODEL_DECISIONS,
    MODEL_MONITORING,
)
