"""What a query over a publication may do, and what it may not."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from lakehouse.published import Limits, NotAQuery, UnknownTable, open_published
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


@pytest.mark.parametrize(
    "name",
    [
        "'{file}'",
        '"{file}"',
        "'{folder}/*.parquet'",
        '"{stem}".parquet',
        "main.'{file}'",
        'memory.main."{file}"',
        '"{folder}"."fact_sales".parquet',
        "data.parquet",
        "'data.parquet'",
        "'data.csv'",
    ],
)
def test_no_file_is_read_by_its_name_not_even_one_of_the_lake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file of a table may hold rows that the publication does not have."""
    published_star(tmp_path, fact_sales=[{"quantity": 1}])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("secret\n1\n")
    [file] = (tmp_path / "gold" / "fact_sales").rglob("*.parquet")
    shutil.copy(file, tmp_path / "data.parquet")
    text = name.format(file=file, folder=file.parent, stem=file.with_suffix(""))
    for query in (f"SELECT * FROM {text}", f"WITH x AS (FROM {text}) FROM x", f"DESCRIBE {text}"):
        with pytest.raises((NotAQuery, UnknownTable, duckdb.ParserException)):
            open_published(tmp_path).sql(query)


def test_a_table_of_a_misspelt_layer_is_named_with_those_of_like_name(tmp_path: Path) -> None:
    published_star(tmp_path)
    with pytest.raises(UnknownTable, match=r"no table glod\.fact_sales.*Did you mean gold\.fact_sales"):
        open_published(tmp_path).sql("FROM glod.fact_sales")


def test_what_duckdb_tells_of_itself_may_be_asked(tmp_path: Path) -> None:
    published_star(tmp_path, dim_date=[{"date_key": 1}])
    lake = open_published(tmp_path)
    lake.sql("FROM gold.dim_date")
    found = lake.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'gold'").fetchall()
    assert found == [("dim_date",)]


def test_a_query_is_bounded_in_memory_and_disk(tmp_path: Path) -> None:
    published_star(tmp_path)
    lake = open_published(tmp_path, limits=Limits(memory=64 * 2**20, spill=0))
    with pytest.raises(duckdb.OutOfMemoryException):
        lake.sql("SELECT count(DISTINCT range) FROM range(50_000_000)").fetchall()
    assert lake.sql("SELECT 1").fetchall() == [(1,)]


def test_a_query_ends_when_its_time_is_over(tmp_path: Path) -> None:
    published_star(tmp_path)
    lake = open_published(tmp_path, limits=Limits(seconds=0.3))
    with pytest.raises(duckdb.InterruptException):
        lake.sql("SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b").fetchall()
    assert lake.sql("SELECT 1").fetchall() == [(1,)]


def test_what_spills_lies_in_a_folder_of_its_owner_that_goes_when_the_lake_is_closed(tmp_path: Path) -> None:
    published_star(tmp_path)
    with open_published(tmp_path) as lake:
        [(folder,)] = lake.sql("SELECT current_setting('temp_directory')").fetchall()
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        [(most,)] = lake.sql("SELECT current_setting('max_temp_directory_size')").fetchall()
        assert most == "20.0 GiB"
    assert not Path(folder).exists()


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
