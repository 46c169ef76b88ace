"""Tables kept by this process are those that Spark keeps, whoever began them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from pyspark.sql import DataFrame

from lakehouse.delta.log import opened
from lakehouse.lake import Lake, writer
from lakehouse.lake.arrow_keeper import ArrowKeeper, holds_views
from lakehouse.lake.parquet_read import has_deleted_rows
from lakehouse.pipeline.publication import publish
from lakehouse.tables.model import Column
from lakehouse.tables.silver import CUSTOMERS, LINEAGE, ORDER_LINES, QUARANTINE
from tests.lakes import Frame

pytestmark = pytest.mark.spark

DAY = {"order_month": date(2024, 1, 1), "order_status": "completed", "quantity": 1}


@pytest.fixture
def kept(lake: Lake) -> Lake:
    """The same lake, its tables kept by this process, as for Sail."""
    return kept_here(Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of))


def kept_here(lake: Lake) -> Lake:
    lake._keeper = ArrowKeeper(lake.engine)
    return lake


def without_b(lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch) -> int:
    """Customers a and c, b being taken away by a deletion vector of Spark. The version before that."""
    monkeypatch.setattr(writer, "MOST_LINES", -1)
    lake.append(CUSTOMERS, frame(CUSTOMERS, *({"customer_id": name} for name in "abc")).coalesce(1))
    base = lake.version(CUSTOMERS)
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    lake.replace_rows(CUSTOMERS, lake.read(CUSTOMERS).limit(0), lake.read(CUSTOMERS).where("customer_id = 'b'"))
    return base


def customers(rows: DataFrame) -> list[str]:
    return sorted(row[0] for row in rows.select("customer_id").collect())


def told(rows: DataFrame | None) -> list[tuple[str, str]]:
    assert rows is not None
    return sorted((row[0], row[1]) for row in rows.select("_change_type", "customer_id").collect())


def test_rows_that_a_deletion_vector_took_away_stay_away(
    lake: Lake, kept: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_b(lake, frame, monkeypatch)
    assert has_deleted_rows(DeltaTable(lake.path(CUSTOMERS)))
    assert customers(kept.read(CUSTOMERS)) == ["a", "c"]
    kept.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "d"}))
    for reader in (kept, lake):
        assert customers(reader.read(CUSTOMERS)) == ["a", "c", "d"]
    assert not has_deleted_rows(DeltaTable(lake.path(CUSTOMERS)))


def test_rows_are_read_also_where_delta_rs_took_others_out_of_their_file(kept: Lake, frame: Frame) -> None:
    kept.append(CUSTOMERS, frame(CUSTOMERS, *({"customer_id": name} for name in "abc")).coalesce(1))
    whole = kept.version(CUSTOMERS)
    assert not any(map(holds_views, opened(kept.path(CUSTOMERS)).file_uris()))
    kept.replace_rows(CUSTOMERS, kept.read(CUSTOMERS).limit(0), kept.read(CUSTOMERS).where("customer_id = 'b'"))
    # Where this is so no more, Sail can read these files too.
    assert any(map(holds_views, opened(kept.path(CUSTOMERS)).file_uris()))
    assert customers(kept.read(CUSTOMERS)) == customers(kept.read(CUSTOMERS)) == ["a", "c"]
    assert customers(kept.read_version(CUSTOMERS, whole)) == ["a", "b", "c"]


def test_what_changed_is_told_also_where_a_deletion_vector_took_rows_away(
    lake: Lake, kept: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = without_b(lake, frame, monkeypatch)
    kept.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "d"}))
    assert told(kept.changed_rows(CUSTOMERS, base)) == [("delete", "b"), ("insert", "d")]
    assert told(kept.changes(CUSTOMERS).rows) == [("delete", "b"), ("insert", "d")]


def test_what_an_unfinished_run_left_is_undone_and_the_other_keeper_sees_that(
    lake: Lake, kept: Lake, frame: Frame
) -> None:
    lake.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "a"}))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    kept.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "b"}))
    assert kept.start_from_published([CUSTOMERS]) == [CUSTOMERS.name]
    for reader in (kept, Lake(lake.spark, lake.root, run_id="after", as_of=lake.as_of)):
        assert customers(reader.read(CUSTOMERS)) == ["a"]
        assert not reader.changes(CUSTOMERS)
        assert reader.start_from_published([CUSTOMERS]) == []


def test_rows_of_a_table_that_was_never_published_are_undone(kept: Lake, frame: Frame) -> None:
    kept.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "a"}))
    assert kept.start_from_published([CUSTOMERS]) == [CUSTOMERS.name]
    assert customers(kept.read(CUSTOMERS)) == []


def test_constraints_hold_in_tables_that_this_process_made(kept: Lake, lake: Lake, frame: Frame) -> None:
    good = DAY | {"order_id": "1", "line_number": 1}
    kept.append(ORDER_LINES, frame(ORDER_LINES, good))
    with pytest.raises(DeltaError):
        kept.append(ORDER_LINES, frame(ORDER_LINES, good | {"line_number": 2, "quantity": -1}))
    assert kept.read(ORDER_LINES).count() == lake.read(ORDER_LINES).count() == 1


def test_constraints_of_older_code_hold_as_they_are(lake: Lake, kept: Lake, frame: Frame) -> None:
    lake.ensure(replace(LINEAGE, checks={"old": "rows > 5"}))
    kept.append(LINEAGE, frame(LINEAGE, {"unit_key": "a", "rows": 6}))
    with pytest.raises(DeltaError):
        kept.append(LINEAGE, frame(LINEAGE, {"unit_key": "b", "rows": 5}))
    assert kept.read(LINEAGE).count() == 1


def test_rows_under_other_types_are_written_again(lake: Lake, kept: Lake, frame: Frame) -> None:
    narrow = replace(
        ORDER_LINES,
        columns=tuple(
            Column(replace(one.field, type="INT"), one.nullable) if one.name == "line_number" else one
            for one in ORDER_LINES.columns
        ),
    )
    lake.ensure(narrow)
    row = DAY | {"order_id": "1", "line_number": 7}
    lake.append(narrow, frame(narrow, row))
    kept.ensure(ORDER_LINES)
    rows = kept.read(ORDER_LINES).select("line_number")
    assert (rows.dtypes, [tuple(row) for row in rows.collect()]) == ([("line_number", "bigint")], [(7,)])
    version = kept.version(ORDER_LINES)
    kept.ensure(ORDER_LINES)
    assert kept.version(ORDER_LINES) == version


def test_equal_rows_of_two_versions_did_not_change(lake: Lake, kept: Lake, frame: Frame) -> None:
    lake.append(QUARANTINE, frame(QUARANTINE, {"status": "open", "reasons": ["x"], "unit_key": "a"}))
    base = lake.version(QUARANTINE)
    kept.overwrite(QUARANTINE, frame(QUARANTINE, {"status": "open", "reasons": ["x"], "unit_key": "a"}))
    assert kept.changed_rows(QUARANTINE, base).count() == 0
