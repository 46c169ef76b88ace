"""What identifies a person is said to be shown, or is not shown, whatever a query makes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published import PublishedLake, open_published
from lakehouse.tables import gold, silver
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.types import MASK
from tests.lakes import publish, write

SECRET = "anna@example.com"
PERSON = {"customer_key": 1, "customer_durable_key": 1, "customer_id": "C1", "email": SECRET, "city": "Leeds",
          "postal_code": SECRET}  # fmt: skip
BRONZE = bronze_table("shop", "customers", ["Mail"])


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    one = PERSON | {"birth_date": date(1980, 1, 2)}
    versions = {
        "gold.dim_customer": write(tmp_path, gold.DIM_CUSTOMER, [one, PERSON | {"email": None, "city": None}]),
        "gold.fact_sales": write(tmp_path, gold.FACT_SALES, []),
        "silver.quarantine": write(tmp_path, silver.QUARANTINE, [{"raw_row": SECRET}]),
    }
    write(tmp_path, BRONZE, [{BRONZE.columns[0].name: SECRET, "_rescued": {"more": SECRET}}])
    publish(tmp_path, 1, versions)
    return tmp_path


@pytest.fixture
def masked(lake: Path) -> Iterator[PublishedLake]:
    with open_published(lake, masked=True) as opened:
        yield opened


@pytest.mark.parametrize(
    "query",
    [
        "from gold.dim_customer",
        "select upper(email), email || 'x', length(postal_code), md5(email) from gold.dim_customer",
        "select d from gold.dim_customer as d",
        "select * from gold.dim_customer as d(a, b, c, d, e)",
        "with c as (select email as x from gold.dim_customer) select min(x), list(x) from c",
        "summarize gold.dim_customer",
        "from gold.dim_customer order by all",
        "select columns('e.*') from gold.dim_customer",
        "from silver.quarantine",
        "from bronze.shop_customers",
        "select birth_date, year(birth_date) from gold.dim_customer",
    ],
)
def test_nothing_that_is_made_of_a_masked_column_says_its_value(masked: PublishedLake, query: str) -> None:
    text = repr(masked.sql(query).fetchall()).lower()
    for secret in (SECRET, "1980", hashlib.md5(SECRET.encode()).hexdigest()):
        assert secret not in text
    assert "Leeds" in repr(masked.sql("from gold.dim_customer").fetchall())


def test_texts_are_stars_other_values_and_null_are_null_and_types_stay(lake: Path, masked: PublishedLake) -> None:
    query = "select email, birth_date, city, customer_key from gold.dim_customer order by city"
    answer = masked.sql(query)
    with open_published(lake) as clear:
        assert answer.types == clear.sql(query).types
    assert answer.fetchall() == [(MASK, None, "Leeds", 1), (None, None, None, 1)]


def test_a_value_cannot_be_found_by_asking_for_it(masked: PublishedLake) -> None:
    query = "select count(*) from gold.dim_customer where email = $email"
    assert masked.sql(query, {"email": SECRET}).fetchall() == [(0,)]
    with pytest.raises(duckdb.ConversionException) as refused:
        masked.sql("select cast(email as integer) from gold.dim_customer").fetchall()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("select city from gold.dim_customer", []),
        ("select count(*) from gold.dim_customer", []),
        ("select city from gold.dim_customer order by all", []),
        ("select city, count(*) from gold.dim_customer group by all order by all", []),
        ("select city from gold.dim_customer order by email", ["email"]),
        ("select Email from gold.dim_customer", ["email"]),
        ("select lower(d.email) from gold.dim_customer d", ["email"]),
        ("select city from gold.dim_customer where phone is not null", ["phone"]),
        ("select raw_row from silver.quarantine", ["raw_row"]),
        ("select mail from bronze.shop_customers", ["Mail"]),
        ("explain select email from gold.dim_customer", []),
        ("describe gold.dim_customer", []),
        ("show tables", []),
        ("select 1", []),
        ("from gold.fact_sales", []),
        ("select email from (select 'x' as email)", []),
    ],
)
def test_personal_columns_that_a_query_names_are_said(lake: Path, query: str, columns: list[str]) -> None:
    with open_published(lake) as opened:
        assert opened.personal_in(query) == columns


@pytest.mark.parametrize(
    "query",
    ["from gold.dim_customer", "select d from gold.dim_customer d", "select dim_customer from gold.dim_customer",
     "select a from gold.dim_customer as d(a)", "select columns('e.*') from gold.dim_customer",
     "summarize gold.dim_customer", "from gold.dim_customer order by all",
     "with c as (from gold.dim_customer) select 1 from c"],
)  # fmt: skip
def test_whole_rows_may_show_all_of_them(lake: Path, query: str) -> None:
    with open_published(lake) as opened:
        assert opened.personal_in(query) == list(gold.DIM_CUSTOMER.personal_columns)
    with open_published(lake, masked=True) as opened:
        assert opened.personal_in(query) == []


def test_the_command_says_so_beside_the_answer_and_masks_where_asked(lake: Path) -> None:
    query = ["sql", "select email from gold.dim_customer", "--format", "json", "--lake", str(lake)]
    clear = CliRunner().invoke(app, query)
    assert [row["email"] for row in json.loads(clear.stdout)] == [SECRET, None]
    assert clear.stderr == "personal columns in clear: email (--masked masks them)\n"
    hidden = CliRunner().invoke(app, [*query, "--masked"])
    assert [row["email"] for row in json.loads(hidden.stdout)] == [MASK, None]
    assert hidden.stderr == ""
    many = CliRunner().invoke(app, ["sql", "from gold.dim_customer", "--lake", str(lake)])
    assert len(many.stderr.splitlines()) == 1
