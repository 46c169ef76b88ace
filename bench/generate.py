"""How fast the synthetic shop is made, against other ways to make rows, and how that grows with its size.

    python -m bench.generate

One run on one machine: a loop that calls Faker for each row, TPC-H's generator (`tpchgen-cli`) and, where it is
installed, `dbldatagen`, each writing Parquet; then the shop at a scale and at ten times it, with its orders in Parquet.
Between them stands what Spark does at most here: rows with the columns of an order line, each value a bare hash.
Spark has been started and warmed up by then; rows of the shop are those in its files, the truth beside them is extra.
Beside the time on the clock stands that of the processor, which others at work on the machine do not prolong.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from faker import Faker
from pyspark import SparkContext
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F
from rich.console import Console
from rich.table import Table

from lakehouse.settings import Settings, load_settings
from lakehouse.world.generate import Request, generate
from lakehouse.world.job import session
from lakehouse.world.lines import STATUSES
from lakehouse.world.order_rows import COLUMNS
from lakehouse.world.profile import load_profile

TIMES = 10
BARE_ROWS = 4_000_000


@dataclass(frozen=True)
class Made:
    """Rows that were made, and in what time."""

    what: str
    rows: int
    seconds: float
    processor: float
    """Seconds of all processors together, of this process and those that it started."""

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def timed(what: str, make: Callable[[], None], count: Callable[[], int]) -> Made:
    """Makes rows; how many they are is counted when the clock has stopped."""
    began, used = time.monotonic(), processor()
    make()
    seconds, processor_seconds = time.monotonic() - began, processor() - used
    return Made(what, count(), seconds, processor_seconds)


def processor() -> float:
    """Seconds of processor time so far: of this process, of those that it started and that ended, and of Spark's."""
    assert SparkContext._jvm is not None
    java = int(SparkContext._jvm.java.lang.ProcessHandle.current().pid())
    fields = Path(f"/proc/{java}/stat").read_text().rpartition(")")[2].split()
    return sum(os.times()[:4]) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def faker_loop(folder: Path, rows: int) -> None:
    """Customers as most scripts make them: a call of Faker for each value of each row."""
    fake = Faker("en_GB")
    made = [
        {
            "customer_id": f"C{number:09d}",
            "first_name": fake.first_name(),
            "last_name": fake.last_name(),
            "email": fake.email(),
            "phone": fake.phone_number(),
            "birth_date": fake.date_of_birth().isoformat(),
            "address": fake.street_address(),
            "postal_code": fake.postcode(),
            "city": fake.city(),
            "updated_at": fake.date_time_this_year().isoformat(),
        }
        for number in range(rows)
    ]
    pq.write_table(pa.Table.from_pylist(made), folder / "faker.parquet")


def tpch(folder: Path, scale: float) -> None:
    command = Path(sys.executable).with_name("tpchgen-cli")
    where = ("--output-dir", str(folder))
    subprocess.run([str(command), "parquet", "-s", f"{scale:g}", *where], check=True, capture_output=True)


def rows_of_parquet(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.rglob("*.parquet"))


def bare_lines(spark: SparkSession, folder: Path, rows: int) -> None:
    """The columns of an order line, typed as they are in bulk files, without a life that they come from."""

    def draw(name: str, below: int) -> Column:
        return F.pmod(F.xxhash64(F.lit(name), F.col("id")), F.lit(below))

    def text(name: str, below: int, width: int) -> Column:
        return F.lpad(draw(name, below).cast("string"), width, "0")

    widths = {"order_id": 14, "customer_id": 10, "product_id": 6, "campaign_id": 5}
    moments = ("ordered_at", "promised_at", "delivered_at", "updated_at")
    values = {name: text(name, 10 ** (width - 1), width) for name, width in widths.items()}
    values |= {name: F.timestamp_seconds(draw(name, 40_000_000) + 1_660_000_000) for name in moments}
    values |= {name: (draw(name, 100_000) / 100).cast("decimal(12,2)") for name in ("unit_price", "discount")}
    values |= {name: (draw(name, 5) + 1).cast("int") for name in ("line_number", "quantity")}
    names = F.array(*(F.lit(name) for name in STATUSES))
    rest = {name: F.get(names, draw(name, len(STATUSES)).cast("int")) for name in COLUMNS if name not in values}
    lines = spark.range(0, rows, 1, 4).select(*((values | rest)[name].alias(name) for name in COLUMNS))
    lines.write.parquet(str(folder))


