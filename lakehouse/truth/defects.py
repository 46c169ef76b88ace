"""What became of the planted defects in a published lake, held against what must become of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lakehouse.published import open_published
from lakehouse.tables.reasons import Outcome
from lakehouse.world.generate import truth_folder

QUARANTINE = """
    SELECT DISTINCT i.path AS file, q._row_in_file AS row, q.reasons FROM silver.quarantine AS q
    JOIN ops.ingested_files AS i ON i.source_system = q.source_system AND i.sha256 = q._file_sha256
    WHERE q.source_system = 'shop' AND i.status = 'loaded'
"""
VALUES = {
    "customers": ("email", "last_name", "company_name", "birth_date", "address"),
    "products": ("product_name", "unit_cost"),
    "order_lines": ("customer_id", "product_id", "ordered_at", "quantity", "ship_city"),
    "returns": ("order_id",),
}
"""Silver table -> columns in which accepted rows have planted defects."""

WRITTEN = {
    "ordered_at": "strftime(t.ordered_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')",
    "unit_cost": "CAST(CAST(t.unit_cost AS DECIMAL(18,2)) AS VARCHAR)",
}
"""Column -> how the files write it, in SQL, where that is not how SQL does."""


def _kept(table: str) -> str:
    """Rows of a table by where they were sent, with their values as the files write them."""
    texts = {name: WRITTEN.get(name, f"CAST(t.{name} AS VARCHAR)") for name in VALUES[table]}
    entries = ", ".join(f"{{'key': '{name}', 'value': {text}}}" for name, text in texts.items())
    return f"""SELECT i.path AS file, t._row_in_file AS row, [{entries}] AS found FROM silver.{table} AS t
    JOIN ops.ingested_files AS i ON i.source_system = t.source_system AND i.sha256 = t._file_sha256
    WHERE t.source_system = 'shop' AND i.status = 'loaded'"""


KEPT = " UNION ALL ".join(_kept(table) for table in VALUES)
FILES = "SELECT path AS file, status, details FROM ops.ingested_files WHERE source_system = 'shop'"
_ROWS = f"""
SELECT p.file_kind, p.defect, p.outcome, p.reason, count(*) AS planted,
    count_if(CASE p.outcome WHEN '{Outcome.QUARANTINED}' THEN list_contains(q.reasons, p.reason)
        WHEN '{Outcome.SUPERSEDED}' THEN q.file IS NULL AND k.file IS NULL
        ELSE q.file IS NULL AND (k.file IS NULL OR list_has_all(k.found, p.meant)) END) AS seen,
    count_if(k.file IS NOT NULL AND len(p.meant) > 0) AS compared
FROM (SELECT *, coalesce(map_entries(expected), []) AS meant FROM planted) AS p
LEFT JOIN quarantine AS q USING (file, row) LEFT JOIN kept AS k USING (file, row)
GROUP BY ALL
UNION ALL
SELECT 'files', p.kind, p.outcome, nullif(p.reason, ''), count(*),
    count_if(CASE p.outcome WHEN 'file rejected' THEN f.status = 'rejected' AND contains(f.details, p.reason)
        WHEN 'duplicate' THEN same.seen = 1 ELSE f.status = 'loaded' END), 0
FROM planted_files AS p LEFT JOIN files AS f USING (file)
LEFT JOIN (
    SELECT regexp_replace(file, '_again', '') AS stem, count_if(status = 'duplicate') AS seen FROM files GROUP BY stem
) AS same ON same.stem = regexp_replace(p.file, '_again', '')
GROUP BY ALL
UNION ALL
SELECT 'any', 'not planted', '{Outcome.ACCEPTED}', NULL, count(*), 0, 0
FROM quarantine AS q ANTI JOIN planted AS p USING (file, row)
HAVING count(*) > 0
ORDER BY ALL
"""


@dataclass(frozen=True)
class Caught:
    """One kind of defect: how often it was planted, and how often what must become of it did."""

    file_kind: str
    defect: str
    outcome: str
    reason: str | None
    planted: int
    seen: int
    """Quarantined for that reason; superseded: in no table; accepted: not refused, and as meant where compared."""
    compared: int
    """Accepted rows of which silver's values were held against what they mean."""

    @property
    def holds(self) -> bool:
        return self.seen == self.planted


def caught(landing: Path, lake: Path) -> list[Caught]:
    """One entry for each kind of defect and expected outcome. Rows in quarantine that were not planted come last."""
    truth = truth_folder(landing)
    with open_published(lake) as published:
        tables: dict[str, pa.Table] = {
            "quarantine": _arrow(published.sql(QUARANTINE)),
            "kept": _arrow(published.sql(KEPT)),
            "files": _arrow(published.sql(FILES)),
        }
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute(f"CREATE VIEW planted AS SELECT * FROM '{truth}/defects/*/*/*.parquet'")
        connection.execute(f"CREATE VIEW planted_files AS SELECT * FROM '{truth}/file_defects/*/*.parquet'")
        return [Caught(*row) for row in connection.sql(_ROWS).fetchall()]


def _arrow(answer: Any) -> pa.Table:
    table: pa.Table = answer.to_arrow_table()
    return table
