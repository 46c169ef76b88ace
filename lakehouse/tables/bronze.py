"""Bronze: one table per kind of file of a source, every column a string exactly as sent."""

from __future__ import annotations

from collections.abc import Iterable

from lakehouse.tables.column_names import comment_of, folded, stored_name
from lakehouse.tables.fields import FIELDS
from lakehouse.tables.model import Column, Field, Table

RESCUED = Field("_rescued", "MAP<STRING,STRING>", "Columns that the source does not declare, by name", personal=True)
CORRUPT_RECORD = Field(
    "_corrupt_record", "STRING", "The row as sent where it could not be split into its columns", personal=True
)
NAME_VALUES = Field("_name_values", "MAP<STRING,STRING>", "What the source reads from the file's name")
FILE_MODIFIED_AT = Field("_file_modified_at", "TIMESTAMP", "When the file was last modified")

TECHNICAL = (
    Column(RESCUED, nullable=True),
    Column(CORRUPT_RECORD, nullable=True),
    Column(NAME_VALUES, nullable=False),
    Column(FILE_MODIFIED_AT, nullable=False),
    *(
        Column(FIELDS[name], nullable=False)
        for name in ("_source_file", "_file_sha256", "_file_delivery", "_row_in_file", "_batch_id", "_ingested_at")
    ),
)
FILLED = "_filled"
"""Beside rows that are read without those above them: the values that these would give (see `fill_down`)."""
RESERVED = frozenset(folded(column.name) for column in TECHNICAL) | {
    "_position",
    "_problems",
    "_repairs",
    "_left_out",
    "_is_copy",
    FILLED,
}
"""Names that no column of a file can have in a declaration: the lake's own, and those that expressions see beside."""


def can_be_declared(name: str) -> bool:
    """Whether a column of a file can be a column of bronze; what stands under other names is kept in `_rescued`."""
    return bool(name.strip()) and folded(name) not in RESERVED


ROW_ORIGIN = ("_file_delivery", "_row_in_file")
"""Where a row stands: the delivery that it came with, and its place in the file."""


def bronze_table(source: str, file_kind: str, columns: Iterable[str]) -> Table:
    """The bronze table of one kind of file. Partitioned by batch: what is new is found without reading the rest.

    `columns` are the names as sent.
    """
    raw = (Column(Field(stored_name(name), "STRING", comment_of(name)), nullable=True) for name in columns)
    return Table(
        f"bronze.{source}_{file_kind}",
        "one row of one file, as sent",
        ROW_ORIGIN,
        (*raw, *TECHNICAL),
        partitioned_by=("_batch_id",),
    )
