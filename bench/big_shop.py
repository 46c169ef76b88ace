"""A published lake of many order lines, made from a small one without Spark: what the dashboard's pace is measured on.

    python -m bench.big_shop SMALL_LAKE BIG_LAKE --lines 10000000

Every order is copied, with its buyer; a copy keeps its lines and takes day, place, channel and payment of another
order, so that days, cells and customers grow as they do in a large shop. The star, daily_sales, order_totals,
product_days and what there is per customer grow; daily_sales is added up from the copies (what came back, on the day of
its order). All other tables are those of the small lake. Nothing else is promised: such a lake is for timing alone.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa
import typer
from deltalake import write_deltalake

from lakehouse.published import PublishedLake, open_published
from lakehouse.tables import gold, ops, silver
from lakehouse.tables.model import Table

_BATCH = 200_000
_OTHER = "CAST(hash({0}, k) % 4611686018427387904 AS BIGINT) AS {0}"
_SMALL = {
    "sales": "gold.fact_sales", "returns": "gold.fact_returns", "customers": "gold.dim_customer",
    "products": "gold.dim_product", "places": "gold.dim_geography", "totals": "gold.order_totals",
    "rfm": "gold.customer_rfm", "predictions": "gold.customer_predictions",
}  # fmt: skip
_TRAITS = """
    CREATE TABLE traits AS SELECT row_number() OVER (ORDER BY order_id) - 1 AS place, * FROM (
        SELECT DISTINCT ON (order_id) order_id, order_date, order_month, date_key, geography_key, sales_channel,
            payment_method
        FROM sales ORDER BY order_id)
"""
_DRAWN = """
    CREATE TABLE drawn AS
    WITH wanted AS (
        SELECT order_id, k, CASE WHEN k = 0 THEN place ELSE CAST(hash(order_id, k) % $orders AS BIGINT) END AS place
        FROM traits CROSS JOIN range($copies) AS copies(k)
    )
    SELECT w.order_id, k, t.* EXCLUDE (order_id, place) FROM wanted AS w JOIN traits AS t USING (place)
"""
_BIG_SALES = f"""
    SELECT s.* REPLACE (s.order_id || '-' || k AS order_id, {_OTHER.format("customer_key")},
        d.order_date AS order_date, d.order_month AS order_month, d.date_key AS date_key,
        d.geography_key AS geography_key, d.sales_channel AS sales_channel, d.payment_method AS payment_method)
    FROM sales AS s JOIN drawn AS d USING (order_id)
"""
_SUMS = """
    CAST(sum(quantity) AS BIGINT) AS units, CAST(sum(gross_revenue) AS DECIMAL(18,4)) AS gross_revenue,
    CAST(sum(discount) AS DECIMAL(18,4)) AS discount, CAST(sum(net_revenue) AS DECIMAL(18,4)) AS net_revenue,
    CAST(sum(net_revenue) FILTER (cost IS NOT NULL) AS DECIMAL(18,4)) AS costed_revenue,
    CAST(sum(cost) AS DECIMAL(18,4)) AS cost, CAST(sum(margin) AS DECIMAL(18,4)) AS margin,
    count(returned) AS return_lines, CAST(coalesce(sum(returned), 0) AS BIGINT) AS returned_units,
    0::BIGINT AS unpriced_returns, CAST(coalesce(sum(refund), 0) AS DECIMAL(18,4)) AS refund_amount,
    CAST(sum(net_revenue) - coalesce(sum(refund), 0) AS DECIMAL(18,4)) AS net_of_returns
"""
_LINES = """
    CREATE VIEW lines AS SELECT s.*, r.quantity AS returned, r.refund_amount AS refund, d.* EXCLUDE (order_id),
        coalesce(p.category, 'unknown') AS category, p.product_durable_key,
        coalesce(c.customer_segment, 'unknown') AS customer_segment
    FROM (SELECT * EXCLUDE (order_date, order_month, date_key, geography_key, sales_channel, payment_method) FROM sales
          WHERE order_status = 'completed') AS s
    JOIN drawn AS d USING (order_id)
    LEFT JOIN (SELECT order_id, line_number, sum(quantity) AS quantity, sum(refund_amount) AS refund_amount FROM returns
               GROUP BY ALL) AS r USING (order_id, line_number)
    LEFT JOIN products AS p USING (product_key) LEFT JOIN customers AS c USING (customer_key)
"""
_DAILY = f"""
    SELECT l.source_system, order_date AS full_date, currency, category,
        coalesce(country_name, 'unknown') AS country_name, coalesce(sales_channel, 'unknown') AS sales_channel,
        customer_segment, coalesce(payment_method, 'unknown') AS payment_method, order_month AS month_start,
        count(DISTINCT (order_id, k)) AS orders, count(*) FILTER (line_number = 1) AS leading_orders,
        count(*) AS lines, {_SUMS}
    FROM lines AS l LEFT JOIN places USING (geography_key) GROUP BY ALL
