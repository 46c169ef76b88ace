"""The star and the marts made by DuckDB from the files of silver.

    python -m bench.gold_duckdb FOLDER AS_OF CURRENCY

FOLDER holds `files.json`, the Parquet files of each silver table; every table made is written there as Parquet and read
from there by those after it, as in a lake. Prints one JSON object: table -> seconds, rows and net revenue.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from bench.gold_queries import QUERIES

THREADS = 2


def main(folder: Path, as_of: str, reporting: str) -> None:
    files: dict[str, list[str]] = json.loads((folder / "files.json").read_text())
    found = {}
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA silver")
        for name, paths in files.items():
            connection.execute(f"CREATE VIEW silver.{name} AS FROM read_parquet({paths}, hive_partitioning = true)")
        for name, query in QUERIES.items():
            began = time.monotonic()
            text = query.format(as_of=as_of, reporting=reporting)
            path = folder / f"duckdb_{name}.parquet"
            connection.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet)")
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
            seconds = time.monotonic() - began
            found[name] = (seconds, *figures(connection, name))
    print(json.dumps(found))


def figures(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, float]:
    names = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()]
    revenue = "sum(net_revenue)::DOUBLE" if "net_revenue" in names else "0"
    [(rows, total)] = connection.execute(f"SELECT count(*), {revenue} FROM {name}").fetchall()
    return rows, total


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
