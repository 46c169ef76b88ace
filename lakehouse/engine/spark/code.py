"""The project's own code, for executors: functions over Arrow and pandas run there, and are looked up by their name."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

from pyspark.sql import SparkSession

PACKAGES = ("dashboard", "jobs", "lakehouse", "ml", "quality")
NAME = "lakehouse_code.zip"


def send_code(spark: SparkSession) -> None:
    """Has the executors of the session find the packages as this process has them, whatever is installed there."""
    # Executors ask for it whenever they start: it stays as long as this process.
    folder = tempfile.mkdtemp(prefix="lakehouse-code-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Path(folder) / NAME
    zip_packages(made)
    spark.addArtifacts(str(made), pyfile=True)
    # Spark puts its copy first in this process too, where the packages are already.
    sys.path[:] = [entry for entry in sys.path if Path(entry).name != NAME]


def zip_packages(target: Path) -> None:
    """The packages that are there, the same bytes for the same code. Raises nothing for one that is not installed."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in PACKAGES:
            for folder in _folders(name):
                for path in sorted(folder.rglob("*")):
                    if path.is_file() and "__pycache__" not in path.parts:
                        entry = zipfile.ZipInfo(str(Path(name) / path.relative_to(folder)))
                        entry.compress_type = zipfile.ZIP_DEFLATED
                        archive.writestr(entry, path.read_bytes())


def _folders(package: str) -> list[Path]:
    found = find_spec(package)
    return [Path(one) for one in found.submodule_search_locations or [] if Path(one).is_dir()] if found else []
