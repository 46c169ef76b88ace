"""What was never published cannot add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from jobs.cli import app

pytestmark = pytest.mark.spark
ORDERS = (
    "order_id,line_number,product_id,ordered_at,order_status,quantity,unit_price,updated_at\n"
    "1,1,P,2024-01-03 12:00:00,completed,1,2.50,2024-01-03 12:00:00\n"
)


def test_a_lake_with_nothing_published_is_no_success(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "landing" / "shop").mkdir(parents=True)
    (tmp_path / "landing" / "shop" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    lake = ["--lake", str(tmp_path / "lake")]
    loaded = CliRunner().invoke(app, ["ingest", "--landing", str(tmp_path / "landing"), *lake])
    assert loaded.exit_code == 0, loaded.output
    found = CliRunner().invoke(app, ["reconcile", *lake], env={"COLUMNS": "300"})
    assert found.exit_code == 2, found.output
    assert "has no publication yet" in found.stderr
    assert "adds up" not in found.output
