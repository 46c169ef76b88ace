"""A sound little star, written without Spark, for tests that break one thing of it at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables import gold, silver
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI, MODELS
from lakehouse.tables.model import Table
from tests.lakes import publish, write

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
DAYS = tuple(date(2024, 1, 8) + timedelta(days=number) for number in range(3))
AS_OF = date(2024, 2, 1)
NOW = datetime(2024, 2, 1, 8, tzinfo=UTC)
Row = dict[str, Any]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _line(number: int, day: date, **more: Any) -> Row:
    amounts = {"quantity": 2, "unit_price": Decimal("2.50"), "discount": Decimal("1.00")}
    money = {"gross_revenue": Decimal("5.00"), "net_revenue": Decimal("4.00"), "currency": "GBP"}
    when = {"ordered_at": _noon(day), "order_date": day, "order_month": day.replace(day=1)}
    known = {"source_system": "shop", "order_id": f"O{number}", "line_number": 1, "order_status": "completed"}
    return known | when | amounts | money | more


def _credit(campaign: str, last_touch: int) -> Row:
    """Half of the first order, but by last touch."""
    order = {"source_system": "shop", "order_id": "O1", "order_date": DAYS[0], "currency": "GBP"}
    path = {"customer_id": "C", "campaign_id": campaign, "net_revenue": Decimal("4.00")}
    return order | path | dict.fromkeys(MODELS, 0.5) | {"last_touch": float(last_touch)}


def _version(**more: Any) -> Row:
    return {"source_system": "shop", "valid_from": FIRST, "valid_to": LAST, "is_current": True} | more


class Star:
    """Rows by table: change them, then write them."""

    def __init__(self) -> None:
        keys = {"customer_key": 1, "product_key": 1, "geography_key": 1, "campaign_key": 1, "reporting_currency": "GBP"}
        lines = [_line(number, day, product_id="P", customer_id="C") for number, day in enumerate(DAYS, start=1)]
        back = {
            "source_system": "shop", "return_id": "R1", "order_id": "O1", "line_number": 1, "quantity": 1,
            "refund_amount": Decimal("2.00"), "currency": "GBP", "returned_at": _noon(DAYS[2]),
            "return_date": DAYS[2], "return_month": DAYS[2].replace(day=1),
        }  # fmt: skip
        self.rows: dict[str, list[Row]] = {
            silver.ORDER_LINES.name: lines,
            silver.RETURNS.name: [back],
            silver.CUSTOMERS.name: [_version(customer_id="C", email="ada@example.org")],
            silver.PRODUCTS.name: [_version(product_id="P", currency="GBP", is_merchandise=True)],
            gold.FACT_SALES.name: [line | keys | {"date_key": _date_key(line["order_date"])} for line in lines],
            gold.FACT_RETURNS.name: [back | keys | {"date_key": _date_key(DAYS[2]), "is_matched": True}],
            gold.DIM_CUSTOMER.name: [
                _version(customer_key=1, customer_durable_key=1, customer_id="C", email="ada@example.org")
            ],
            gold.DIM_PRODUCT.name: [
                _version(product_key=1, product_durable_key=1, product_id="P", is_merchandise=True)
            ],
            gold.DIM_DATE.name: [_day(day) for day in DAYS],
            gold.DIM_GEOGRAPHY.name: [{"geography_key": 1}],
            gold.DIM_CAMPAIGN.name: [{"campaign_key": 1, "source_system": "shop"}],
            CAMPAIGN_ATTRIBUTION.name: [_credit("spring", 0), _credit("summer", 1)],
            CAMPAIGN_ROI.name: [
                {
                    "source_system": "shop",
                    "campaign_id": name,
                    "currency": "GBP",
                    "last_touch_revenue": Decimal(revenue),
                }
                for name, revenue in (("spring", 0), ("summer", 4))
            ],
        }

    def change(self, table: Table, place: int = 0, **values: Any) -> Star:
        self.rows[table.name][place] |= values
        return self

    def add(self, table: Table, **values: Any) -> Star:
        """One more row like the last one, but for the values."""
        self.rows[table.name].append(self.rows[table.name][-1] | values)
        return self

    def write(self, root: Path, names: Iterable[str] = ()) -> dict[str, int]:
        """Writes the tables (all, where none is named); gives the version of each."""
        tables = {table.name: table for table in (*silver.TABLES, *gold.TABLES)}
        return {name: write(root, tables[name], self.rows[name]) for name in (names or self.rows)}

    def staged(self, spark: SparkSession, root: Path) -> Lake:
        """The star as a run has made it that has not published yet."""
        self.write(root)
        return Lake(spark, root, run_id="r", as_of=AS_OF)

    def staged_after_the_sound_one(self, spark: SparkSession, root: Path) -> Lake:
        """As `staged`, in a lake that has published the sound star: only tables that differ from it are written."""
        sound = Star()
        publish(root, 1, sound.write(root), run_id="before")
        self.write(root, [name for name, rows in self.rows.items() if rows != sound.rows[name]])
        return Lake(spark, root, run_id="r", as_of=AS_OF)


def _date_key(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def _day(day: date) -> Row:
    monday = day - timedelta(days=day.weekday())
    return {"date_key": _date_key(day), "full_date": day, "week_start": monday, "holidays": {}}
