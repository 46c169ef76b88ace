"""A typed value whose readings are no columns of their own: for one row that is as good."""

from __future__ import annotations

from typing import Any

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping import values
from lakehouse.tables.model import Field


def typed(sql: str, given_type: str, field: Field, kind: FileKind, time_zone: str, **how: Any) -> values.Typed:
    read = values.readings(sql, given_type, field, kind)
    return values.typed(sql, given_type, read, field, kind, time_zone, **how)
