"""What a training was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DataVersions:
    """The data and the code of a training, so that it can be done again."""

    publication: int
    """The publication that it read; 0 where its own run made the tables before there was any."""
    as_of: date
    table_versions: Mapping[str, int]
    """Table -> Delta version."""
    code_version: str
    run_id: str
    """Of the lake's run."""
