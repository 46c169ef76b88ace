"""Frames, and what tables and columns mean, for readers who ask in Python."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lakehouse.published import Meaning, PublishedLake, UnknownTable, open_published
from lakehouse.tables.gold.sales import DAILY_SALES
from lakehouse.tables.gold.star import DIM_CUSTOMER
from tests.lakes import publish, write

DAYS = [
    {"source_system": "a", "full_date": date(2024, 1, 2), "net_revenue": Decimal("2.5")},
    {"source_system": "b' OR true --", "full_date": date(2024, 1, 3), "net_revenue": Decimal(4)},
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> PublishedLake:
    folder = tmp_path_factory.mktemp("meanings")
    days, people = write(folder, DAILY_SALES, DAYS), write(folder, DIM_CUSTOMER, [])
    publish(folder, 1, {"gold.daily_sales": days, "gold.dim_customer": people})
    write_deltalake(folder / "bronze" / "shop_orders", pa.table({"id": ["1"], "_row_in_file": [1]}))
    return open_published(folder)


def test_a_frame_has_the_rows_with_money_as_floats_and_days_as_days(lake: PublishedLake) -> None:
    frame = lake.frame("SELECT full_date, net_revenue FROM gold.daily_sales ORDER BY 1")
    assert frame["net_revenue"].tolist() == [2.5, 4.0]
    assert frame["full_date"].tolist() == [pd.Timestamp(2024, 1, 2), pd.Timestamp(2024, 1, 3)]


def test_values_are_handed_to_a_frame_by_name(lake: PublishedLake) -> None:
    text = "SELECT net_revenue FROM gold.daily_sales WHERE source_system = $source"
    assert lake.frame(text, source="b' OR true --")["net_revenue"].tolist() == [4.0]
    assert lake.frame(text, source="' OR true --").empty


def test_a_lake_has_what_can_be_named_and_holds_a_row(lake: PublishedLake) -> None:
    assert lake.has("gold.daily_sales")
    assert not lake.has("gold.dim_customer")
    assert not lake.has("gold.customer_predictions")
    assert not lake.has("gold.daily_sales; DROP TABLE x")


def test_a_column_has_the_meaning_and_the_unit_that_its_table_declares(lake: PublishedLake) -> None:
    found = {one.column: one for one in lake.columns("gold.dim_customer")}
    assert list(found) == list(DIM_CUSTOMER.column_names)
    email = DIM_CUSTOMER.column("email").field
    assert found["email"] == Meaning("email", email.meaning, "", True)
    assert not found["is_current"].is_personal
    [revenue] = [one for one in lake.columns("gold.daily_sales") if one.column == "net_revenue"]
    assert revenue.unit == "currency"


def test_a_column_of_a_file_is_as_sent_and_may_be_personal(lake: PublishedLake) -> None:
    sent, technical = lake.columns("bronze.shop_orders")
    assert sent == Meaning("id", "A column of the file, as sent", "", True)
    assert (technical.meaning, technical.is_personal) == ("Place of the row in its file, from 1", False)


def test_a_table_says_what_a_row_of_it_stands_for(lake: PublishedLake) -> None:
    assert lake.grain("gold.daily_sales") == DAILY_SALES.grain
    assert lake.grain("bronze.shop_orders") == "one row of one file, as sent"


@pytest.mark.parametrize("ask", [PublishedLake.columns, PublishedLake.grain])
def test_of_a_table_that_is_not_published_nothing_is_said(lake: PublishedLake, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UnknownTable, match=r"no table gold\.customer_predictions in publication 1"):
        ask(lake, "gold.customer_predictions")
