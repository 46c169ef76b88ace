"""What a publication names is on the disk before its row is: as the kernel saw the calls of a real publication."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PUBLISHES = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from lakehouse.engine.spark.session import spark_session
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.ops import DATA_FILES, PUBLICATIONS
from tests.lakes import arrow, frame_of, write

root = Path(sys.argv[1])
for table in (PUBLICATIONS, DATA_FILES):
    write(root, table, [])
spark = spark_session("trace", master="local[1]", driver_memory="1g", log_file=root / "spark.log")
lake = Lake(spark, root, run_id="r", as_of=date(2024, 3, 1))
lake.overwrite(DIM_DATE, frame_of(spark, arrow(DIM_DATE, [{"date_key": 20240101}])))
publish(lake, batches=[1], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
spark.stop()
"""
_CALL = re.compile(r"(?P<call>fsync|fdatasync|link|linkat|rename|renameat|renameat2)\((?P<given>.*)\) += 0")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_files_log_and_folders_are_synced_before_the_row_of_the_publication_is_there(tmp_path: Path) -> None:
    lake, trace = tmp_path / "lake", tmp_path / "trace"
    lake.mkdir()
    traced = ["strace", "-f", "-y", "--seccomp-bpf", "-s", "300", "-o", str(trace)]
    calls = "trace=fsync,fdatasync,link,linkat,rename,renameat,renameat2"
    command = [*traced, "-e", calls, sys.executable, "-c", PUBLISHES, str(lake)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    found = [(one["call"], one["given"]) for one in map(_CALL.search, trace.read_text().splitlines()) if one]
    row = f"{lake}/ops/publications/_delta_log/{1:020d}.json"
    [there] = [at for at, (call, given) in enumerate(found) if "sync" not in call and row in given]
    synced = [given.partition("<")[2].rpartition(">")[0] for call, given in found[:there] if "sync" in call]
    table = lake / "gold" / "dim_date"
    files = [str(one) for one in table.glob("*.parquet")]
    logs = [str(one) for one in (table / "_delta_log").glob("*.json")]
    assert files
    assert logs
    assert {*files, *logs, *map(str, (table / "_delta_log", table, table.parent, lake))} <= {*synced}
    assert max(map(synced.index, files)) < min(synced.index(str(one)) for one in (table, table.parent, lake))
    afterwards = {given.partition("<")[2].rpartition(">")[0] for call, given in found[there:] if "sync" in call}
    assert {row, str(lake / "ops" / "publications" / "_delta_log")} <= afterwards
