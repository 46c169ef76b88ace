"""Rows that a declaration leaves out are counted by reason; rows that no feed takes concern their source alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published.batches import list_batches
from tests.journeys.compare import contents
from tests.own_conf import own_conf

pytestmark = [pytest.mark.journey, pytest.mark.long]
Command = Callable[..., Any]
CAFE = """\
currency = "GBP"
time_zone = "Europe/London"

[files.sales]
pattern = "sales_*.csv"
columns = ["Receipt", "Date", "Customer", "Item", "Qty", "Price"]
LEAVE_OUT

[feeds.order_lines]
file = "sales"
filter = "Receipt <> 'Total'"
version = "_file_modified_at"
position_within = "Receipt"

[feeds.order_lines.columns]
order_id = "Receipt"
line_number = "_position"
customer_id = "Customer"
product_id = "Item"
ordered_at = "`Date`"
quantity = "Qty"
unit_price = "Price"
"""
TOTAL = """leave_out = [{ where = "Receipt = 'Total'", why = "total of the file" }]"""
SALES = """\
Receipt,Date,Customer,Item,Qty,Price
R-1,2024-03-01 09:00:00,c1,LATTE,2,3.50
R-1,2024-03-01 09:00:00,c1,CAKE,1,4.00
R-2,2024-03-02 10:00:00,c2,LATTE,1,3.50
Total,,,,4,14.50
"""
SETTLE = """\
currency = "EUR"
time_zone = "Europe/Berlin"

[files.settlement]
pattern = "settlement_*.txt"
columns = ["settlement-id", "deposit-date", "total-amount", "currency", "transaction-type", "order-id", "amount-type",
    "amount", "posted-date-time", "order-item-code", "sku", "quantity-purchased"]
delimiter = "\\t"
decimal_mark = ","
date_formats = "dd.MM.yyyy HH:mm:ss z"
leave_out = [
    { where = "`transaction-type` IS NULL", why = "summary of the settlement" },
    { where = "`amount-type` LIKE '%Fees'", why = "fee" },
    { where = "`amount-type` = 'FBAFees'", why = "never said: the one before it holds too" },
]

[feeds.order_lines]
file = "settlement"
filter = "`transaction-type` = 'Order' AND `amount-type` = 'ItemPrice'"
version = "_file_modified_at"