def dbldatagen(spark: SparkSession, folder: Path, rows: int) -> None:
    """Six columns of an order line; it takes longer for more."""
    import dbldatagen as dg  # type: ignore[import-not-found]

    lines = (
        dg.DataGenerator(spark, rows=rows, partitions=4, randomSeedMethod="hash_fieldname")
        .withColumn("order_id", "long", minValue=1, maxValue=rows, random=True)
        .withColumn("customer_id", "string", prefix="C", minValue=1, maxValue=50_000, random=True)
        .withColumn("quantity", "int", minValue=1, maxValue=5, random=True)
        .withColumn("unit_price", "decimal(12,2)", minValue=5, maxValue=2_000, random=True)
        .withColumn("order_status", "string", values=["completed", "pending", "cancelled"], weights=[90, 5, 5])
        .withColumn("ordered_at", "timestamp", begin="2022-10-01 00:00:00", end="2024-01-31 00:00:00", random=True)
    )
    lines.build().write.parquet(str(folder / "dbldatagen"))


def shop(spark: SparkSession, folder: Path, scale: float) -> None:
    """The reference shop without defects, all its orders and its first customers in Parquet."""
    seed = load_profile("seed")
    profile = seed.model_copy(update={"files": seed.files.model_copy(update={"bulk_days": 100_000})})
    request = Request(profile, profile.seed, scale, profile.start, profile.end, clean=True)
    generate(spark, request, folder / f"{scale:g}" / "landing", lambda _: None)


def rows_of_shop(files: Path) -> int:
    readers = {"parquet": "read_parquet", "csv*": "read_csv", "jsonl": "read_json"}
    with duckdb.connect() as connection:
        return sum(
            connection.sql(f"SELECT count(*) FROM {reader}('{pattern}')").fetchall()[0][0]
            for folder in sorted(files.iterdir())
            for ending, reader in readers.items()
            for pattern in glob.glob(f"{folder}/*.{ending}")
        )


def measured(settings: Settings, folder: Path, scale: float, faker_rows: int, tpch_scale: float) -> list[Made]:
    """The last two are the shop, those before in the order of the module's text."""
    spark = session(settings, load_profile("seed").customers * scale * TIMES)
    tpch_folder, bare = folder / "tpch", folder / "bare"
    found = [
        timed("a loop over Faker", lambda: faker_loop(folder, faker_rows), lambda: faker_rows),
        timed(
            f"tpchgen-cli, scale {tpch_scale:g}",
            lambda: tpch(tpch_folder, tpch_scale),
            lambda: rows_of_parquet(tpch_folder),
        ),
    ]
    shop(spark, folder / "warm", 0.2)
    if find_spec("dbldatagen"):
        found.append(timed("dbldatagen, six columns", lambda: dbldatagen(spark, folder, 400_000), lambda: 400_000))
    bare_lines(spark, folder / "warm" / "bare", BARE_ROWS // 10)
    found.append(timed("Spark, bare order lines", lambda: bare_lines(spark, bare, BARE_ROWS), lambda: BARE_ROWS))
    for one in (scale, scale * TIMES):
        place = folder / f"{one:g}"
        made = partial(shop, spark, folder, one), partial(rows_of_shop, place / "landing" / "shop")
        found.append(timed(f"lakehouse generate, scale {one:g}", *made))
        shutil.rmtree(place)
    spark.stop()
    return found


def show(found: list[Made]) -> None:
    *others, small, large = found
    grid = Table(title="rows in files, made in one run", title_justify="left")
    for name in ("", "rows", "seconds", "processor s", "rows / s", "the shop is … × this", "bare lines are … × this"):
        grid.add_column(name, justify="right" if name else "left")
    bare = others[-1]
    for one in found:
        ratios = [f"{fast.rate / one.rate:.3g}" if one in others else "" for fast in (large, bare)]
        numbers = f"{one.rows:,}", f"{one.seconds:.1f}", f"{one.processor:.1f}", f"{one.rate:,.0f}"
        grid.add_row(one.what, *numbers, *ratios)
    console = Console(width=130)
    console.print(grid)
    times = f"{large.rows / small.rows:.1f} times as many rows take {large.seconds / small.seconds:.1f} times as long"
    console.print(f"{times}, and {large.processor / small.processor:.1f} times the processor")
    if not find_spec("dbldatagen"):
        console.print("dbldatagen is not installed: not measured")


def main(scale: float = 5.0, faker_rows: int = 3_000, tpch_scale: float = 2.0, master: str = "local[2]") -> None:
    """Prints rows a second and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        settings = load_settings(landing=root / "log" / "landing", spark={"master": master})
        show(measured(settings, root, scale, faker_rows, tpch_scale))


if __name__ == "__main__":
    typer.run(main)
