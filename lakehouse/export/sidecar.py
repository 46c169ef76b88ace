"""The file beside an export that says what it is: table, grain, publication, columns with their meaning, checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lakehouse.export.subjects import Subject
from lakehouse.tables.model import Column, Table


def sidecar(subject: Subject, file_name: str, written: Path, rows: int, notes: Sequence[str]) -> str:
    """The text of the sidecar, as JSON, of what was `written` and is to be called `file_name`."""
    publication = subject.publication
    about = {
        "table": subject.name,
        "grain": subject.declared.grain,
        "key": list(subject.declared.key) if isinstance(subject.declared, Table) else None,
        "publication": publication.publication,
        "as_of": publication.as_of.isoformat(),
        "published_at": publication.published_at.isoformat(),
        "code_version": publication.code_version,
        "file": file_name,
        "rows": rows,
        "bytes": written.stat().st_size,
        "sha256": sha256(written),
        "personal_columns": list(subject.personal),
        "masked_columns": list(subject.masked),
        "notes": list(notes),
        "columns": [_column(column) for column in subject.columns],
    }
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _column(column: Column) -> dict[str, Any]:
    field = column.field
    return {
        "name": column.name,
        "type": column.type,
        "nullable": column.nullable,
        "meaning": field.meaning,
        "unit": field.unit,
    }
