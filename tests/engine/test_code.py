"""What executors are sent of the project is all of its code, and the same each time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from lakehouse.engine.spark.code import PACKAGES, zip_packages


def test_the_packages_are_whole_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    zip_packages(first)
    zip_packages(second)
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert {name.split("/")[0] for name in names} == set(PACKAGES)
    assert not any("__pycache__" in name for name in names)


def test_python_imports_functions_of_executors_from_it_wherever_it_stands(tmp_path: Path) -> None:
    made = tmp_path / "code.zip"
    zip_packages(made)
    script = f"""
import sys
sys.path.insert(0, {str(made)!r})
import lakehouse.bronze.read, lakehouse.sources.mapping.normal_form, ml.clv.score
print(lakehouse.bronze.read.__file__, ml.clv.score.__file__)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == [f"{made}/lakehouse/bronze/read.py", f"{made}/ml/clv/score.py"], done.stderr[-1000:]
