"""The schema in PostgreSQL holds what is published: the same rows, with keys, references, indexes and views."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from lakehouse.export import ExportFailed
from lakehouse.export.postgres.ddl import INDEXES, postgres_type
from lakehouse.published import open_published
from lakehouse.tables import gold
from lakehouse.tables.views import VIEWS
from tests.export.postgres.asking import ask, do, export
from tests.export.shop import CUSTOMER, DAY, ROWS, SALE, comparable
from tests.lakes import publish, published_star, write

NAMES = [*(table.name for table in gold.TABLES), *(view.name for view in VIEWS)]


def test_every_table_and_view_has_the_rows_of_the_lake(shop: Path, address: str) -> None:
    done = export(shop, address, with_personal=True)
    assert done.rows == {table.name: done.rows[table.name] for table in gold.TABLES}
    with open_published(shop) as lake:
        for name in NAMES:
            answer = lake.sql(f"SELECT * FROM {name}")
            columns = ", ".join(answer.columns)
            expected = comparable(answer.fetchall())
            assert comparable(ask(address, f"SELECT {columns} FROM {name}")) == expected, name
            assert done.rows.get(name, len(expected)) == len(expected)
        assert sum(done.rows.values()) > 10


def test_a_view_has_rows_to_be_compared(shop: Path) -> None:
    with open_published(shop) as lake:
        assert [view.name for view in VIEWS if not lake.sql(f"SELECT * FROM {view.name}").fetchall()] == []


def test_types_are_those_of_the_declarations(exported: str) -> None:
    query = """
        SELECT format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum
    """
    for table in gold.TABLES:
        expected = [
            (postgres_type(one.type).replace("timestamptz", "timestamp with time zone"), not one.nullable)
            for one in table.columns
        ]
        assert ask(exported, query, table.name) == expected, table.name
    assert (postgres_type("DECIMAL(18,4)"), postgres_type("ARRAY<DOUBLE>")) == ("numeric(18,4)", "double precision[]")


def test_keys_and_references_are_those_of_the_declarations(exported: str) -> None:
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass ORDER BY 1"
    for table in gold.TABLES:
        expected = [f"PRIMARY KEY ({', '.join(table.key)})"]
        for one in table.references:
            own, there = ", ".join(one.columns), ", ".join(one.to_columns)
            expected.append(f"FOREIGN KEY ({own}) REFERENCES {one.to}({there})")
        assert [text for (text,) in ask(exported, query, table.name)] == sorted(expected)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("INSERT INTO gold.fact_sales SELECT * FROM gold.fact_sales", psycopg.errors.UniqueViolation),
        ("UPDATE gold.fact_sales SET product_key = 7", psycopg.errors.ForeignKeyViolation),
        ("UPDATE gold.fact_returns SET order_id = 'no such order'", psycopg.errors.ForeignKeyViolation),
        ("DELETE FROM gold.dim_date", psycopg.errors.ForeignKeyViolation),
        ("UPDATE gold.fact_sales SET quantity = NULL", psycopg.errors.NotNullViolation),
    ],
)
def test_the_server_holds_keys_and_references(exported: str, statement: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        do(exported, statement)


def test_every_reference_and_what_reports_filter_by_has_an_index(exported: str) -> None:
    found = {
        (name, text.split("(")[1].rstrip(")"))
        for name, text in ask(exported, "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'gold'")
    }
    wanted = {(table.short_name, ", ".join(one.columns)) for table in gold.TABLES for one in table.references}
    wanted |= {(table.short_name, column) for table, column in INDEXES}
    assert len(wanted) > 10
    assert wanted <= found


def test_tables_and_columns_say_what_they_mean(exported: str) -> None:
    assert ask(exported, "SELECT obj_description('gold.fact_sales'::regclass)") == [(gold.FACT_SALES.grain,)]
    assert ask(exported, "SELECT obj_description('gold.vw_sales_overview'::regclass)") == [(VIEWS[0].grain,)]
    query = """
        SELECT col_description(attrelid, attnum) FROM pg_attribute
        WHERE attrelid = 'gold.fact_sales'::regclass AND attname = 'unit_price'
    """
    assert ask(exported, query) == [
        (
            "Price of one unit as stated; where only an amount of the line is, gross_revenue / quantity, rounded"
            " [currency]",
        )
    ]


def test_personal_columns_are_masked_where_nothing_else_is_asked_for(shop: Path, address: str) -> None:
    query = "SELECT email, last_name, birth_date, customer_id FROM gold.dim_customer"
    export(shop, address)
    assert ask(address, query) == [("***", None, None, "C1")]
    assert export(shop, address, with_personal=True).rows
    assert ask(address, query) == [("ann@example.com", None, date(1970, 2, 28), "C1")]


def test_publication_says_what_the_schema_holds(shop: Path, address: str) -> None:
    export(shop, address, schema="other_name")
    query = "SELECT publication, as_of, code_version, with_personal FROM other_name.publication"
    assert ask(address, query) == [(1, date(2024, 1, 1), "x", False)]
    assert ask(address, "SELECT net_of_returns FROM other_name.vw_sales_overview ORDER BY 1 DESC LIMIT 1")


def test_a_text_with_a_character_that_postgresql_has_not_comes_in(tmp_path: Path, address: str) -> None:
    published_star(tmp_path, dim_product=[{"product_name": "a\0b"}])
    export(tmp_path, address)
    assert ask(address, "SELECT product_name FROM gold.dim_product") == [("a�b",)]


def test_an_older_publication_comes_with_the_tables_that_it_has(tmp_path: Path, address: str) -> None:
    sale = SALE | {"net_revenue": Decimal(1)}
    versions = {
        table.name: write(tmp_path, table, rows)
        for table, rows in ((gold.FACT_SALES, [sale]), (gold.DIM_CUSTOMER, [CUSTOMER]))
    }
    publish(tmp_path, 1, versions)
    assert export(tmp_path, address).rows == {"gold.dim_customer": 1, "gold.fact_sales": 1}
    assert ask(address, "SELECT count(*) FROM pg_constraint WHERE conrelid = 'gold.fact_sales'::regclass") == [(2,)]
    assert ask(address, "SELECT to_regclass('gold.vw_sales_overview')") == [(None,)]


def test_a_publication_whose_references_do_not_hold_leaves_what_was_there(
    shop: Path, tmp_path: Path, address: str
) -> None:
    export(shop, address)
    rows = ROWS | {"dim_date": [DAY | {"date_key": 20240502}]}
    publish(tmp_path, 2, {one.name: write(tmp_path, one, rows.get(one.short_name, ())) for one in gold.TABLES})
    with pytest.raises(ExportFailed, match="violates foreign key constraint") as raised:
        export(tmp_path, address)
    assert "20240501" not in str(raised.value), "no row is quoted"
    assert ask(address, "SELECT publication FROM gold.publication") == [(1,)]
    assert ask(address, "SELECT count(*) FROM gold.fact_sales") == [(2,)]
