"""The walk in docs/adding-a-source.md does what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.drafting.sniff import sniff
from lakehouse.sources.load import read_source
from lakehouse.sources.mapping.check import check_source

WALK = Path(__file__).parents[2] / "docs" / "adding-a-source.md"


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """The files that the walk writes."""
    files = re.findall(r"cat > landing/(\S+) <<'END'\n(.*?)END\n", WALK.read_text(encoding="utf-8"), re.DOTALL)
    for name, text in files:
        path = tmp_path / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "landing"


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """The declaration that the walk ends with."""
    (text,) = re.findall(r"```toml\n(.*?)```", WALK.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "teashop.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_draft_of_the_walk_needs_no_more_than_the_choices(landing: Path, declared: Path, tmp_path: Path) -> None:
    drafted = tmp_path / "drafted" / "teashop.toml"
    drafted.parent.mkdir()
    drafted.write_text(draft_source("teashop", landing), encoding="utf-8")
    draft, final = read_source(drafted), read_source(declared)
    assert draft.files == final.files
    assert set(final.feeds) - set(draft.feeds) == {"returns"}


def test_the_source_of_the_walk_gives_sales_and_returns(
    spark: SparkSession, canonical: Callable[..., list[dict[str, Any]]], landing: Path, declared: Path
) -> None:
    source = read_source(declared)
    check_source(spark, source)
    sample = sniff(landing / "teashop" / "sales_2024-03.csv")
    assert sample is not None
    sales = [dict(zip(sample.columns, row, strict=True)) for row in sample.rows]
    lines = canonical(source, "order_lines", sales=sales)
    (back,) = canonical(source, "returns", sales=sales)
    assert [row["order_status"] for row in lines] == ["completed", "completed", "cancelled", "completed"]
    assert {row["unit_price"] for row in lines} == {Decimal("12.5000"), Decimal("8.0000")}
    assert (back["return_id"], back["quantity"], back["refund_amount"]) == ("1003-2", 1, Decimal("12.5000"))
    assert [row["_reasons"] for row in [*lines, back]] == [[]] * 5
