"""What `lakehouse source check` says of a declaration, and how it ends."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.trial import with_spark
from jobs.trial.outcome import FeedTrial, TriedRow, feed_trial
from jobs.trial.plainly import own_texts
from jobs.trial.show import show_feed
from jobs.trial.source import hidden_columns, try_source
from lakehouse.settings import Settings
from lakehouse.sources.load import load_source
from lakehouse.terminal import Terminal
from tests.own_conf import own_conf

DECLARED = """
currency = "GBP"
time_zone = "UTC"

[files.sales]
pattern = "sales*.csv"
columns = ["Receipt", "Date", "Item", "Qty", "Price", "Ship_City"]
optional = ["Ship_City"]

[feeds.order_lines]
file = "sales"
filter = "Receipt <> 'Total'"
position_within = "Receipt"

[feeds.order_lines.columns]
order_id = "Receipt"
line_number = "_position"
product_id = "Item"
ordered_at = "Date"
quantity = "Qty"
unit_price = "Price"
"""
SALES = "Receipt,Date,Item,Qty,Price\nR-1,2024-03-01,A,1,2.50\n"
TOTAL = "Total,,,1,2.50\n"
Check = Callable[..., tuple[bool, str]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """check(declaration, file): whether a run would take everything, and what was said."""

    def tried(declared: str, sales: str, *, name: str = "sales.csv", masked: bool = True) -> tuple[bool, str]:
        (conf / "sources" / "cafe.toml").write_text(declared, encoding="utf-8")
        folder = tmp_path / "landing" / "cafe"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(sales, encoding="utf-8")
        console = Terminal(width=300, record=True, file=io.StringIO())
        settings = Settings(lake=tmp_path / "lake", landing=tmp_path / "landing", engine="sail")
        return try_source(settings, "cafe", 100, console, masked=masked), console.export_text()

    with own_conf(tmp_path, monkeypatch) as conf:
        yield tried


def test_rows_that_no_feed_takes_are_shown_and_are_no_success(check: Check) -> None:
    assert check(DECLARED, SALES)[0]
    holds, said = check(DECLARED, SALES + TOTAL)
    assert not holds
    assert "no feed takes 1 row of sales: a run leaves the source out" in said
    assert "sales.csv, row 2: Receipt = Total, Qty = 1, Price = 2.50" in said
    personal = DECLARED.replace("Ship_City", "Mail").replace('unit_price = "Price"', "unit_price = \"'2'\"")
    assert "Price = ***" in check(personal, SALES + TOTAL)[1]
    assert "Price = 2.50" in check(personal, SALES + TOTAL, masked=False)[1]


def test_a_kind_that_no_feed_names_is_looked_through_too(check: Check) -> None:
    other = DECLARED + '\n[files.other]\npattern = "other*"\ncolumns = ["a"]\n'
    check(other, SALES)
    holds, said = check(other, "a\n1\n", name="other.csv")
    assert not holds
    assert "no feed takes 1 row of other" in said


def test_columns_that_the_declaration_does_not_name_are_told(check: Check) -> None:
    text = SALES.replace("Price\n", "Price,Ship City,Till\n").replace("2.50\n", "2.50,Bath,7\n")
    holds, said = check(DECLARED, text)
    assert holds
    assert (
        "sales: columns that are not declared, and kept in _rescued alone: Ship City (is it Ship_City? then an alias),"
        " Till\n" in said
    )
    both = SALES.replace("Price\n", "Price,Ship City,Ship_City\n").replace("2.50\n", "2.50,Bath,Bath\n")
    assert "_rescued alone: Ship City\n" in check(DECLARED, both)[1], "the declared one is there itself"
    assert "_rescued" not in check(DECLARED, SALES)[1]
    assert "Ship City" not in check(DECLARED + '\n[files.sales.aliases]\nShip_City = "Ship City"\n', text)[1]


def test_what_the_engine_worked_out_names_it_and_why(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(with_spark, "try_with_spark", lambda settings, source: ([], []))
    cast = DECLARED.replace('unit_price = "Price"', 'unit_price = "try_cast(Price AS DECIMAL(9,2))"')
    assert "worked out by Sail, for try_cast(…) in feeds.order_lines.columns.unit_price" in check(cast, SALES)[1]
    indexed = DECLARED.replace("\"Receipt <> 'Total'\"", "\"split(Receipt, 'x')[0] <> 'Total'\"")
    assert "worked out by Sail, for `[0] <> 'Total'` in feeds.order_lines.filter" in check(indexed, SALES)[1]


def _shown(trial: FeedTrial, hidden: set[str]) -> str:
    console = Terminal(width=100, record=True, file=io.StringIO())
    show_feed(console, trial, hidden)
    return console.export_text()


@pytest.mark.parametrize(
    ("sql", "texts"),
    [
        ("try_cast(replace(Price, ',', '') AS DECIMAL(9,2))", "5"),
        ("try_cast(`Price` AS INT) + try_cast(heads.`Price` AS INT)", "5 | 7"),
        ("Price[0]", "5"),
        ("coalesce(Price, 'Qty')", "5"),
        ("try_cast('Price", ""),
    ],
)
def test_the_texts_of_an_expression_that_only_an_engine_reads_are_found(sql: str, texts: str) -> None:
    assert own_texts(sql, {"price": "5", "qty": "1", "heads\0price": "7"}) == texts


def test_what_is_lost_is_shown_and_where_it_may_be_personal_said_to_be_masked() -> None:
    rows = [
        TriedRow({"email": None}, ["unparsable:email"], {"email": text}, nothing=frozenset(["email"])) for text in "ab"
    ]
    trial = feed_trial("customers", "people", {"email": "x"}, rows)
    assert "not read: a (1 row)" in _shown(trial, set())
    masked = _shown(trial, {"email"})
    assert "not read: (masked) (2 rows)" in masked
    assert "made nothing of: (masked) (2 rows)" in masked


def test_an_expression_hides_what_it_names_and_not_what_parts_of_its_words_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = '"Ship_City", "Pri"]'
    text = DECLARED.replace('"Ship_City"]', columns).replace('"Price"\n', '"try_cast(Price AS INT)"\n')
    text = text.replace('product_id = "Item"', 'product_id = "try_cast(Pri AS INT)"')
    with own_conf(tmp_path, monkeypatch) as conf:
        (conf / "sources" / "cafe.toml").write_text(text + 'ship_postal_code = "Pri"\n', encoding="utf-8")
        hidden = hidden_columns(load_source("cafe"), "order_lines")
    assert hidden == {"product_id", "ship_postal_code"}


ONCE = "Receipt,Date,Item,Qty,Price\nR-1,2024-03-01,A,1,2.50\nR-1,,B,1,2.50\nR-2,2024-03-02,A,1,2.50\n"


def test_columns_that_only_the_first_row_of_an_order_fills_are_told_with_the_remedy(check: Check) -> None:
    said = check(DECLARED, ONCE)[1]
    remedy = 'fill_down = { within = ["Receipt"], columns = ["Date"] }'
    assert f"sales: only the first row of an order fills Date: {remedy} gives its values to the rows below it" in said
    mended = DECLARED.replace("[feeds.order_lines]\n", f"{remedy}\n\n[feeds.order_lines]\n", 1)
    assert "fill_down" not in check(mended, ONCE)[1]


@pytest.mark.parametrize(
    "sales",
    [
        SALES,
        ONCE.replace("R-1,,B", "R-1,2024-03-09,B"),
        ONCE.replace("R-1,,B", "R-3,,B"),
        ONCE.replace("R-1", ""),
        ONCE.replace("R-2,2024-03-02,A,1,2.50", "R-2,,A,1,2.50\nR-2,2024-03-02,B,1,2.50"),
    ],
    ids=["one row each", "another day", "another order", "no order", "the second row says it"],
)
def test_columns_that_are_empty_for_other_reasons_are_not(check: Check, sales: str) -> None:
    said = check(DECLARED.replace("\"Receipt <> 'Total'\"", '"Item IS NOT NULL"'), sales)[1]
    assert "only the first row" not in said
