"""The formats of files that bronze takes in."""

from __future__ import annotations

from collections.abc import Mapping

from lakehouse.bronze.formats import csv, jsonl, parquet
from lakehouse.bronze.formats.protocol import FileFormat
from lakehouse.sources.file_kind import Format

FORMATS: Mapping[Format, FileFormat] = {"csv": csv, "jsonl": jsonl, "parquet": parquet}
