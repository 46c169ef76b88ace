"""An export with the fields of an order on its first row alone, from file to gold: one with blanks in its header, one
without; the fields filled down, or joined from the same file under another name; and one that comes in two deliveries.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.wiring import pipeline
from lakehouse.pipeline.stages import Outcome
from lakehouse.published import open_published
from lakehouse.settings import load_settings
from tests.own_conf import own_conf
from tests.session_options import put_back

pytestmark = [pytest.mark.journey, pytest.mark.long]
FILES = Path(__file__).parent / "shopify"
COLUMNS = (FILES / "orders_export_1.csv").read_text().splitlines()[0].split(",")
SOURCE = """
currency = "EUR"
time_zone = "Europe/Paris"
[files.orders_export]
pattern = "orders_*.csv"
columns = {columns}
optional = {columns}
date_formats = "yyyy-MM-dd HH:mm:ss XX"
{more}
[feeds.order_lines]
file = "orders_export"
version = "_file_modified_at"
position_within = "Name"
{join}
[feeds.order_lines.columns]
order_id = "Name"
line_number = "_position"
customer_id = "lower(Email)"
product_id = "`Lineitem sku`"
ordered_at = "`Created at`"
order_status = '''CASE {of}`Financial Status` WHEN 'paid' THEN 'completed' WHEN 'partially_refunded' THEN 'completed'
    WHEN 'voided' THEN 'cancelled' WHEN 'refunded' THEN 'refunded' ELSE 'pending' END'''
payment_method = "{of}`Payment Method`"
quantity = "`Lineitem quantity`"
unit_price = "`Lineitem price`"
discount = '''round(try_divide(
    try_cast({of}`Discount Amount` AS DECIMAL(9,2)) * try_cast(`Lineitem quantity` AS INT)
        * try_cast(`Lineitem price` AS DECIMAL(9,2)),
    try_cast({of}Subtotal AS DECIMAL(9,2)) + try_cast({of}`Discount Amount` AS DECIMAL(9,2))), 4)'''
ship_country_name = "{of}`Shipping Country`"
"""
FILL_DOWN = (
    'fill_down = { within = ["Name"], columns = ["Financial Status", "Discount Amount", "Subtotal", "Payment Method",'
    ' "Shipping Country"] }'
)
JOIN = (
    'join = [{ file = "heads", role = "header", on = { Name = "Name" }, filter = "`Financial Status` IS NOT NULL",'
    ' version = "_file_modified_at" }]'
)


def declaration(*, joined: bool = False) -> str:
    parts = ('[files.heads]\nsame_as = "orders_export"', JOIN, "heads.") if joined else (FILL_DOWN, "", "")
    more, join, of = parts
    return SOURCE.format(columns=COLUMNS, more=more, join=join, of=of)


def under_scores(text: str) -> str:
    """The declaration of an export that has an underscore in place of each blank in its header."""
    for name in COLUMNS:
        text = text.replace(f'"{name}"', f'"{name.replace(" ", "_")}"')
        text = text.replace(f"'{name}'", f"'{name.replace(' ', '_')}'")
        text = text.replace(f"`{name}`", f"`{name.replace(' ', '_')}`")
    return text


SHOPS = {
    "filled": (declaration(), "orders_export_1.csv"),
    "joined": (declaration(joined=True), "orders_export_1.csv"),
    "filled_plain": (under_scores(declaration()), "orders_export_1_no_blanks.csv"),
    "twice": (under_scores(declaration()), "orders_0601.csv"),
}
"""Source -> what declares it, and the file that comes first."""


@pytest.fixture(scope="module")
def published(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lake after two runs; the second one's file says again what the first one said of an order, and more."""
    folder = tmp_path_factory.mktemp("shopify")
    with pytest.MonkeyPatch.context() as patch, put_back(spark), own_conf(folder, patch) as conf:
        for name, (text, file) in SHOPS.items():
            (conf / "sources" / f"{name}.toml").write_text(text)
            lands(folder, name, file)
        assert runs(folder).status == "done"
        lands(folder, "twice", "orders_0602.csv")
        assert runs(folder).status == "done"
        yield folder / "lake"


def lands(folder: Path, source: str, file: str) -> None:
    target = folder / "landing" / source / file
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(FILES / file, target)


def runs(folder: Path) -> Outcome:
    settings = load_settings(lake=folder / "lake", landing=folder / "landing", as_of=date(2024, 7, 1))
    return pipeline.run(settings, list(SHOPS), False)


def asked(lake: Path, query: str) -> list[tuple[Any, ...]]:
    with open_published(lake) as tables:
        return [tuple(map(str, row)) for row in tables.sql(query).fetchall()]


SALES = "FROM gold.fact_sales AS f JOIN gold.dim_geography AS g USING (geography_key) WHERE source_system = "


@pytest.mark.parametrize("shop", [name for name in SHOPS if name != "twice"])
def test_what_the_first_row_of_an_order_says_counts_for_all_its_lines(published: Path, shop: str) -> None:
    orders = f"""SELECT order_id, order_status, country_code, payment_method, count(*), sum(gross_revenue),
        sum(discount), sum(net_revenue) {SALES} '{shop}' GROUP BY ALL ORDER BY ALL"""
    assert asked(published, orders) == [
        ("#1001", "completed", "FR", "Shopify Payments", "2", "44.8000", "4.4800", "40.3200"),
        ("#1002", "completed", "DE", "Shopify Payments", "1", "30.0000", "0.0000", "30.0000"),
        ("#1003", "cancelled", "DE", "PayPal", "1", "50.0000", "0.0000", "50.0000"),
        ("#1004", "refunded", "FR", "Shopify Payments", "2", "30.0000", "0.0000", "30.0000"),
    ]
    total = f"SELECT sum(net_revenue) FROM gold.daily_sales WHERE source_system = '{shop}'"
    assert asked(published, total) == [("70.3200",)]


def test_a_later_delivery_gives_all_lines_of_an_order_what_it_says_on_the_first(published: Path) -> None:
    lines = (
        "SELECT order_id, order_status, gross_revenue FROM gold.fact_sales WHERE source_system = 'twice' ORDER BY ALL"
    )
    assert asked(published, lines) == [
        ("#2001", "completed", "10.0000"),
        ("#2001", "completed", "20.0000"),
        ("#2002", "completed", "8.0000"),
    ]
