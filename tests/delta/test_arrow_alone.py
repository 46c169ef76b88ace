"""What needs no frames does not wait for pandas."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lakehouse.settings import conf_dir

DECLARED = """
currency = "GBP"
time_zone = "UTC"
[files.people]
pattern = "*.csv"
columns = ["id", "amount"]
[feeds.customers]
file = "people"
[feeds.customers.columns]
customer_id = "id"
"""
CHECK = """
import sys
from jobs.cli import app
app(["source", "check", "town", "--landing", "landing"], standalone_mode=False)
print("there:", *sorted({"pandas", "pyspark", "openpyxl"} & set(sys.modules)))
"""


def test_arrow_makes_arrays_without_pandas_which_can_still_be_had() -> None:
    code = (
        "import sys, pyarrow as pa; from lakehouse.delta.arrow_alone import keep_pandas_out; keep_pandas_out();"
        "pa.scalar(1); pa.array([None, 'x']).to_pylist(); print('pandas' in sys.modules); import pandas;"
        "print(pandas.DataFrame({'a': [1]})['a'].sum())"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["False", "1"]


def test_a_source_is_checked_without_pandas_spark_and_readers_of_workbooks(tmp_path: Path) -> None:
    shutil.copytree(conf_dir(), tmp_path / "conf")
    (tmp_path / "conf" / "sources" / "town.toml").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "landing" / "town").mkdir(parents=True)
    (tmp_path / "landing" / "town" / "a.csv").write_text("id,amount\n7,1.50\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-c", CHECK],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "LAKEHOUSE_CONF": str(tmp_path / "conf")},
    )  # fmt: skip
    assert "customers, from people: 1 row, 1 of them readable" in found.stdout, found.stderr
    assert found.stdout.splitlines()[-1].strip() == "there:"
