"""How far the data can be trusted: verdicts, quarantine, files, publications.

What ops noted after the publication that is shown is not said of it.
"""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from lakehouse.delta.order import latest_first_sql

MOST_FILES = 15
LEFT_OUT = "silver.left_out"
_LATEST = """
    WITH latest AS (
        SELECT * FROM ops.quality_results WHERE judged_at <= $known
        QUALIFY judged_at = max(judged_at) OVER (PARTITION BY table_name)
    )
"""
"""`latest`: of each table the verdicts of its last judgement that the publication knows."""


def verdicts(answers: Answers) -> Answer:
    """One row per table: how its latest verdicts came out."""
    return answers.ask(
        f"""
        {_LATEST}
        SELECT table_name, CAST(count(*) FILTER (verdict = 'passed') AS BIGINT) AS passed,
            CAST(count(*) FILTER (verdict = 'waived') AS BIGINT) AS waived,
            CAST(count(*) FILTER (verdict = 'warned') AS BIGINT) AS warned,
            CAST(count(*) FILTER (verdict = 'failed') AS BIGINT) AS failed, max(judged_at) AS judged_at
        FROM latest GROUP BY 1 ORDER BY failed DESC, warned DESC, waived DESC, passed DESC, table_name
        """,
        known=answers.known_at,
    )


def broken_rules(answers: Answers) -> Answer:
    """The latest verdicts that did not simply pass, the gravest first."""
    return answers.ask(
        f"""
        {_LATEST}
        SELECT verdict, severity, rule, expectation, observed, threshold FROM latest WHERE verdict <> 'passed'
        ORDER BY CASE verdict WHEN 'failed' THEN 0 WHEN 'waived' THEN 1 ELSE 2 END, rule
        """,
        known=answers.known_at,
    )


def reasons(answers: Answers, source: str) -> Answer:
    """One row per feed and reason: rows that wait in quarantine. A row with two reasons counts under both."""
    return answers.ask(
        "SELECT feed, reason, count(*) AS rows FROM (SELECT feed, unnest(reasons) AS reason FROM silver.quarantine"
        " WHERE status = 'open' AND source_system = $source) GROUP BY 1, 2 ORDER BY rows DESC, 1, 2",
        source=source,
    )


def files(answers: Answers, source: str) -> Answer:
    """The files of most rows in quarantine, at most 15."""
    return answers.ask(
        "SELECT _source_file AS file, file_kind, count(*) AS rows FROM silver.quarantine WHERE status = 'open' AND"
        f" source_system = $source GROUP BY 1, 2 ORDER BY rows DESC, 1 LIMIT {MOST_FILES}",
        source=source,
    )


def outcomes(answers: Answers, source: str) -> Answer:
    """One row per feed and outcome: what became of the rows of all files."""
    return answers.ask(
        "SELECT feed, outcome, CAST(sum(rows) AS BIGINT) AS rows FROM silver.lineage WHERE source_system = $source"
        " GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
        source=source,
    )


def left_out(answers: Answers, source: str) -> Answer:
    """One row per kind of file and reason: rows that the source's declaration leaves out, and files that have some.

    No row for a publication of older code, which left none out.
    """
    if not answers.has(LEFT_OUT):
        return answers.ask("SELECT NULL AS file_kind, NULL AS why, 0 AS rows, 0 AS files WHERE false")
    return answers.ask(
        f"SELECT file_kind, left_out_why AS why, CAST(sum(rows) AS BIGINT) AS rows, count(*) AS files FROM {LEFT_OUT}"
        " WHERE source_system = $source GROUP BY 1, 2 ORDER BY rows DESC, 1, 2",
        source=source,
    )


def deliveries(answers: Answers, source: str) -> Answer:
    """One row per kind of file: files loaded, left as duplicates, rejected; rows; when the last one came in."""
    return answers.ask(
        """
        SELECT file_kind, CAST(count(*) FILTER (status = 'loaded') AS BIGINT) AS loaded,
            CAST(count(*) FILTER (status = 'duplicate') AS BIGINT) AS duplicates,
            CAST(count(*) FILTER (status = 'rejected') AS BIGINT) AS rejected,
            CAST(coalesce(sum(rows) FILTER (status = 'loaded'), 0) AS BIGINT) AS rows,
            max(_ingested_at) FILTER (status = 'loaded') AS last_loaded
        FROM ops.ingested_files WHERE source_system = $source AND _ingested_at <= $known
        GROUP BY 1 ORDER BY rows DESC, 1
        """,
        source=source,
        known=answers.known_at,
    )


def later_refusal(answers: Answers) -> Answer:
    """One row, or none: the last run after the publication, where it was refused or failed and published nothing."""
    return answers.ask(
        f"""
        WITH own AS (
            SELECT max(written_upon) AS place FROM ops.job_runs WHERE run_id = $run AND stage IN ('run', 'publish')
        )
        SELECT * FROM (
            SELECT run_id, status, ended_at, details FROM ops.job_runs, own
            WHERE stage = 'run' AND coalesce(written_upon > own.place, ended_at > $known)
            ORDER BY {latest_first_sql("ended_at")} LIMIT 1
        ) AS last WHERE status IN ('refused', 'failed')
            AND NOT EXISTS (SELECT 1 FROM ops.publications AS made WHERE made.run_id = last.run_id)
        """,
        known=answers.known_at,
        run=answers.publication.run_id if answers.publication else "",
    )


def left_behind(answers: Answers) -> Answer:
    """One row, or none: the sources of which the publication's run published nothing new, as JSON in `details`."""
    return answers.ask(
        """
        SELECT details FROM ops.job_runs
        WHERE run_id = $run AND stage IN ('run', 'publish') AND details IS NOT NULL LIMIT 1
        """,
        run=answers.publication.run_id if answers.publication else "",
    )


def publications(answers: Answers) -> Answer:
    """One row per publication, the newest first: its batches, files and rows."""
    return answers.ask(
        """
        WITH held AS (SELECT publication, unnest(batches) AS batch_id FROM ops.publications),
        brought AS (
            SELECT publication, count(f.path) AS files, CAST(coalesce(sum(f.rows), 0) AS BIGINT) AS rows
            FROM held LEFT JOIN ops.ingested_files AS f ON f.batch_id = held.batch_id AND f.status = 'loaded'
            GROUP BY 1
        )
        SELECT publication, kind, published_at, as_of, len(batches) AS batches, coalesce(files, 0) AS files,
            coalesce(rows, 0) AS rows
        FROM ops.publications LEFT JOIN brought USING (publication) ORDER BY publication DESC
        """
    )


def freshness(answers: Answers) -> Answer:
    """One row per source: its last day with an order, and how many days before as-of that is."""
    as_of = answers.publication.as_of if answers.publication else None
    return answers.ask(
        "SELECT source_system, max(full_date) FILTER (lines > 0) AS last_day,"
        " CAST($as_of - max(full_date) FILTER (lines > 0) AS INTEGER) AS days FROM gold.daily_sales GROUP BY 1"
        " ORDER BY 3 DESC, 1",
        as_of=as_of,
    )
