"""How fast files become bronze, beside another version of this software, in one run.

    git worktree add /tmp/former v1 && python -m bench.ingest --former /tmp/former --megabytes 5000

Three loads, each into a new lake: many small files, one large CSV without quotes, and one with quotes around all texts.
Seconds are those of the loading alone, without the start of Spark. Memory is the peak of the whole tree of processes
(Python, Java and workers together), looked at ten times a second. Whether memory stays flat is seen by a second size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

SMALL_FILES, SMALL_ROWS = 683, 900
HERE = Path(__file__).resolve().parent.parent
COLUMNS = "order_id,line,sku,quantity,unit_price,ordered_at,customer,city"
_MB = 1_000_000

LOAD = """
import json, sys, time
from datetime import UTC, date, datetime
from pathlib import Path
from lakehouse.bronze.ingest import ingest
from lakehouse.engine.spark.session import spark_session
from lakehouse.lake import Lake
from lakehouse.sources.model import Source

def main():
    root, landing, columns = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(",")
    spark = spark_session("bench", master=sys.argv[4], log_file=root / "spark.log")
    spark.range(1).count()
    lake = Lake(spark, root / "lake", run_id="bench", as_of=date(2024, 1, 1))
    feeds = {"customers": {"file": "lines", "columns": {"customer_id": "customer"}}}
    files = {"lines": {"pattern": "*.csv", "columns": columns}}
    source = Source.model_validate({"name": "shop", "currency": "EUR", "time_zone": "UTC", "files": files,
                                    "feeds": feeds, "fingerprint": "f"})
    print("began", flush=True)
    began = time.monotonic()
    report = ingest(lake, source, landing, batch_id=1, now=datetime.now(UTC))
    print(json.dumps({"seconds": time.monotonic() - began, "rows": report.rows["lines"]}), flush=True)

if __name__ == "__main__":
    main()
"""


def main(former: Path | None = None, megabytes: int = 500, master: str = "local[2]", only: str = "") -> None:
    """Prints pace and peak memory of each load by each version, and how many times the former pace that is."""
    grid = Table(title=f"{SMALL_FILES:,} small files and CSVs of {megabytes:,} MB, by {master}", title_justify="left")
    for name in ("", "", "MB", "rows", "s", "MB/s", "peak MB", "times the pace"):
        grid.add_column(name, justify="right" if name else "left")
    with tempfile.TemporaryDirectory() as folder:
        for what, landing in landings(Path(folder) / "files", megabytes):
            if only not in what:
                continue
            size = sum(file.stat().st_size for file in landing.rglob("*.csv")) / _MB
            paces: list[float] = []
            for version, code in [("former", former), ("here", HERE)]:
                if code is None:
                    continue
                done, peak = load(code, Path(folder) / f"{what} {version}", landing, master)
                paces.append(size / done["seconds"])
                numbers = (f"{size:,.0f}", f"{done['rows']:,.0f}", f"{done['seconds']:.1f}", f"{paces[-1]:.1f}")
                print(what, version, *numbers, f"{peak / _MB:,.0f}", sep="\t", flush=True)
                grid.add_row(what, version, *numbers, f"{peak / _MB:,.0f}", f"{paces[-1] / paces[0]:.1f}")
    Console().print(grid)


def landings(root: Path, megabytes: int) -> list[tuple[str, Path]]:
    small, plain, quoted = (root / name for name in ("small", "plain", "quoted"))
    for number in range(SMALL_FILES):
        write(small / "shop" / f"day_{number:03}.csv", SMALL_ROWS, number * SMALL_ROWS, quote="")
    row = len(line(1_000_000, ""))
    write(plain / "shop" / "all.csv", megabytes * _MB // row, 0, quote="")
    write(quoted / "shop" / "all.csv", megabytes * _MB // len(line(1_000_000, '"')), 0, quote='"')
    return [("small files", small), ("large", plain), ("large, in quotes", quoted)]


def write(file: Path, rows: int, first: int, quote: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        out.write(f"{COLUMNS}\n")
        out.writelines(line(first + number, quote) for number in range(rows))


def line(number: int, quote: str) -> str:
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    texts = (f"{day}T{number % 24:02}:15:00", f"customer-{number % 50_021}", "Köln" if number % 3 else "Paris, 6e")
    plain = [text if quote else text.replace(",", "") for text in texts]
    numbers = f"{number // 4},{number % 4 + 1},SKU-{number % 3_001},{number % 9 + 1},{number % 10_007 / 100}"
    return f"{numbers},{','.join(f'{quote}{text}{quote}' for text in plain)}\n"


def load(code: Path, root: Path, landing: Path, master: str) -> tuple[dict[str, float], int]:
    """What one load said of itself, and the peak of memory in bytes."""
    root.mkdir()
    script = root / "load.py"
    script.write_text(LOAD, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(code)}
    command = [sys.executable, str(script), str(root), str(landing), COLUMNS, master]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "began\n":
            raise RuntimeError(f"{code}: the load did not begin")
        ended = threading.Event()
        peaks = [0]

        def watch() -> None:
            while not ended.wait(0.1):
                peaks.append(resident(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        said = process.stdout.read()
        ended.set()
        watcher.join()
    return json.loads(said), max(peaks)


def resident(pid: int) -> int:
    """Bytes of memory that a process and all below it have between them; pages that they share count once for each."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        others = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in [*children, *others])


if __name__ == "__main__":
    typer.run(main)
