"""What the pages tell a newcomer to type, typed as it stands there, in an empty folder."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.settings import conf_dir
from tests.docs.pages import ROOT, block, words

pytestmark = pytest.mark.journey
WALK = "docs/adding-a-source.md"
MY_SHOP = """
currency = "EUR"
time_zone = "UTC"
[files.sales]
pattern = "sales*.csv"
columns = ["Order #", "Date / Time", "Unit Price (EUR)", "Qty;pcs"]
date_formats = "yyyy-MM-dd HH:mm"
[feeds.order_lines]
file = "sales"
version = "_file_modified_at"
position_within = "`Order #`"
[feeds.order_lines.columns]
order_id = "`Order #`"
line_number = "_position"
product_id = "concat('at ', `Unit Price (EUR)`)"
ordered_at = "`Date / Time`"
quantity = "`Qty;pcs`"
unit_price = "`Unit Price (EUR)`"
"""
SALES = """\
Order #,Date / Time,Unit Price (EUR),Qty;pcs
1001,2024-03-04 10:15,12.50,2
1002,2024-03-05 16:40,-8.00,1
1003,2024-04-05 16:40,-3.00,1
"""


@dataclass(frozen=True)
class Newcomer:
    """Somebody in a folder with nothing in it but the configuration."""

    folder: Path

    def types(self, command: str) -> str:
        """What a command prints; the command must succeed."""
        if not command.startswith("lakehouse "):
            return subprocess.run(
                ["sh", "-ec", command], cwd=self.folder, check=True, capture_output=True, text=True
            ).stdout
        found = CliRunner().invoke(app, words(command)[1:])
        assert found.exit_code == 0, found.output
        return found.stdout

    def declares(self, source: str, text: str) -> None:
        (self.folder / "conf" / "sources" / f"{source}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    # Without the shipped sources, which have no files here and would only be looked through.
    shutil.copytree(conf_dir(), tmp_path / "conf", ignore=shutil.ignore_patterns("sources"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAKEHOUSE_CONF", str(tmp_path / "conf"))
    monkeypatch.setenv("COLUMNS", "120")
    conf_dir.cache_clear()
    yield Newcomer(tmp_path)
    conf_dir.cache_clear()


def plain(text: str) -> list[str]:
    """Lines without what a terminal's width adds."""
    return [line.rstrip() for line in text.strip("\n").split("\n")]


def test_the_walk_ends_in_the_figures_that_it_states(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("LAKEHOUSE_MODELS__ENABLED")  # as a newcomer has it, from today, long after the shop's last sale
    page = (ROOT / WALK).read_text(encoding="utf-8")
    for command in block(WALK, "mkdir").commands:
        newcomer.types(command)
    [draft] = block(WALK, "lakehouse source new").commands
    newcomer.types(draft)
    assert "# choose:" in (newcomer.folder / "conf" / "sources" / "teashop.toml").read_text(encoding="utf-8")

    [declared] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    newcomer.declares("teashop", declared)
    [check] = block(WALK, "lakehouse source check").commands
    tried = newcomer.types(check)
    assert "order_lines, from sales: 4 rows, 4 of them readable" in tried
    assert "returns, from sales: 1 row, 1 of them readable" in tried
    assert not re.search("^quarantined ", tried, re.MULTILINE)

    run, *asked = block(WALK, "lakehouse run").commands
    newcomer.types(run)
    printed = [line for command in asked for line in [f"$ {command}", *plain(newcomer.types(command)), ""]]
    assert plain("\n".join(printed)) == plain(block(WALK, "lakehouse run").output)
    # 25.00 + 8.00 + 12.50 of three lines that were paid, one that was cancelled, one that came back.
    figures = " ".join(printed)
    assert re.search(r"completed\W+3\W+45\.5000\W+EUR", figures)
    assert re.search(r"cancelled\W+1\W+12\.5000\W+EUR", figures)
    assert re.search(r"1003\W+1\W+12\.5000\W+EUR", figures)


def sent_again(folder: Path, exported: Path) -> None:
    """Order 1002 as it was exported, with its price mended, as a file for the landing folder."""
    rows = list(csv.DictReader(exported.open(encoding="utf-8", newline="")))
    [row] = [row for row in rows if row["Order #"] == "1002"]
    names = ["Order #", "Date / Time", "Unit Price (EUR)", "Qty;pcs"]
    with (folder / "sales_mended.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([names, [row[name].removeprefix("-") for name in names]])


@pytest.mark.long
def test_a_file_with_any_names_of_columns_comes_in_and_its_refused_rows_are_mended(newcomer: Newcomer) -> None:
    copy, new, check, run, by_month = block("README.md", "mkdir -p landing/my_shop").commands
    (newcomer.folder / "mine").mkdir()
    (newcomer.folder / "mine" / "sales.csv").write_text(SALES, encoding="utf-8")
    newcomer.types(copy.replace("…", "mine"))
    newcomer.types(new)
    drafted = (newcomer.folder / "conf" / "sources" / "my_shop.toml").read_text(encoding="utf-8")
    assert 'columns = ["Order #", "Date / Time", "Unit Price (EUR)", "Qty;pcs"]' in drafted
    newcomer.declares("my_shop", MY_SHOP)
    assert "order_lines, from sales: 2 rows, 1 of them readable" in newcomer.types(check)
    newcomer.types(run)
    assert re.search(r"2024-03-01\W+25\.0000", newcomer.types(by_month))

    query = r'''"select \"Order #\", \"Qty;pcs\" from bronze.my_shop_sales where \"Unit Price (EUR)\" not like '-%'"'''
    assert newcomer.types(f"lakehouse sql --format csv {query}") == "Order #,Qty;pcs\n1001,2\n"
    assert newcomer.types("lakehouse sql --format csv 'from bronze.my_shop_sales'").startswith(
        "Order #,Date / Time,Unit Price (EUR),Qty;pcs,_rescued,"
    )
    assert "Unit Price (EUR)" in newcomer.types("lakehouse tables bronze.my_shop_sales")

    waiting, show, export, replay, discard, history = block("docs/quality.md", "lakehouse quarantine list").commands
    listed = newcomer.types(waiting)
    first, second = (re.search(rf"(\w{{12}}).*row {place}\b", listed) for place in (2, 3))
    assert first is not None
    assert second is not None
    shown = newcomer.types(show.replace("3f9a…", first[1]))
    assert re.search(r"Unit Price \(EUR\)\W+-8\.00", shown)
    newcomer.types(export)
    sent_again(newcomer.folder / "landing" / "my_shop", newcomer.folder / "rows.csv")
    assert re.search(r"my_shop\W+order_lines\W+2\W", newcomer.types(replay))
    assert re.search(r"2024-03-01\W+33\.0000", newcomer.types(by_month))
    newcomer.types(discard.replace("3f9a…", second[1]))
    assert first[1] in newcomer.types(history)
