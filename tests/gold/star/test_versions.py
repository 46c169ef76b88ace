"""Which members facts may have to be bound to again."""

from __future__ import annotations

from datetime import UTC, datetime

from lakehouse.gold.star.dim_customer import CUSTOMER
from lakehouse.gold.star.versions import changed_members
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import DIM_CUSTOMER
from lakehouse.tables.silver import CUSTOMERS
from tests.gold.conftest import FIRST, LAST, Silver, day


def test_a_published_member_is_named_once_however_many_of_its_versions_changed(lake: Lake, silver: Silver) -> None:
    moved = day("2024-02-01")
    silver.has(CUSTOMERS, {"valid_from": FIRST, "valid_to": LAST}, {"customer_id": "as it was"})
    lake.append(CUSTOMERS, silver.rows(CUSTOMERS))
    lake.append(DIM_CUSTOMER, silver.customers())
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    lake = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    assert changed_members(lake, CUSTOMER) is None
    now = Silver(lake.spark).has(CUSTOMERS, {"valid_to": moved}, {"valid_from": moved}, {"customer_id": "as it was"})
    now.has(CUSTOMERS, {"customer_id": "new"})
    lake.replace_rows(CUSTOMERS, now.rows(CUSTOMERS), lake.read(CUSTOMERS))
    found = changed_members(lake, CUSTOMER)
    assert found is not None
    assert [tuple(row) for row in found.collect()] == [("s", "C")]
    lake.release()
