"""How models fare in use, as it was known when the publication was made: drift, what came true, who moved champions.

Tables of ops only grow and are read as they are now: rows noted after the publication are left out here.
"""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters
from lakehouse.delta.order import latest_first_sql

DRIFT = "psi"


def drift(answers: Answers, filters: Filters) -> Answer:
    """One row per feature of each model: its latest population stability index, the greatest first, and its limit."""
    return answers.ask(
        """
        SELECT problem, model_version, monitored_name AS feature, figure, limit_value, is_alert, as_of
        FROM ops.model_monitoring
        WHERE source_system = $source AND monitored = $drift AND measured_at <= $known
        QUALIFY measured_at = max(measured_at) OVER (PARTITION BY problem)
        ORDER BY problem, figure DESC, feature
        """,
        source=filters.source,
        drift=DRIFT,
        known=answers.known_at,
    )


def came_true(answers: Answers, filters: Filters) -> Answer:
    """One row per measure and day of predictions whose horizon is over: what was to be expected, and what came true.

    To be expected: of churn the share that was told; of 95 % intervals 0.95; of other measures the score of the
    champion on its test window (NULL where there is none). The latest predictions first.
    """
    return answers.ask(
        """
        WITH noted AS (
            SELECT problem, monitored, figure, measured_at, CAST(right(monitored_name, 10) AS DATE) AS predicted_on,
                CASE WHEN contains(monitored_name, ', ') THEN split_part(monitored_name, ', ', 1) ELSE 'all' END
                    AS level
            FROM ops.model_monitoring
            WHERE source_system = $source AND monitored <> $drift AND measured_at <= $known
            QUALIFY row_number() OVER (PARTITION BY problem, monitored, monitored_name ORDER BY measured_at DESC) = 1
        ),
        tested AS (
            SELECT problem, score_measure AS monitored, score_level AS level, max(score) AS score
            FROM gold.model_scores
            WHERE source_system = $source AND score_fold = 'test' AND candidate_role = 'champion'
            GROUP BY ALL
        )
        SELECT n.problem, n.level, n.monitored AS measure, n.predicted_on,
            CASE n.monitored WHEN 'rate' THEN said.figure WHEN 'coverage_95' THEN 0.95 ELSE tested.score END
                AS expected,
            n.figure, n.measured_at
        FROM noted AS n LEFT JOIN tested USING (problem, monitored, level)
        LEFT JOIN noted AS said ON said.monitored = 'said_rate' AND said.problem = n.problem
            AND said.predicted_on = n.predicted_on AND said.level = n.level
        WHERE n.monitored <> 'said_rate' ORDER BY n.predicted_on DESC, n.problem, n.level, measure
        """,
        source=filters.source,
        drift=DRIFT,
        known=answers.known_at,
    )


def decisions(answers: Answers, filters: Filters) -> Answer:
    """One row per move of a champion, the latest first: which version, by whom, and why.

    What a publication moved may be noted by the run after it, so those of its own run count whenever they were noted.
    """
    return answers.ask(
        "SELECT decided_at, problem, model_version, decision, details, run_id FROM ops.model_decisions"
        " WHERE source_system = $source AND (decided_at <= $known OR run_id = $run)"
        f" ORDER BY {latest_first_sql('decided_at')}, problem",
        source=filters.source,
        known=answers.known_at,
        run=answers.publication.run_id if answers.publication else "",
    )
