"""One thing broken at a time: the command refuses, says what, and readers keep the publication before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.lake import Lake
from lakehouse.lake.query import TableQueries
from lakehouse.pipeline.publication import record_stage
from lakehouse.published import newest
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED
from lakehouse.tables.silver import ORDER_LINES
from tests.session_options import put_back

pytestmark = pytest.mark.journey
AS_OF = date(2024, 4, 1)
DAYS, GONE = 80, 75
HEADER = "order_id,line_number,product_id,ordered_at,order_status,quantity,unit_price,updated_at"
Break = Callable[[Lake], list[Table]]


@pytest.fixture(scope="module")
def published(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A lake with an order a day but for one day, and what was said when it was published. Nothing changes it."""
    folder = tmp_path_factory.mktemp("refusal")
    days = [AS_OF - timedelta(days=DAYS - number) for number in range(DAYS) if number != GONE]
    lines = [f"{day},1,P,{day} 12:00:00,completed,1,2.50,{day} 12:00:00" for day in days]
    (folder / "landing" / "shop").mkdir(parents=True)
    (folder / "landing" / "shop" / "orders.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    with put_back(spark):
        found = _command(folder, "run", "--landing", str(folder / "landing"), "--source", "shop", "--as-of", str(AS_OF))
    assert found.exit_code == 0, found.output
    return folder, found.output


@pytest.fixture
def folder(published: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that lake for one test to break."""
    shutil.copytree(published[0] / "lake", tmp_path / "lake")
    return tmp_path


def _command(folder: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--lake", str(folder / "lake")], env={"COLUMNS": "300"})


def _change(lake: Lake, table: Table, what: str) -> Table:
    lake.spark.sql(what.replace("THE TABLE", f"delta.`{lake.path(table)}`"))
    return table


def a_negative_price(lake: Lake) -> list[Table]:
    dropped = "ALTER TABLE THE TABLE DROP CONSTRAINT IF EXISTS price_not_negative"
    wrong = "UPDATE THE TABLE SET unit_price = -2.5, gross_revenue = -2.5, net_revenue = -2.5 WHERE order_date = {day}"
    day = f"DATE'{AS_OF - timedelta(days=1)}'"
    for table in (ORDER_LINES, FACT_SALES):
        _change(lake, table, dropped)
        _change(lake, table, wrong.format(day=day))
    return [ORDER_LINES, FACT_SALES]


def a_key_twice(lake: Lake) -> list[Table]:
    again = "INSERT INTO THE TABLE SELECT * FROM THE TABLE WHERE product_id = 'P'"
    return [_change(lake, DIM_PRODUCT, again)]


def an_orphan(lake: Lake) -> list[Table]:
    day = f"DATE'{AS_OF - timedelta(days=1)}'"
    return [_change(lake, FACT_SALES, f"UPDATE THE TABLE SET product_key = 7 WHERE order_date = {day}")]


def a_cent_too_much(lake: Lake) -> list[Table]:
    cent = ", ".join(f"{name} = {name} + 0.01" for name in ("unit_price", "gross_revenue", "net_revenue"))
    day = f"DATE'{AS_OF - timedelta(days=1)}'"
    return [_change(lake, FACT_SALES, f"UPDATE THE TABLE SET {cent} WHERE order_date = {day}")]


@pytest.mark.parametrize(
    ("broken", "rule", "says"),
    [
        (a_negative_price, "silver.order_lines.price_not_negative", "unit_price >= 0: 1 row, for example shop, "),
        (a_key_twice, "gold.dim_product.unique_key", "unique key (product_key): 1 keys twice"),
        (an_orphan, "gold.fact_sales.reference_product_key", "1 refer to nothing, for example 7"),
        (a_cent_too_much, "gold.fact_sales.same_sums", "net_revenue of shop/GBP: 197.5100 is not 197.5000"),
    ],
)
def test_what_is_wrong_is_refused_and_the_former_publication_answers(
    spark: SparkSession, folder: Path, broken: Break, rule: str, says: str
) -> None:
    staged = Lake(spark, folder / "lake", run_id=f"faulty-{rule}", as_of=AS_OF)
    spoilt = broken(staged)
    _as_if_gold_had_written_it(staged)
    found = _command(folder, "publish", "--as-of", str(AS_OF))
    assert found.exit_code == 3, found.output
    assert "nothing was published" in found.output
    assert f"({rule})" in found.output
    assert says in found.output
    answer = _command(folder, "sql", "SELECT sum(net_revenue) FROM gold.fact_sales", "--format", "csv")
    assert answer.output.split()[-1] == "197.5000"
    assert newest(folder / "lake").publication == 1
    _the_next_run_starts_from_what_is_published(Lake(spark, folder / "lake", run_id="next", as_of=AS_OF), spoilt)


def _the_next_run_starts_from_what_is_published(lake: Lake, spoilt: list[Table]) -> None:
    assert {table.name: _heads_differ(lake, table) for table in spoilt} == {table.name: True for table in spoilt}
    assert sorted(lake.start_from_published(PUBLISHED)) == sorted(table.name for table in spoilt)
    assert {table.name: _heads_differ(lake, table) for table in spoilt} == {table.name: False for table in spoilt}


def _heads_differ(lake: Lake, table: Table) -> bool:
    query = f"SELECT CAST(t AS VARCHAR) FROM (SELECT {', '.join(table.column_names)} FROM {table.name}) AS t"
    head, published = (sorted(TableQueries(lake, published=which).rows(query)) for which in (False, True))
    return head != published


def _as_if_gold_had_written_it(lake: Lake) -> None:
    """A stage that wrote what is wrong, and ended well: nobody but the gate can know."""
    state = {
        "parent": 1,
        "as_of": AS_OF.isoformat(),
        "versions": {table.name: lake.version(table) for table in PUBLISHED if lake.exists(table)},
        "batches": {"shop": []},
    }
    now = datetime.now(UTC)
    record_stage(lake, "gold", "done", started_at=now, ended_at=now, rows={}, details=json.dumps(state))


def test_a_missing_day_warns_and_the_run_publishes(published: tuple[Path, str]) -> None:
    folder, said = published
    assert "warned: silver.order_lines" in said
    assert str(AS_OF - timedelta(days=DAYS - GONE)) in said
    assert newest(folder / "lake").publication == 1
