"""Files read by processes beside each other give the rows that one process reads, or none."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lakehouse.bronze import load as load_module
from lakehouse.bronze import workers
from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts, UnreadFileError
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.read import Part, Target, parts_of
from lakehouse.bronze.workers import ReaderDiedError, StoppedError, read_parts
from lakehouse.tables.bronze import bronze_table
from tests.bronze.shops import AB, NOW, Shop, kind_with, parquet, source_of

pytestmark = pytest.mark.spark

Land = Callable[..., Path]
KIND = kind_with(format=["csv", "jsonl", "parquet"])
TARGET = Target(KIND, bronze_table("shop", "rows", KIND.columns), 1, NOW)
ROWS = 3_000
LINES = source_of(lines=AB | {"pattern": "*.csv"})


@pytest.fixture
def parts(land: Land, pieces: Callable[[int], None], tmp_path: Path) -> list[Part]:
    """A file of each format, the texts in many pieces."""
    pieces(5_000)
    land("f.csv", "a,b,c\n" + "".join(f"{row},é,x\n" for row in range(ROWS)) + "1,2,3,4\n")
    land("f.jsonl", "".join(f'{{"a": {row}, "d": [1]}}\n' for row in range(ROWS)))
    land("f.parquet", parquet(a=list(range(ROWS)), b=["x"] * ROWS))
    deliveries = []
    for found in scan(tmp_path / "landing"):
        facts = inspect(found, KIND).outcome
        assert isinstance(facts, FileFacts)
        deliveries.append(Delivery(found, "rows", found.name, {"day": "1"}, found.name, facts))
    return parts_of(deliveries)


def read(parts: list[Part], count: int, is_stopped: Callable[[], bool] = lambda: False) -> Iterator[tuple[object, ...]]:
    for batch in read_parts(parts, TARGET, is_stopped, count):
        yield from (tuple(map(str, row.values())) for row in batch.to_pylist())


def test_processes_read_the_rows_that_one_reads(parts: list[Part]) -> None:
    assert len(parts) > 10
    assert sorted(read(parts, 2)) == sorted(read(parts, 0))
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_an_error_and_the_others_end(parts: list[Part]) -> None:
    rows = read(parts, 2)
    next(rows)
    victim = multiprocessing.active_children()[0]
    os.kill(victim.pid or 0, signal.SIGKILL)
    with pytest.raises(ReaderDiedError, match="exit code -9"):
        list(rows)
    assert multiprocessing.active_children() == []


def test_what_goes_wrong_in_a_process_is_raised_as_it_is(parts: list[Part]) -> None:
    Path(parts[0].delivery.found.location).write_text("a,b\n")
    with pytest.raises(UnreadFileError, match="changed since the run began"):
        list(read(parts, 2))


@pytest.mark.parametrize("count", [0, 2])
def test_reading_ends_where_the_rows_are_no_longer_wanted(parts: list[Part], count: int) -> None:
    wanted = iter([False, False])
    with pytest.raises(StoppedError):
        list(read(parts, count, lambda: next(wanted, True)))
    assert multiprocessing.active_children() == []


def test_what_is_small_is_read_without_processes(parts: list[Part], monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers._workers(parts) == 0
    monkeypatch.setattr(workers, "SMALL", 1_000)
    assert workers._workers(parts) == min(len(parts), len(os.sched_getaffinity(0)), 8)
    assert workers._workers(parts[:1]) == 0


def test_the_death_of_a_reader_leaves_the_delivery_absent(
    shop: Shop, land: Land, pieces: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces(5_000)
    monkeypatch.setattr(workers, "SMALL", 1_000)
    land("lines.csv", "a,b\n" + "1,2\n" * ROWS)

    def dying(*given: object) -> Iterator[object]:
        for batch in read_parts(*given):  # type: ignore[arg-type]
            for process in multiprocessing.active_children():
                process.kill()
            yield batch

    with monkeypatch.context() as patch:
        patch.setattr(load_module, "read_parts", dying)
        with pytest.raises(ReaderDiedError):
            shop.ingest(LINES)
    assert shop.bronze(LINES, "lines") == []
    assert shop.files() == []
    assert shop.ingest(LINES).rows == {"lines": ROWS}
    assert [row._row_in_file for row in shop.bronze(LINES, "lines")] == list(range(1, ROWS + 1))


def test_a_reader_starts_without_spark() -> None:
    """Each process imports what it needs: pyspark and pandas take longer than many files."""
    code = "import sys, lakehouse.bronze.workers; print('pyspark' in sys.modules, 'pandas' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


def test_an_interrupt_ends_the_reading_and_its_processes(tmp_path: Path) -> None:
    file = tmp_path / "landing" / "shop" / "lines.csv"
    file.parent.mkdir(parents=True)
    file.write_text("a,b\n" + "1,2\n" * 2_000_000)
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them are told
    said = process.stdout.read()
    assert process.wait(timeout=60) == 0
    assert said.split() == ["interrupted", "0", "processes", "and", "0", "rows"]


INTERRUPTED = textwrap.dedent(
    """
    import multiprocessing, sys, time
    from datetime import UTC, date, datetime
    from pathlib import Path
    from types import SimpleNamespace

    from lakehouse.bronze import load, workers
    from lakehouse.bronze.ingest import ingest
    from lakehouse.bronze.formats import pieces
    from lakehouse.lake import Lake
    from tests.bronze.test_workers import LINES

    def main():
        pieces.PIECE, workers.SMALL = 100_000, 1_000
        root = Path(sys.argv[1])
        spark = SimpleNamespace(sparkContext=SimpleNamespace(master="local[1]"))
        lake = Lake(spark, root / "lake", run_id="r", as_of=date(2024, 1, 1))
        first = True

        def told(parts, target, is_stopped):
            nonlocal first
            for batch in workers.read_parts(parts, target, is_stopped):
                if first:
                    print("reading", flush=True)
                    until = time.monotonic() + 30
                    while not is_stopped() and time.monotonic() < until:  # else all is read before the signal comes
                        time.sleep(0.01)
                first = False
                yield batch

        load.read_parts = told
        try:
            ingest(lake, LINES, root / "landing", batch_id=1, now=datetime.now(UTC))
        except KeyboardInterrupt:
            left = len(multiprocessing.active_children())
            print("interrupted", left, "processes and", lake.count(LINES.table("lines")), "rows")

    if __name__ == "__main__":
        main()
    """
)
