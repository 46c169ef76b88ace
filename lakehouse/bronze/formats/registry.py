"""The formats of files that bronze takes in."""

from __future__ import annotations

from collections.abc import Mapping

from lakehouse.bronze.formats import csv, json, jsonl, parquet, xlsx
from lakehouse.bronze.formats.protocol import FileFormat
from lakehouse.sources.file_kind import Format

FORMATS: Mapping[Format, FileFormat] = {"csv": csv, "json": json, "jsonl": jsonl, "parquet": parquet, "xlsx": xlsx}
