"""Rows of files as bronze holds them, taken through a source's expressions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.settings import conf_dir
from lakehouse.sources.load import load_source, read_source
from lakehouse.sources.mapping.canonical import evaluated
from lakehouse.sources.mapping.expressions import selected, with_joined, with_position
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.mapping.sent_names import as_sent
from lakehouse.sources.model import Source
from lakehouse.tables.column_names import stored_name

Rows = list[dict[str, Any]]


def bronze(spark: SparkSession, source: Source, kind: str, rows: Rows) -> DataFrame:
    """Rows of one file, in order, by the names that the file has; columns that a row does not name are NULL."""
    table, sent = source.table(kind), {stored_name(name): name for name in source.files[kind].columns}
    technical = {
        "_name_values": {},
        "_file_modified_at": datetime(2024, 1, 1),
        "_source_file": "file",
        "_file_sha256": "sha",
        "_file_delivery": "delivery",
        "_batch_id": 1,
        "_ingested_at": datetime(2024, 1, 1),
    }
    full = [technical | {"_row_in_file": place} | row for place, row in enumerate(rows, start=1)]
    schema = ", ".join(f"`{column.name}` {column.type}" for column in table.columns)
    values = [tuple(row.get(sent.get(name, name)) for name in table.column_names) for row in full]
    return as_sent(spark.createDataFrame(values, schema), source.files[kind])


def canonical_rows(spark: SparkSession, source: Source, feed_name: str, **files: Rows) -> Rows:
    """What a feed makes of the rows of files, in the order of the feed's own file. Instants are texts in UTC."""
    feed = source.feeds[feed_name]
    frames = {
        kind: prepared(bronze(spark, source, kind, files.get(kind, [])), source, kind)
        for kind in {feed.file, *(join.file for join in feed.join)}
    }
    own = with_position(frames[feed.file], feed, source).where(selected(feed, source))
    rows = evaluated(with_joined(own, source, feed, frames), source, feed_name)
    # As text in UTC: collected as datetime it would depend on the time zone of this process.
    times = {name: F.col(name).cast("string") for name, kind in rows.dtypes if kind == "timestamp"}
    shown = rows.withColumns(times | {"_version_text": F.col("_version").cast("string")})
    return [row.asDict() for row in shown.orderBy("_row_in_file").collect()]


@pytest.fixture
def canonical(spark: SparkSession) -> Callable[..., Rows]:
    """canonical("olist", "order_lines", items=[…], orders=[…]): the feed's rows, of a shipped source or a given one."""

    def build(source: str | Source, feed_name: str, **files: Rows) -> Rows:
        return canonical_rows(spark, load_source(source) if isinstance(source, str) else source, feed_name, **files)

    return build


@pytest.fixture
def changed_source(tmp_path: Path) -> Callable[[str, str, str], Source]:
    """changed_source("shop", old, new): the shipped source with one text of its file replaced."""

    def change(name: str, old: str, new: str) -> Source:
        text = (conf_dir() / "sources" / f"{name}.toml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / f"{name}.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_source(path)

    return change
