"""Checksums of the synthetic shop, made with several numbers of partitions and made in one piece or in twelve.

    python -m bench.same_rows                        makes the seed shop five times; exit 1 where two differ
    python -m bench.same_rows --of DIR --of DIR      of shops that are there already (landing folders)

Text files count byte by byte, with their names. Parquet counts row by row: of files of the shop in the order of their
rows, of the truth in any order. Which piece a defect was noted with is no part of it.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from lakehouse.settings import load_settings
from lakehouse.world import world as worlds
from lakehouse.world.generate import Request, generate, truth_folder
from lakehouse.world.job import session
from lakehouse.world.profile import Profile, load_profile

PARTITIONS = (2, 8, 31)
PIECES = 12
_SUM = "count(*), coalesce(sum(hash(t)::HUGEINT), 0) % (1::HUGEINT << 64)"


def checksums(landing: Path) -> dict[str, str]:
    """Checksum of each kind of file and each table of truth beside the landing folder."""
    files, truth = landing / "shop", truth_folder(landing)
    found = {f"files/{folder.name}": _of_files(folder) for folder in sorted(files.iterdir())}
    with duckdb.connect() as connection:
        for table in sorted(path for path in truth.glob("[!_]*") if path.is_dir()):
            found[f"truth/{table.name}"] = _of_rows(connection, f"{table}/**/*.parquet", "")
    return found


def _of_files(folder: Path) -> str:
    digest, number = hashlib.sha256(), 0
    with duckdb.connect() as connection:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            is_parquet = path.suffix == ".parquet"
            rows = _of_rows(connection, str(path), ", file_row_number = true").encode() if is_parquet else b""
            digest.update(str(path.relative_to(folder)).encode() + (rows or path.read_bytes()))
            number += 1
    return f"{digest.hexdigest()[:16]} ({number:,} files)"


def _of_rows(connection: duckdb.DuckDBPyConnection, pattern: str, options: str) -> str:
    read = f"read_parquet('{pattern}', hive_partitioning = false{options})"
    number, total = connection.sql(f"SELECT {_SUM} FROM {read} t").fetchall()[0]
    return f"{int(total):016x} ({number:,} rows)"


def pieces_of(profile: Profile, number: int) -> list[tuple[date, date]]:
    """The span cut into pieces of about the same length."""
    cuts = [profile.start + timedelta(days=profile.days * place // number) for place in range(number + 1)]
    return list(pairwise(cuts))


def made(landing: Path, profile: Profile, partitions: int, pieces: int) -> dict[str, str]:
    """Checksums of a shop that is made for it. `partitions` of the customers, and after each exchange of rows."""
    worlds._CUSTOMERS_PER_TASK = max(1, profile.customers // partitions)
    settings = load_settings(landing=landing, spark={"master": "local[2]"})
    spark = session(settings, profile.customers, {"spark.sql.shuffle.partitions": str(partitions)})
    for begin, end in pieces_of(profile, pieces):
        generate(spark, Request(profile, profile.seed, 1.0, begin, end, False), landing, lambda _: None)
    spark.stop()
    return checksums(landing)


def show(found: Mapping[str, Mapping[str, str]]) -> bool:
    """Prints one line for each kind of file and table; True where all are the same."""
    grid = Table("", "first", "same in all")
    names = sorted({name for one in found.values() for name in one})
    first = next(iter(found.values()))
    others: list[str] = []
    for name in names:
        different = [what for what, one in found.items() if one.get(name) != first.get(name)]
        grid.add_row(name, first.get(name, "is not there"), f"not {', '.join(different)}" if different else "yes")
        others += different
    console = Console(width=140)
    console.print(grid)
    console.print(f"{len(names)} checksums, {len(found)} shops: {', '.join(found)}")
    return not others


def main(profile: str = "seed", of: Annotated[list[Path] | None, typer.Option()] = None) -> None:
    """Prints the checksums, and whether they are the same."""
    if of:
        found = {str(one): checksums(one) for one in of}
    else:
        found = {}
        ways = [(f"{number} partitions", number, 1) for number in PARTITIONS]
        for what, partitions, pieces in [*ways, (f"{PIECES} pieces", 2, PIECES)]:
            with tempfile.TemporaryDirectory() as folder:
                found[what] = made(Path(folder) / "landing", load_profile(profile), partitions, pieces)
    if not show(found):
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