"""
_PRODUCT_DAYS = f"""
    SELECT source_system, product_durable_key, order_date AS full_date, currency, order_month AS month_start,
        count(DISTINCT (order_id, k)) AS orders, count(*) AS lines, {_SUMS}
    FROM lines WHERE product_durable_key IS NOT NULL GROUP BY ALL
"""
_TOTALS = f"""
    SELECT t.* REPLACE (t.order_id || '-' || k AS order_id, d.order_date AS order_date, d.order_month AS order_month,
        {_OTHER.format("customer_durable_key")}, customer_id || '-' || k AS customer_id)
    FROM totals AS t JOIN drawn AS d USING (order_id)
"""
_PEOPLE = f"""
    SELECT * REPLACE ({_OTHER.format("customer_key")}, {_OTHER.format("customer_durable_key")},
        customer_id || '-' || k AS customer_id, k || email AS email)
    FROM (FROM customers SEMI JOIN sales USING (customer_key)) CROSS JOIN range($copies) AS copies(k)
"""
_PER_CUSTOMER = f"""
    SELECT * REPLACE ({_OTHER.format("customer_durable_key")}, customer_id || '-' || k AS customer_id)
    FROM {{table}} CROSS JOIN range($copies) AS copies(k)
"""
_BIG = {
    "gold.fact_sales": _BIG_SALES,
    "gold.daily_sales": _DAILY,
    "gold.product_days": _PRODUCT_DAYS,
    "gold.order_totals": _TOTALS,
    "gold.dim_customer": _PEOPLE,
    "gold.customer_rfm": _PER_CUSTOMER.format(table="rfm"),
    "gold.customer_predictions": _PER_CUSTOMER.format(table="predictions"),
}


def main(small: Path, big: Path, lines: Annotated[int, typer.Option(min=1)] = 10_000_000, threads: int = 2) -> None:
    """Writes the lake BIG, which must not be there yet, of at least so many order lines."""
    if big.exists() or big.with_suffix(".duckdb").exists():
        raise SystemExit(f"{big} or {big.with_suffix('.duckdb')} is there already")
    began = time.monotonic()
    with open_published(small) as lake, duckdb.connect(str(big.with_suffix(".duckdb"))) as connection:
        connection.execute(f"SET threads = {threads}; SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        for name, table in _SMALL.items():
            read = lake.sql(f"FROM {table}").to_arrow_table()
            connection.register("read", read)
            connection.execute(f"CREATE TABLE {name} AS FROM read")
        [(held,)] = connection.execute("SELECT count(*) FROM sales").fetchall()
        copies = -(-lines // held)
        connection.execute(_TRAITS)
        [(orders,)] = connection.execute("SELECT count(*) FROM traits").fetchall()
        connection.execute(_DRAWN, {"copies": copies, "orders": orders})
        connection.execute(_LINES)
        rows = {name: _write(connection, big, name, text, copies) for name, text in _BIG.items()}
        _copy_the_rest(lake, big)
        _publish(lake, big)
    big.with_suffix(".duckdb").unlink()
    print(json.dumps({"copies": copies, "seconds": round(time.monotonic() - began), "rows": rows}, indent=1))


def _write(connection: duckdb.DuckDBPyConnection, big: Path, name: str, text: str, copies: int) -> int:
    """Writes one table in batches; how many rows it got."""
    rows = 0

    def counted(batches: pa.RecordBatchReader) -> pa.RecordBatchReader:
        def each() -> object:
            nonlocal rows
            for batch in batches:
                rows += batch.num_rows
                yield batch

        return pa.RecordBatchReader.from_batches(batches.schema, each())

    table = next(one for one in gold.TABLES if one.name == name)
    asked = connection.sql(text, params={"copies": copies} if "$copies" in text else None)
    _store(big, table, counted(asked.to_arrow_reader(_BATCH)))
    print(f"{name}: {rows:,} rows", flush=True)
    return rows


def _store(big: Path, table: Table, data: pa.Table | pa.RecordBatchReader) -> None:
    path = big / table.layer / table.short_name
    write_deltalake(path, data, partition_by=list(table.partitioned_by) or None)  # type: ignore[call-overload]


def _copy_the_rest(lake: PublishedLake, big: Path) -> None:
    """Tables that do not grow, as they are."""
    held = lake.publication.table_versions if lake.publication else {}
    for table in (*silver.TABLES, *gold.TABLES, *ops.TABLES):
        if table.name in _BIG or table is ops.PUBLICATIONS or (table.layer != "ops" and table.name not in held):
            continue
        _store(big, table, lake.sql(f"FROM {table.name}").to_arrow_table())


def _publish(lake: PublishedLake, big: Path) -> None:
    """The small lake's newest publication, of the big lake's tables."""
    text = (
        "SELECT * REPLACE (map_from_entries(list_transform(map_entries(table_versions),"
        " lambda one: {'key': one.key, 'value': 0::BIGINT})) AS table_versions)"
        " FROM ops.publications ORDER BY publication DESC LIMIT 1"
    )
    _store(big, ops.PUBLICATIONS, lake.sql(text).to_arrow_table())


if __name__ == "__main__":
    typer.run(main)
