"""No command evaluates an expression that may not be, whatever the lake says of the declaration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.sources.load import read_source
from tests.lakes import publish
from tests.own_conf import own_conf

pytestmark = pytest.mark.spark

DECLARATION = """
currency = "EUR"
time_zone = "Europe/Berlin"

[files.orders]
pattern = "orders.csv"
columns = ["order_id", "article", "price", "updated"]

[feeds.order_lines]
file = "orders"
version = "updated"

[feeds.order_lines.columns]
order_id = "order_id"
line_number = "1"
product_id = "article"
ordered_at = "updated"
quantity = "1"
unit_price = "java_method('java.lang.System', 'setProperty', 'lakehouse.test.run', price)"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake whose newest publication says that this declaration was in force, and a file that waits."""
    (tmp_path / "landing" / "teashop").mkdir(parents=True)
    rows = "order_id,article,price,updated\n1,a,2.50,2024-01-01\n"
    (tmp_path / "landing" / "teashop" / "orders.csv").write_text(rows, encoding="utf-8")
    with own_conf(tmp_path, monkeypatch) as conf:
        declaration = conf / "sources" / "teashop.toml"
        declaration.write_text(DECLARATION, encoding="utf-8")
        in_force = {"source:teashop": read_source(declaration).fingerprint}
        publish(tmp_path / "lake", 1, {}, configuration=in_force)
        yield tmp_path


def command(folder: Path, *words: str) -> Any:
    options = ["--lake", str(folder / "lake")] if words[0] != "source" else []
    if words[0] not in ("reconcile", "batches"):
        options += ["--landing", str(folder / "landing")]
    return CliRunner().invoke(app, [*words, *options], env={"COLUMNS": "300"})


@pytest.mark.parametrize(
    "words",
    ["run", "run --source teashop", "ingest", "silver --full", "reconcile --source teashop", "source check teashop"],
)
def test_a_published_declaration_is_refused_before_anything_of_it_is_evaluated(
    spark: SparkSession, folder: Path, words: str
) -> None:
    found = command(folder, *words.split())
    assert found.exit_code == 2, found.output
    assert "feeds.order_lines.columns.unit_price: the function java_method is not allowed" in found.stderr
    asked = F.expr("java_method('java.lang.System', 'getProperty', 'lakehouse.test.run')")
    assert spark.range(1).select(asked).first()[0] == "null"  # type: ignore[index]
    assert not (folder / "lake" / "bronze").exists()
