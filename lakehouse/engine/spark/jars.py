"""Delta's two JARs, and Comet's where it is asked for: fetched once, checked against their sums, used ever after."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lakehouse.engine.spark import comet
from lakehouse.engine.spark.java import require_java

DELTA_VERSION = "4.4.0"
SHA256 = {
    "delta-spark_4.1_2.13-4.4.0.jar": "75a9400986853c061f5109f012547de2545a5759e5e752e5ef633dabe16a4f10",
    "delta-storage-4.4.0.jar": "c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc",
}
BYTES = {"delta-spark_4.1_2.13-4.4.0.jar": 9_471_929, "delta-storage-4.4.0.jar": 113_863}
PACKAGES = (f"io.delta:delta-spark_4.1_2.13:{DELTA_VERSION}", f"io.delta:delta-storage:{DELTA_VERSION}")
_LONGEST_SECONDS = 1200


class JarsMissing(Exception):
    """The JARs are not there, or are not what they should be. The message says what to do. Exit code 2."""

    exit_code = 2


def jars_dir() -> Path:
    """`LAKEHOUSE_JARS`, else a folder of the user's cache."""
    if given := os.environ.get("LAKEHOUSE_JARS"):
        return Path(given)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "lakehouse" / "jars" / DELTA_VERSION


def wanted() -> dict[str, str]:
    """File name -> SHA-256 of the JARs that a session needs."""
    return SHA256 | (comet.SHA256 if comet.is_wanted() else {})


def jar_paths() -> list[Path]:
    """The JARs that a session needs. Raises JarsMissing where one is not there, or is cut short.

    Every start asks, so only sizes are looked at; `verify_jars` reads them whole.
    """
    paths = [jars_dir() / name for name in wanted()]
    if missing := [path.name for path in paths if not path.is_file()]:
        raise JarsMissing(
            f"{', '.join(missing)} not found in {jars_dir()}: run `lakehouse setup` once with a network, "
            "or put the files there by hand, or name their folder in LAKEHOUSE_JARS"
        )
    for path in paths:
        if path.stat().st_size != (BYTES | comet.BYTES)[path.name]:
            raise JarsMissing(f"{path} is not whole: delete it and run `lakehouse setup`")
    return paths


def verify_jars() -> list[Path]:
    """The JARs, each checked against its SHA-256. Raises JarsMissing where one is not there or differs."""
    paths = jar_paths()
    for path in paths:
        _check_sum(path, path.name)
    return paths


def fetch_jars(*, offline: bool = False) -> list[Path]:
    """Gets what is missing, with Spark's own resolver of packages, and checks it. Raises JarsMissing.

    Behind a proxy or a mirror, name an Ivy settings file in LAKEHOUSE_IVY_SETTINGS. With `offline`, nothing is
    fetched: what is there is checked.
    """
    try:
        return verify_jars()
    except JarsMissing:
        if offline:
            raise
    require_java()
    with tempfile.TemporaryDirectory() as folder:
        said = _resolve(Path(folder))
        for name in wanted():
            found = next(Path(folder).rglob(f"*{name}"), None)
            if found is None:
                raise JarsMissing(
                    f"{name} could not be had: check the network, or name an Ivy settings file for your proxy or "
                    f"mirror in LAKEHOUSE_IVY_SETTINGS, or put {' and '.join(wanted())} into {jars_dir()} by hand, "
                    f"or name their folder in LAKEHOUSE_JARS. The resolver said:\n{said[-1500:]}"
                )
            _check_sum(found, name)
            _put(found, jars_dir() / name)
    return verify_jars()


def _check_sum(path: Path, name: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != (meant := wanted()[name]):
        raise JarsMissing(f"{path} has SHA-256 {found}, not {meant}: delete it and run `lakehouse setup`")


def _put(found: Path, target: Path) -> None:
    """Whole or not at all: two set-ups may run at once, and one may be killed."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(found, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise JarsMissing(
            f"{target} cannot be written ({error.strerror}): name another folder in LAKEHOUSE_JARS"
        ) from error


def _resolve(folder: Path) -> str:
    """Lets Spark resolve the packages into `folder`; returns what it said."""
    packages = ",".join((*PACKAGES, *(comet.PACKAGES if comet.is_wanted() else ())))
    conf = {
        "spark.jars.packages": packages,
        "spark.jars.ivy": str(folder),
        # Spark brings all else that Delta asks for.
        "spark.jars.excludes": ",".join(_EXCLUDED),
    }
    if settings := os.environ.get("LAKEHOUSE_IVY_SETTINGS"):
        conf["spark.jars.ivySettings"] = settings
    arguments = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    submit = [sys.executable, "-m", "pyspark.find_spark_home"]
    home = subprocess.run(submit, capture_output=True, text=True, check=True).stdout.strip()
    # The class is not there: the resolver runs before it is looked for, and no session is started.
    command = [f"{home}/bin/spark-submit", "--master", "local[1]", *arguments, "--class", "none.Such", "spark-internal"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        return f"nothing within {_LONGEST_SECONDS} seconds"
    return done.stdout + done.stderr


_EXCLUDED = (
    "org.apache.hadoop:*",
    "org.antlr:*",
    "org.apache.spark:*",
    "com.fasterxml.jackson.core:*",
    "com.fasterxml.jackson.module:*",
    "com.fasterxml.jackson.datatype:*",
    "org.scala-lang:*",
    "io.unitycatalog:*",
)
