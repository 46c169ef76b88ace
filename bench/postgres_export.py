"""What it takes to bring a million order lines into PostgreSQL: the export, and beside it COPY from CSV.

    PGPASSWORD=… python -m bench.postgres_export postgresql://user@127.0.0.1/database --rows 1000000

Makes a published lake (a star of that many lines) in a temporary folder, and uses schemas bench_… of the database. COPY
is what one would write by hand: Arrow's CSV, sent by psycopg into a table of the same types.
"""

from __future__ import annotations

import io
import resource
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import typer
from deltalake import write_deltalake
from rich.console import Console
from rich.table import Table as Grid

from lakehouse.delta.duck import declared_type
from lakehouse.delta.log import table_path
from lakehouse.export import Subject, subject
from lakehouse.export.postgres import export_postgres
from lakehouse.export.postgres.ddl import create_table
from lakehouse.export.postgres.load import load, loading
from lakehouse.published import open_published
from lakehouse.tables import gold
from lakehouse.tables.model import Table
from lakehouse.tables.ops import PUBLICATIONS

CUSTOMERS, PRODUCTS, PLACES, CAMPAIGNS, DAYS = 50_000, 2_000, 200, 12, 730
_PLAIN = {
    "STRING": "'plain'",
    "BOOLEAN": "true",
    "DATE": "DATE '2024-01-01'",
    "TIMESTAMP": "TIMESTAMPTZ '2024-01-01 00:00:00+00'",
}
_SALES = {
    "order_id": "'O' || lpad((i // 2)::VARCHAR, 10, '0')",
    "line_number": "i % 2 + 1",
    "customer_key": f"i * 7919 % {CUSTOMERS}",
    "product_key": f"i * 104729 % {PRODUCTS}",
    "date_key": f"i % {DAYS}",
    "geography_key": f"i % {PLACES}",
    "campaign_key": f"i % {CAMPAIGNS}",
    "ordered_at": "TIMESTAMPTZ '2023-01-01 00:00:00+00' + to_seconds(i)",
    "order_status": "'completed'",
    "payment_method": "CASE WHEN i % 10 > 0 THEN 'card, \"by\" phone' END",
    "unit_price": "i % 100000 / 100",
    "quantity": "i % 5 + 1",
}
_KEYS = (
    (gold.DIM_CUSTOMER, "customer_key", CUSTOMERS),
    (gold.DIM_PRODUCT, "product_key", PRODUCTS),
    (gold.DIM_DATE, "date_key", DAYS),
    (gold.DIM_GEOGRAPHY, "geography_key", PLACES),
    (gold.DIM_CAMPAIGN, "campaign_key", CAMPAIGNS),
)


def filled(table: Table, rows: int, own: Mapping[str, str]) -> pa.RecordBatchReader:
    """So many rows of the table: `own` says some columns by the number `i` of the row, the others are plain or NULL."""
    values = []
    for column in table.columns:
        plain = "NULL" if column.nullable else _PLAIN.get(column.type, "0")
        if column.type.startswith("MAP<"):
            plain = "MAP {'GB': 'Boxing Day'}"
        values.append(f"CAST({own.get(column.name, plain)} AS {declared_type(column.type)}) AS {column.name}")
    return duckdb.sql(f"SELECT {', '.join(values)} FROM range({rows}) AS t(i)").to_arrow_reader(100_000)


def make_lake(root: Path, rows: int) -> None:
    """A lake with one publication: the star, with so many order lines."""
    stars = [(table, count, {key: "i"}) for table, key, count in _KEYS] + [(gold.FACT_SALES, rows, _SALES)]
    for table, count, own in stars:
        write_deltalake(table_path(root, table), filled(table, count, own))
    row = {
        "publication": 1, "parent": None, "kind": "run", "published_at": datetime.now(UTC),
        "as_of": date(2025, 1, 1), "table_versions": [(table.name, 0) for table, *_ in stars], "batches": [1],
        "code_version": "bench", "configuration": [], "run_id": "bench",
    }  # fmt: skip
    types = {
        "table_versions": pa.map_(pa.string(), pa.int64()),
        "configuration": pa.map_(pa.string(), pa.string()),
        "parent": pa.int64(),
    }
    columns = {name: pa.array([value], types.get(name)) for name, value in row.items()}
    write_deltalake(table_path(root, PUBLICATIONS), pa.table(columns))


def by_copy(address: str, sales: Subject) -> int:
    """Sends the same rows as CSV into an empty table of bench_copy; returns how many."""
    count, options = 0, pacsv.WriteOptions(include_header=False)
    statement = "COPY bench_copy.fact_sales FROM STDIN (FORMAT csv)"
    with psycopg.connect(address) as connection, connection.cursor().copy(statement) as copy:
        for batch in sales.lake.sql(sales.select()).to_arrow_reader(65_536):
            text = io.BytesIO()
            pacsv.write_csv(batch, text, options)
            copy.write(text.getbuffer())
            count += batch.num_rows
    return count


def empty(address: str, sales: Subject, schema: str) -> None:
    """Makes the schema anew with an empty table of sales."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(create_table(schema, sales))


def sums(address: str, schema: str) -> list[tuple[object, ...]]:
    query = "count(*), sum(unit_price), count(payment_method), sum(hashtext(t::text)::numeric)"
    with psycopg.connect(address) as connection:
        return connection.execute(f"SELECT {query} FROM {schema}.fact_sales AS t").fetchall()


def main(address: str, rows: int = 1_000_000, repeats: int = 3) -> None:
    """Prints the best of some repeats of each way, the ratio, and what the whole export takes."""
    grid = Grid("", "seconds", "rows a second", title=f"{rows:,} order lines of {len(gold.FACT_SALES.columns)} columns")
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        make_lake(Path(folder), rows)
        with open_published(Path(folder)) as lake:
            sales = subject(lake, gold.FACT_SALES.name)
            for _ in range(repeats):
                empty(address, sales, "bench_copy")
                begun = time.perf_counter()
                by_copy(address, sales)
                best["COPY from CSV"] = min(best.get("COPY from CSV", 1e9), time.perf_counter() - begun)
                empty(address, sales, "bench_export_load")
                begun = time.perf_counter()
                with loading(address) as loader:
                    load(loader, "bench_export_load", sales)
                best["load of the export"] = min(best.get("load of the export", 1e9), time.perf_counter() - begun)
            assert sums(address, "bench_copy") == sums(address, "bench_export_load"), "both ways bring the same rows"
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("DROP SCHEMA IF EXISTS bench_export CASCADE")
            done = export_postgres(lake, address, "bench_export")
            best["whole export, with keys, references, indexes"] = done.seconds
    for name, seconds in best.items():
        grid.add_row(name, f"{seconds:.2f}", f"{rows / seconds:,.0f}")
    console = Console(width=120)
    console.print(grid)
    ratio = best["COPY from CSV"] / best["load of the export"]
    console.print(f"the load of the export is {ratio:.1f} times as fast as COPY; peak memory of this process", end=" ")
    console.print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    typer.run(main)
