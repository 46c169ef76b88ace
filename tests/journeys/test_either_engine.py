"""Where nobody chose, Sail does what it can, and what it stops at Spark does in the same go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published.batches import list_batches
from tests.own_conf import own_conf

pytestmark = pytest.mark.journey
Command = Callable[..., Any]
CAFE = """\
currency = "GBP"
time_zone = "Europe/London"

[files.sales]
pattern = "*.csv"
columns = ["Receipt", "Line", "Date", "Item", "Qty", "Price"]

[feeds.order_lines]
file = "sales"
version = "_file_modified_at"

[feeds.order_lines.columns]
order_id = "Receipt"
line_number = "Line"
product_id = "Item"
ordered_at = "`Date`"
quantity = "Qty"
unit_price = "PRICE"
"""
SALES = (
    "Receipt,Line,Date,Item,Qty,Price\nR-1,1,2024-03-01 09:00:00,LATTE,2,3.50\nR-1,2,2024-03-01 09:00:00,CAKE,1,4.00\n"
)
KNOWN = "Price"
UNKNOWN = "try_multiply(number(Price), 1)"
"""Sail does not know it of decimals, and says so before it begins."""
TOO_LARGE = "number(Price) * number('1000') * number('1') / 1000"
"""Its places add up beyond what Sail multiplies: it says so once rows come."""
AGAIN = "Sail went no further: again, by Spark"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`command(price, words…)`: with a shop whose prices are declared so."""
    (tmp_path / "landing" / "cafe").mkdir(parents=True)
    (tmp_path / "landing" / "cafe" / "march.csv").write_text(SALES, encoding="utf-8")

    def start(price: str, *words: str) -> Any:
        declared = CAFE.replace("PRICE", price)
        (tmp_path / "conf" / "sources" / "cafe.toml").write_text(declared, encoding="utf-8")
        landing = ["--landing", str(tmp_path / "landing"), "--as-of", "2024-04-01"] if words[0] == "run" else []
        arguments = [*words, *landing, "--lake", str(tmp_path / "lake")]
        return CliRunner().invoke(app, arguments, env={"COLUMNS": "300"})

    monkeypatch.setenv("LAKEHOUSE_ENGINE", "auto")
    with own_conf(tmp_path, monkeypatch):
        yield start


def revenue(command: Command) -> list[dict[str, Any]]:
    query = "SELECT sum(gross_revenue) AS revenue, count(*) AS n FROM gold.fact_sales"
    found = command(KNOWN, "sql", query, "--format", "json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)  # type: ignore[no-any-return]


def test_what_sail_can_do_it_does_alone(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no Java
    monkeypatch.delenv("JAVA_HOME", raising=False)
    found = command(KNOWN, "run")
    assert found.exit_code == 0, found.output
    assert AGAIN not in found.output
    assert revenue(command) == [{"revenue": 11.0, "n": 2}]


@pytest.mark.long
@pytest.mark.parametrize(
    ("price", "says"),
    [(UNKNOWN, "feeds.order_lines.columns.unit_price"), (TOO_LARGE, "SparkRuntimeException")],
    ids=["a function that it does not know", "rows that it cannot work out"],
)
def test_what_sail_stops_at_spark_does_in_the_same_go(tmp_path: Path, command: Command, price: str, says: str) -> None:
    found = command(price, "run")
    assert found.exit_code == 0, found.output
    assert says in found.output
    assert found.output.count(AGAIN) == 1
    assert revenue(command) == [{"revenue": 11.0, "n": 2}]
    assert [(batch.number, batch.source) for batch in list_batches(tmp_path / "lake")] == [(1, "cafe")]


def test_without_java_what_sail_stops_at_says_what_would_help(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    found = command(UNKNOWN, "run")
    assert found.exit_code == 2
    assert "feeds.order_lines.columns.unit_price" in found.output
    assert "Spark cannot start: Java 17 or newer is needed" in found.output


def test_who_asks_for_sail_gets_sail(command: Command) -> None:
    found = command(UNKNOWN, "run", "--engine", "sail")
    assert found.exit_code == 2
    assert AGAIN not in found.output


@pytest.mark.long
def test_much_data_is_sparks(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_SAIL__MOST_MEGABYTES", "0")
    found = command(KNOWN, "run")
    assert found.exit_code == 0, found.output
    assert "start Spark" in found.output
