"""The shops of these tests, their files, and what a lake makes of them."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.settings import Calendar, Settings, load_settings
from tests.amounts.books import Books, Files

SQUARE = """
currency = "USD"
time_zone = "America/New_York"
[files.items]
pattern = "items-*.csv"
columns = [
  "Date", "Time", "Item", "Qty", "SKU", "Gross Sales", "Discounts", "Net Sales", "Transaction ID", "Event Type",
]
thousands_mark = ","
date_formats = "yyyy-MM-dd HH:mm:ss"
[feeds.order_lines]
file = "items"
filter = "`Event Type` = 'Payment'"
version = "_file_modified_at"
position_within = "`Transaction ID`"
[feeds.order_lines.columns]
order_id = "`Transaction ID`"
line_number = "_position"
product_id = "SKU"
ordered_at = "concat_ws(' ', `Date`, Time)"
quantity = "Qty"
gross_amount = "`Gross Sales`"
discount = "-number(Discounts)"
[feeds.returns]
file = "items"
filter = "`Event Type` = 'Refund'"
version = "_file_modified_at"
position_within = "`Transaction ID`"
[feeds.returns.columns]
return_id = "concat_ws('-', `Transaction ID`, _position)"
product_id = "SKU"
returned_at = "concat_ws(' ', `Date`, Time)"
quantity = "-number(Qty)"
refund_amount = "-number(`Net Sales`)"
"""
TOTALS = """
currency = "GBP"
time_zone = "UTC"
[files.orders]
pattern = "orders.csv"
columns = ["order", "placed", "sku", "qty", "line_total"]
[feeds.order_lines]
file = "orders"
version = "_file_modified_at"
position_within = "`order`"
[feeds.order_lines.columns]
order_id = "`order`"
line_number = "_position"
product_id = "sku"
ordered_at = "placed"
quantity = "qty"
net_amount = "line_total"
"""
CAFE = """
currency = "EUR"
time_zone = "UTC"
[files.lines]
pattern = "lines*.csv"
columns = ["order", "sku", "qty", "price", "amount", "off", "total", "at"]
[files.heads]
pattern = "heads*.csv"
columns = ["order", "shipping", "tax", "at"]
[files.payments]
pattern = "payments*.csv"
columns = ["id", "order", "at", "method", "status", "amount"]
[feeds.order_lines]
file = "lines"
version = "_file_modified_at"
position_within = "`order`"
[feeds.order_lines.columns]
order_id = "`order`"
line_number = "_position"
product_id = "sku"
ordered_at = "at"
quantity = "qty"
unit_price = "price"
gross_amount = "amount"
order_discount = "off"
stated_order_total = "total"
[feeds.order_charges]
file = "heads"
version = "_file_modified_at"
[feeds.order_charges.columns]
charge_id = "`order`"
order_id = "`order`"
shipping_amount = "shipping"
tax_amount = "tax"
is_within_prices = "true"
charged_at = "at"
[feeds.payments]
file = "payments"
version = "_file_modified_at"
[feeds.payments.columns]
payment_id = "id"
order_id = "`order`"
paid_at = "at"
payment_method = "method"
payment_status = "status"
amount = "amount"
"""
ITEMS = """Date,Time,Item,Qty,SKU,Gross Sales,Discounts,Net Sales,Transaction ID,Event Type
2024-01-05,13:05:00,Drill,1.0,DR1,"$1,250.00",($125.00),"$1,125.00",tx1,Payment
2024-01-05,13:05:00,Bit,10.0,BT1,$20.00,$0.00,$20.00,tx1,Payment
2024-01-06,10:00:00,Bit,-2.0,BT1,($4.00),$0.00,($4.00),tx2,Refund
"""
ORDERS = """order,placed,sku,qty,line_total
X1,2024-05-01 10:00:00,A,3,10.00
X2,2024-05-01 11:00:00,B,7,100.00
X3,2024-05-02 11:00:00,C,2,9.00
"""
FIRST: Files = {
    "square/items-1.csv": ITEMS,
    "totals/orders.csv": ORDERS,
    "cafe/lines_1.csv": """order,sku,qty,price,amount,off,total,at
A1,CUP,1,20.00,,3.00,31.90,2024-02-01
A1,SPOON,1,10.00,,,,2024-02-01
A2,A,1,10.00,,10.00,20.00,2024-02-02
A2,B,1,10.00,,10.00,20.00,2024-02-02
A2,C,1,10.00,,10.00,20.00,2024-02-02
A3,D,3,3.33,10.00,,11.00,2024-03-03
A4,E,1,5.00,7.00,,,2024-03-03
A5,F,1,5.00,,1.00,,2024-03-03
A5,G,1,5.00,,2.00,,2024-03-03
A6,H,1,5.00,,6.00,,2024-03-03
""",
    "cafe/heads_1.csv": "order,shipping,tax,at\nA1,4.90,4.31,2024-02-01\nA3,0.00,1.60,2024-03-03\n",
    "cafe/payments_1.csv": """id,order,at,method,status,amount
p1,A1,2024-02-01,card,captured,20.00
p2,A1,2024-02-01,paypal,,11.90
p3,A2,2024-02-02,card,captured,15.00
p4,A2,2024-02-02,card,failed,99.00
""",
}
SECOND: Files = {
    "cafe/lines_2.csv": """order,sku,qty,price,amount,off,total,at
A1,CUP,1,20.00,,6.00,28.90,2024-02-01
A1,SPOON,1,10.00,,6.00,28.90,2024-02-01
""",
    "cafe/heads_2.csv": "order,shipping,tax,at\nA2,1.00,,2024-02-02\n",
    "cafe/payments_2.csv": "id,order,at,method,status,amount\np5,A2,2024-02-03,cash,captured,6.00\n",
}


@pytest.fixture(scope="module")
def settings() -> Settings:
    days = Calendar(first_day=date(2023, 1, 1), last_day=date(2025, 12, 31), holiday_countries=("GB",))
    return load_settings(reporting_currency="GBP", calendar=days)


@pytest.fixture(scope="module")
def books(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Books:
    declared = {"square": SQUARE, "totals": TOTALS, "cafe": CAFE}
    return Books(spark, tmp_path_factory.mktemp("books"), settings, declared)


@pytest.fixture(scope="module")
def at_once(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Lake:
    """The cafe's files of both deliveries, taken in together, the later ones first."""
    books = Books(spark, tmp_path_factory.mktemp("at once"), settings, {"cafe": CAFE})
    of_cafe = {name: text for name, text in FIRST.items() if name.startswith("cafe")}
    return books.take([(20, SECOND), (10, of_cafe)])
