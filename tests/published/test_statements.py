"""What a query over a publication may do, and what it may not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from lakehouse.published import NotAQuery, UnknownTable, open_published
from lakehouse.tables.bronze import bronze_table
from tests.lakes import published_star, write


def test_a_query_may_join_tables_and_use_with_and_using(tmp_path: Path) -> None:
    published_star(
        tmp_path,
        dim_date=[{"date_key": 1, "year": 2024}],
        fact_sales=[{"date_key": 1, "quantity": 3}, {"date_key": 1, "quantity": 4}],
    )
    query = """
        WITH dim_date AS (SELECT date_key, year FROM gold.dim_date)
        SELECT year, sum(quantity) FROM GOLD.Fact_Sales JOIN dim_date USING (date_key) GROUP BY year
    """
    assert open_published(tmp_path).sql(query).fetchall() == [(2024, 7)]


def test_only_the_tables_that_a_query_names_are_opened(tmp_path: Path) -> None:
    published_star(tmp_path, dim_date=[{"date_key": 1}])
    (tmp_path / "gold" / "fact_sales" / "_delta_log" / f"{0:020d}.json").write_text("broken")
    lake = open_published(tmp_path)
    assert lake.sql("SELECT count(*) FROM gold.dim_date").fetchall() == [(1,)]
    with pytest.raises(Exception, match=r"(?i)json|log|delta"):
        lake.sql("FROM gold.fact_sales")


@pytest.mark.parametrize("name", ["gold.fact_sale", "fact_sales", "gold.factsales"])
def test_an_unknown_table_is_named_with_those_of_like_name(tmp_path: Path, name: str) -> None:
    published_star(tmp_path)
    with pytest.raises(UnknownTable, match=rf"no table {name}.*Did you mean .*gold\.fact_sales"):
        open_published(tmp_path).sql(f"SELECT * FROM {name}")


def test_show_tables_lists_every_layer_and_the_views(tmp_path: Path) -> None:
    published_star(tmp_path)
    write(tmp_path, bronze_table("shop", "orders", ["id"]), [])
    names = [name for (name,) in open_published(tmp_path).sql("SHOW TABLES").fetchall()]
    assert {"bronze.shop_orders", "gold.fact_sales", "gold.vw_sales_overview", "ops.publications"} <= set(names)
    assert names[0] == "bronze.shop_orders"


@pytest.mark.parametrize(
    "text",
    [
        "DROP VIEW gold.dim_date",
        "CREATE TABLE t (a INT)",
        "INSERT INTO gold.dim_date VALUES (1)",
        "COPY (SELECT 1) TO '{lake}/out.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/out.csv'",
        "WITH x AS (COPY (SELECT 1) TO '{lake}/out.csv') SELECT 1",
        "EXPLAIN ANALYZE WITH x AS (COPY (SELECT 1) TO '{lake}/out.csv') SELECT 1",
        "FROM query('WITH x AS (COPY (SELECT 1) TO ''{lake}/out.csv'') SELECT 1')",
        "FROM json_execute_serialized_sql('x')",
        "SELECT * FROM read_csv('{outside}')",
        "SELECT * FROM glob('/etc/*')",
        "SET lock_configuration = false",
        "ATTACH '{lake}/x.db'",
        "INSTALL httpfs",
        "PRAGMA version",
        "SELECT 1; DROP VIEW gold.dim_date",
        "",
    ],
)
def test_what_does_not_only_read_tables_is_refused(tmp_path: Path, text: str) -> None:
    lake = tmp_path / "lake"
    published_star(lake)
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    with pytest.raises(NotAQuery):
        open_published(lake).sql(text.format(lake=lake, outside=outside))
    assert not (lake / "out.csv").exists()


@pytest.mark.parametrize(
    "text",
    [
        "FROM gold.dim_date",
        "SELECT 1 UNION ALL SELECT 2",
        "WITH RECURSIVE r AS (SELECT 1 a UNION ALL SELECT a + 1 FROM r WHERE a < 3) FROM r",
        "DESCRIBE gold.dim_date",
        "SUMMARIZE gold.dim_date",
        "EXPLAIN SELECT * FROM gold.dim_date",
        "EXPLAIN ANALYZE SELECT * FROM gold.dim_date",
        "PIVOT gold.dim_date ON year IN (2024) USING count(*)",
        "-- a comment\nSELECT 1;",
        "SELECT * FROM range(3)",
    ],
)
def test_what_only_reads_is_answered(tmp_path: Path, text: str) -> None:
    published_star(tmp_path, dim_date=[{"date_key": 1, "year": 2024}])
    assert open_published(tmp_path).sql(text).fetchall()


def test_a_file_outside_the_lake_cannot_be_read_by_its_name(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    published_star(lake)
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    with pytest.raises((UnknownTable, duckdb.Error)):
        open_published(lake).sql(f"SELECT * FROM '{outside}'")


def test_variables_of_the_caller_are_no_tables(tmp_path: Path) -> None:
    published_star(tmp_path)
    secret = pa.table({"a": [1]})
    with pytest.raises(UnknownTable):
        open_published(tmp_path).sql("SELECT * FROM secret")
    assert secret.num_rows == 1


def test_one_lake_answers_a_second_query_while_the_first_is_half_read(tmp_path: Path) -> None:
    published_star(tmp_path, dim_date=[{"date_key": 1}, {"date_key": 2}])
    lake = open_published(tmp_path)
    first = iter(lake.sql("FROM gold.dim_date").iter_rows())
    assert next(first)
    assert lake.sql("SELECT count(*) FROM gold.dim_date").fetchall() == [(2,)]
