"""Rows of bronze under the names that the file has, which expressions use, and under those that Delta keeps."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.column_names import folded, in_backticks, stored_name


def as_sent(rows: DataFrame, kind: FileKind) -> DataFrame:
    """Rows of the bronze table with the columns of the file as the declaration calls them."""
    return _renamed(rows, {folded(stored_name(name)): name for name in kind.columns})


def as_stored(rows: DataFrame, kind: FileKind) -> DataFrame:
    """Rows of the file with its columns as the bronze table calls them."""
    return _renamed(rows, {folded(name): stored_name(name) for name in kind.columns})


def sent_column(name: str) -> Column:
    """A column by the name that the file gives it, whatever letters that has."""
    return F.col(in_backticks(name))


def _renamed(rows: DataFrame, names: Mapping[str, str]) -> DataFrame:
    there = rows.columns
    wanted = [names.get(folded(name), name) for name in there]
    return rows if wanted == there else rows.toDF(*wanted)
