"""Tiny silver frames, and the star that they make."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.star.dim_customer import dim_customer
from lakehouse.gold.star.dim_product import dim_product
from lakehouse.gold.star.fact_returns import fact_returns
from lakehouse.gold.star.fact_sales import fact_sales
from lakehouse.gold.star.named import with_unknown
from lakehouse.tables.model import Table
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS, RETURNS
from tests.lakes import arrow, frame_of

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
Row = dict[str, Any]
_USUAL: dict[str, Row] = {
    CUSTOMERS.name: {"source_system": "s", "customer_id": "C", "valid_from": FIRST, "valid_to": LAST},
    PRODUCTS.name: {
        "source_system": "s", "product_id": "P", "valid_from": FIRST, "valid_to": LAST, "currency": "GBP",
        "is_merchandise": True,
    },
    ORDER_LINES.name: {
        "source_system": "s", "order_id": "O", "line_number": 1, "customer_id": "C", "product_id": "P", "quantity": 1,
        "currency": "GBP",
    },
    RETURNS.name: {"source_system": "s", "return_id": "R", "order_id": "O", "quantity": 1, "currency": "GBP"},
    FX_RATES.name: {"source_system": "s"},
}  # fmt: skip


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Silver:
    """The silver tables of one test, and gold made from them."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.given: dict[str, list[Row]] = {}

    def has(self, table: Table, *rows: Row) -> Silver:
        self.given[table.name] = [*self.given.get(table.name, []), *rows]
        return self

    def rows(self, table: Table) -> DataFrame:
        full = [_with_months(_USUAL[table.name] | row) for row in self.given.get(table.name, [])]
        return frame_of(self.spark, arrow(table, full))

    def sales(self) -> DataFrame:
        """fact_sales with `lived_in` and `product_name` of the versions that its lines are bound to."""
        rates = self.rows(FX_RATES) if FX_RATES.name in self.given else None
        facts = fact_sales(
            self.rows(ORDER_LINES), self.rows(CUSTOMERS), self.rows(PRODUCTS), rates,
            reporting_currency="GBP", last_day=date(2030, 12, 31),
        )  # fmt: skip
        return self._starred(facts)

    def returns(self) -> DataFrame:
        facts = fact_returns(
            self.rows(RETURNS), self.rows(ORDER_LINES), self.rows(CUSTOMERS), self.rows(PRODUCTS), None,
            reporting_currency="GBP", last_day=date(2030, 12, 31),
        )  # fmt: skip
        return self._starred(facts)

    def customers(self) -> DataFrame:
        return dim_customer(self.rows(CUSTOMERS), self._named("customer_id"))

    def products(self) -> DataFrame:
        return dim_product(self.rows(PRODUCTS), self._named("product_id"))

    def _named(self, id_name: str) -> DataFrame:
        tables = [self.rows(table).select("source_system", id_name) for table in (ORDER_LINES, RETURNS)]
        return with_unknown(tables[0].unionByName(tables[1]), id_name)

    def _starred(self, facts: DataFrame) -> DataFrame:
        customers = self.customers().selectExpr("customer_key", "customer_id", "city AS lived_in", "is_inferred")
        products = self.products().select("product_key", "product_id", "product_name")
        # Inner joins: a fact whose key no member has would be missing.
        return facts.join(customers, "customer_key").join(products, "product_key")


def _with_months(row: Row) -> Row:
    """A row says when it happened once."""
    for instant, prefix in (("ordered_at", "order"), ("returned_at", "return")):
        if instant in row:
            of_day: date = row[instant].date()
            row = {f"{prefix}_date": of_day, f"{prefix}_month": of_day.replace(day=1)} | row
    return row


@pytest.fixture
def silver(spark: SparkSession) -> Silver:
    return Silver(spark)


def values(rows: DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """The columns of all rows, sorted."""
    return sorted((tuple(row) for row in rows.select(*names).collect()), key=str)
