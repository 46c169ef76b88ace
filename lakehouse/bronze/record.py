"""Rows of ops.ingested_files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lakehouse.lake import Lake
from lakehouse.sources.model import Source
from lakehouse.tables.ops import INGESTED_FILES


def record_files(lake: Lake, source: Source, files: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Appends one row for each file, in one commit; none where there are no files. Columns not given are NULL."""
    common = {
        "source_system": source.name,
        "source_fingerprint": source.fingerprint,
        "run_id": lake.run_id,
        "_ingested_at": now,
    }
    rows = [{**file, **common} for file in files]
    if rows:
        lake.append_rows(INGESTED_FILES, rows)
