"""The memory that the driver takes while the shop is made, at growing scales.

    python -m bench.driver_memory 1 10 100

Rows are made by an executor in a process of its own (Spark's master `local-cluster`), so that what is measured is the
driver alone: the peak of its resident memory as the kernel has it (VmHWM), for Java and for Python. The driver may take
1 GB of heap, and no job may send more than 16 MB of results to it (`spark.driver.maxResultSize`).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
import pyspark
import typer
from rich.console import Console
from rich.table import Table

from lakehouse.settings import load_settings
from lakehouse.world.generate import Request, generate, truth_folder
from lakehouse.world.job import session
from lakehouse.world.profile import load_profile

MOST_RESULTS = "16m"


def main(scales: list[float], executor_memory: int = 8192, keep: Path | None = None) -> None:
    """Each scale in a process of its own. `executor_memory` in MB; `keep`: where the shops are to stay."""
    grid = Table("scale", "customers", "order lines", "driver, Java", "driver, Python", "seconds", "files")
    with tempfile.TemporaryDirectory() as folder:
        for scale in scales:
            out = (keep or Path(folder)) / f"scale_{scale:g}" / "landing"
            asked = [sys.executable, "-m", "bench.driver_memory", "--one", str(scale), str(out), str(executor_memory)]
            said = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
            grid.add_row(f"{scale:g}", *said.splitlines()[-1].split("\t"))
    Console().print(grid)


def one(scale: float, landing: Path, executor_memory: int) -> None:
    """Makes the shop and prints a line of the table."""
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    master = f"local-cluster[1,2,{executor_memory}]"
    settings = load_settings(landing=landing, spark={"master": master, "driver_memory": "1g"})
    profile, began = load_profile("seed"), time.monotonic()
    more = {"spark.driver.maxResultSize": MOST_RESULTS, "spark.executor.memory": f"{executor_memory * 3 // 4}m"}
    spark = session(settings, profile.customers * scale, more)
    world = generate(spark, Request(profile, profile.seed, scale, profile.start, profile.end, False), landing, print)
    seconds = time.monotonic() - began
    assert spark.sparkContext._jvm is not None
    java = int(spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())
    files = (truth_folder(landing) / "order_lines").rglob("*.parquet")
    lines = sum(pq.read_metadata(file).num_rows for file in files)
    size = sum(path.stat().st_size for path in landing.rglob("*") if path.is_file())
    peaks = (f"{peak(of) / 1024:,.0f} MB" for of in (java, os.getpid()))
    print(f"{world.customers:,}", f"{lines:,}", *peaks, f"{seconds:,.0f}", f"{size / 1e9:.2f} GB", sep="\t")
    spark.stop()


def peak(pid: int) -> int:
    """Peak resident memory of a process, kB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(float(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        typer.run(main)
