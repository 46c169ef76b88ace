"""A lake that an earlier layout of the code wrote is read, continued and rolled back like one of today's.

The lake is a file, tests/journeys/old_lake/lake.tar.xz; README.md beside it says how it was made.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published import open_published, publications
from lakehouse.settings import conf_dir
from quality.thresholds import load_thresholds

pytestmark = pytest.mark.journey
KEPT = Path(__file__).parent / "old_lake" / "lake.tar.xz"
AS_OF = ("--as-of", "2011-03-01")
SALES = """
    SELECT source_system, currency, count(*) AS lines, sum(net_revenue) AS revenue
    FROM gold.fact_sales GROUP BY ALL ORDER BY ALL
"""
FIRST, SECOND = (
    [("online_retail", "GBP", 4, "22.6750"), ("shop", "EUR", 1, "14.0000"), ("shop", "GBP", 2, "22.5000")],
    [("online_retail", "GBP", 5, "52.6450"), ("shop", "EUR", 1, "14.0000"), ("shop", "GBP", 3, "42.5000")],
)
"""What the lake's publications say of sales."""
CONTINUED = [("online_retail", "GBP", 7, "83.6350"), ("shop", "EUR", 1, "14.0000"), ("shop", "GBP", 4, "52.5000")]
UNTOUCHED = [
    *("silver.campaigns", "silver.campaign_spend", "silver.campaign_touches", "silver.fx_rates", "silver.payments"),
    *("silver.products", "gold.dim_campaign", "gold.dim_date", "gold.dim_product", "gold.campaign_attribution"),
]
"""What the lines and the customer that come in now do not concern."""
INVOICES = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1008,B,VASE BLUE,1,2011-02-06 10:00:00,9.99,12431.0,Belgium
"""
ORDERS = """\
order_id,line_number,customer_id,product_id,ordered_at,order_status,quantity,unit_price,currency,updated_at
O4,1,K1,P1,2011-02-02T13:00:00Z,completed,1,10.00,GBP,2011-02-03T09:00:00Z
"""
CUSTOMERS = '{"customer_id": "K1", "first_name": "Ann", "city": "York", "updated_at": "2011-02-01T00:00:00Z"}\n'
Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """What a command says about a copy of the old lake, in the old merchant's configuration."""
    shutil.copytree(conf_dir(), tmp_path / "conf", ignore=shutil.ignore_patterns("*.toml.*", "sources"))
    with tarfile.open(KEPT) as archive:
        archive.extractall(tmp_path, filter="data")
    for name in ("conf", "landing", "lake"):
        monkeypatch.setenv(f"LAKEHOUSE_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("COLUMNS", "300")
    conf_dir.cache_clear()
    load_thresholds.cache_clear()

    def said(*arguments: str, exit_code: int = 0) -> str:
        found = CliRunner().invoke(app, arguments)
        assert found.exit_code == exit_code, found.output
        return found.stdout if arguments[0] == "sql" else found.output

    yield said
    conf_dir.cache_clear()
    load_thresholds.cache_clear()


def asked(ask: Ask, query: str, publication: int | None = None) -> list[tuple[Any, ...]]:
    """Rows of the answer of `lakehouse sql`; decimals as text, with all their digits."""
    older = ("--publication", str(publication)) if publication else ()
    rows = json.loads(ask("sql", query, "--format", "json", *older), parse_float=str)
    return [tuple(row.values()) for row in rows]


def batches(ask: Ask) -> dict[int, str]:
    return {batch["number"]: batch["status"] for batch in json.loads(ask("batches", "list", "--json"))}


def versions(lake: Path) -> dict[str, int]:
    """Table -> its version in the newest publication."""
    return dict(publications(lake)[-1].table_versions)


def january(lake: Path) -> set[str]:
    """The data files of January in the published version of the sales."""
    sales = DeltaTable(lake / "gold" / "fact_sales", version=versions(lake)["gold.fact_sales"])
    return {file for file in sales.file_uris() if "order_month=2011-01-01" in file}


def test_every_publication_of_an_old_lake_is_read_whole(ask: Ask, tmp_path: Path) -> None:
    kinds = asked(ask, "SELECT publication, parent, kind, batches FROM ops.publications ORDER BY 1")
    assert kinds == [(1, None, "run", [1, 2]), (2, 1, "run", [3, 4])]
    for number, sales in enumerate([FIRST, SECOND], start=1):
        assert asked(ask, SALES, number) == sales
        with open_published(tmp_path / "lake", number) as published:
            for name in published.table_names():
                published.sql(f"SELECT count(*), bit_xor(hash(t)) FROM {name} AS t").fetchall()
    members = "SELECT customer_id, city FROM gold.dim_customer WHERE customer_id LIKE 'K%' ORDER BY ALL"
    assert asked(ask, members, 1) == [("K1", "Leeds"), ("K2", "Köln")]
    assert asked(ask, members, 2) == [("K1", "Leeds"), ("K2", "Köln"), ("K2", "Lyon")]


def test_what_people_said_of_an_old_lake_is_known(ask: Ask) -> None:
    found = json.loads(ask("status", "--json"), parse_float=str)
    assert (found["publication"]["publication"], found["publication"]["as_of"]) == (2, "2011-03-01")
    held = [(one["number"], one["status"], one["why"]) for one in found["batches"]]
    assert held == [(5, "held", "the supplier sends it again")]
    assert [run["status"] for run in found["runs"] if run["stage"] == "run"] == ["done", "refused", "done"]
    assert {(one["source"], one["reason"]): one["rows"] for one in found["quarantine"]} == {
        ("online_retail", "negative_price"): 1,
        ("online_retail", "zero_price"): 1,
        ("shop", "negative_price"): 1,
    }
    assert batches(ask) == {**dict.fromkeys((1, 2, 3, 4), "published"), 5: "held"}

    rows = {row["sent"].get("InvoiceNo"): row for row in json.loads(ask("quarantine", "list", "--json"))}
    assert rows.keys() == {"1004", "A1005", None}
    assert (rows["A1005"]["file"], rows["A1005"]["row"]) == ("2011-01-04.csv", 3)
    assert "a booking of the bank" in ask("quarantine", "show", rows["A1005"]["id"])
    assert "silver.lineage.quarantined_share" in (waived := ask("quality", "waivers"))
    assert "January's corrections" in waived


@pytest.mark.long
def test_an_old_lake_is_continued_by_what_is_new_alone_and_rolled_back(
    spark: SparkSession, ask: Ask, tmp_path: Path
) -> None:
    lake, landing = tmp_path / "lake", tmp_path / "landing"
    before, files, second = versions(lake), january(lake), publications(lake)[-1]
    (landing / "online_retail" / "2011-02-06.csv").write_text(INVOICES, encoding="utf-8")
    (landing / "shop" / "orders_3.csv").write_text(ORDERS, encoding="utf-8")
    (landing / "shop" / "customers_3.jsonl").write_text(CUSTOMERS, encoding="utf-8")
    ask("batches", "release", "5", "--why", "it was right after all")
    # More than a fifth of one source's lines is in quarantine still: the old waiver lets the run through.
    assert "waived: silver.lineage" in ask("run", *AS_OF)
    third = publications(lake)[-1]
    assert (third.publication, sorted(third.batches)) == (3, [5, 6, 7])
    assert asked(ask, SALES) == CONTINUED
    bound = "SELECT city FROM gold.fact_sales JOIN gold.dim_customer USING (customer_key) WHERE order_id = "
    assert asked(ask, f"{bound}'O1'") == [("Leeds",), ("Leeds",)]
    assert asked(ask, f"{bound}'O4'") == [("York",)]
    history = "SELECT outcome FROM ops.quarantine_history ORDER BY 1"
    assert asked(ask, history) == [("discarded",), ("replayed",)]
    # Files that were loaded before are not even opened. Rules are others than then, so all is derived again; settings
    # are those of then, and what comes out the same has no commit.
    assert asked(ask, "SELECT DISTINCT status FROM ops.ingested_files") == [("loaded",)]
    moved = {part for part, value in third.configuration.items() if second.configuration.get(part) != value}
    assert moved == {"decided:online_retail", "rules", "judged:online_retail", "judged:shop"}
    after = versions(lake)
    assert [name for name in UNTOUCHED if after[name] != before[name]] == []
    # The tables of lines are written again, for their line numbers are wider than then.
    assert january(lake) != files

    ask("rollback", "1")
    assert asked(ask, SALES) == FIRST
    assert batches(ask) == {1: "published", 2: "published", **dict.fromkeys(range(3, 8), "held")}
    assert "everything adds up" in ask("reconcile")