[feeds.order_lines.columns]
order_id = "`order-id`"
line_number = "`order-item-code`"
product_id = "sku"
ordered_at = "`posted-date-time`"
quantity = "`quantity-purchased`"
unit_price = "try_divide(try_cast(replace(amount, ',', '.') AS DECIMAL(18,4)), try_cast(`quantity-purchased` AS INT))"
"""
SETTLEMENT = """\
settlement-id	deposit-date	total-amount	currency	transaction-type	order-id	amount-type	amount	\
posted-date-time	order-item-code	sku	quantity-purchased
77	12.06.2024 10:00:00 UTC	85,50	EUR								
77				Order	305-1	ItemPrice	60,00	01.06.2024 08:00:00 UTC	1	LAMP	2
77				Order	305-1	ItemFees	-4,50	01.06.2024 08:00:00 UTC	1	LAMP	
77				other-transaction		FBAFees	-10,00	02.06.2024 08:00:00 UTC			
77				Order	305-2	ItemPrice	40,00	03.06.2024 08:00:00 UTC	2	LAMP	1
"""
MORE = """\
Receipt,Date,Customer,Item,Qty,Price
R-3,2024-03-03 09:00:00,c1,LATTE,1,3.50
Total,,,,1,3.50
"""
SOLD = "SELECT source_system, count(*) AS n, sum(net_revenue) AS net FROM gold.fact_sales GROUP BY 1 ORDER BY 1"
ASIDE = (
    "SELECT source_system, left_out_why, CAST(sum(rows) AS INT) AS n FROM silver.left_out GROUP BY 1, 2 ORDER BY 1, 2"
)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    def start(*words: str) -> Any:
        landing = ["--landing", str(tmp_path / "landing"), "--as-of", "2024-07-01"] if words[0] == "run" else []
        return CliRunner().invoke(app, [*words, *landing, "--lake", str(tmp_path / "lake")], env={"COLUMNS": "300"})

    with own_conf(tmp_path, monkeypatch):
        for path in (tmp_path / "conf" / "sources").glob("*.toml"):
            path.unlink()
        yield start


def declare(folder: Path, source: str, text: str) -> None:
    (folder / "conf" / "sources" / f"{source}.toml").write_text(text, encoding="utf-8")


def deliver(folder: Path, source: str, name: str, text: str) -> None:
    (folder / "landing" / source).mkdir(parents=True, exist_ok=True)
    (folder / "landing" / source / name).write_text(text, encoding="utf-8")


def ask(command: Command, query: str) -> list[tuple[Any, ...]]:
    found = command("sql", query, "--format", "json")
    assert found.exit_code == 0, found.output
    return [tuple(row.values()) for row in json.loads(found.stdout, parse_float=str)]


def test_rows_that_are_left_out_are_counted_by_reason_and_every_sum_holds(tmp_path: Path, command: Command) -> None:
    declare(tmp_path, "cafe", CAFE.replace("LEAVE_OUT", TOTAL))
    declare(tmp_path, "settle", SETTLE)
    deliver(tmp_path, "cafe", "sales_2024-03.csv", SALES)
    deliver(tmp_path, "settle", "settlement_77.txt", SETTLEMENT)
    found = command("run")
    assert found.exit_code == 0, found.output
    assert [line.split() for line in found.output.splitlines() if "left out" in line] == [
        ["left", "out", "4", "no", "feed", "reads", "them"]
    ]
    assert ask(command, SOLD) == [("cafe", 3, "14.5000"), ("settle", 2, "100.0000")]
    counted = [("cafe", "total of the file", 1), ("settle", "fee", 2), ("settle", "summary of the settlement", 1)]
    assert ask(command, ASIDE) == counted
    assert ask(command, "SELECT count(*) FROM silver.quarantine") == [(0,)]

    deliver(tmp_path, "cafe", "sales_2024-04.csv", MORE)
    assert command("run").exit_code == 0
    assert ask(command, ASIDE) == [("cafe", "total of the file", 2), *counted[1:]]
    balance = command("reconcile").output
    assert "4 accepted + 2 left out" in balance
    assert "2 accepted + 3 left out" in balance
    assert "everything adds up" in balance
    before = contents(tmp_path / "lake")
    assert command("run", "--full").exit_code == 0
    assert contents(tmp_path / "lake") == before


def test_a_row_that_no_feed_takes_concerns_its_source_alone_and_is_named(tmp_path: Path, command: Command) -> None:
    declare(tmp_path, "cafe", CAFE.replace("LEAVE_OUT", TOTAL))
    declare(tmp_path, "settle", SETTLE)
    deliver(tmp_path, "cafe", "sales_2024-03.csv", SALES)
    assert command("run").exit_code == 0
    declare(tmp_path, "cafe", CAFE.replace("LEAVE_OUT", ""))
    spoilt = MORE.replace("Total,,,,1", "Total,,ann@example.org,\x1b[2J,1")
    deliver(tmp_path, "cafe", "sales_2024-04.csv", spoilt)
    deliver(tmp_path, "settle", "settlement_77.txt", SETTLEMENT)
    found = command("run")
    assert found.exit_code == 2, found.output
    assert "no feed takes 2 rows of sales" in found.stderr
    assert "sales_2024-03.csv, row 4: Receipt = Total, Qty = 4, Price = 14.50" in found.stderr
    assert "sales_2024-04.csv, row 2: " in found.stderr
    assert "leave_out" in found.stderr
    assert "\x1b[2J" not in found.output
    # What was published of the source stays, and its new batch waits.
    assert ask(command, SOLD) == [("cafe", 3, "14.5000"), ("settle", 2, "100.0000")]
    assert [(one.source, one.status) for one in list_batches(tmp_path / "lake")] == [
        ("cafe", "published"), ("cafe", "new"), ("settle", "published"),
    ]  # fmt: skip
    declare(tmp_path, "cafe", CAFE.replace("LEAVE_OUT", TOTAL))
    assert command("run").exit_code == 0
    assert ask(command, SOLD) == [("cafe", 4, "18.0000"), ("settle", 2, "100.0000")]
    assert "everything adds up" in command("reconcile").output
