"""The formats of files that bronze takes in."""

from __future__ import annotations

from lakehouse.bronze.formats import csv, json, jsonl, parquet
from lakehouse.bronze.formats.protocol import FileFormat
from lakehouse.sources.file_kind import Format


def format_of(name: Format) -> FileFormat:
    """The reader of a format."""
    match name:
        case "csv":
            return csv
        case "json":
            return json
        case "jsonl":
            return jsonl
        case "parquet":
            return parquet
        case "xlsx":
            # Half a second of imports, which most runs have no use for.
            from lakehouse.bronze.formats import xlsx

            return xlsx
