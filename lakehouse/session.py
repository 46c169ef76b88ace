"""The only place that makes a SparkSession."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyspark import SparkContext
from pyspark.sql import SparkSession

from lakehouse.jars import jar_paths
from lakehouse.settings import conf_dir

# What results depend on: the same on a laptop and on a cluster, whoever starts the job.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    # A file that cannot be read is an error, never a part of its rows.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}
DELTA = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}


def spark_session(
    app_name: str,
    *,
    master: str | None = None,
    driver_memory: str = "4g",
    log_file: Path | None = None,
    java_options: str = "",
    conf: Mapping[str, str] | None = None,
) -> SparkSession:
    """A session that knows Delta. `conf` weighs over conf/spark/local.conf, which holds for local masters alone.

    Within spark-submit the master and what was given there stay as they are.
    """
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    builder = SparkSession.builder.appName(app_name)
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        target = master or "local[*]"
        # Workers run the same Python, with the same packages, as this process.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(target).config("spark.driver.memory", driver_memory)
        builder = builder.config("spark.jars", ",".join(path.resolve().as_uri() for path in jar_paths()))
        builder = builder.config("spark.driver.extraJavaOptions", f"{_java_options(log_file)} {java_options}".strip())
        if target.startswith("local"):
            for name, value in spark_defaults(conf_dir() / "spark" / "local.conf").items():
                builder = builder.config(name, value)
    for name, value in {**DELTA, **MEANING, "spark.ui.showConsoleProgress": "false", **(conf or {})}.items():
        builder = builder.config(name, value)
    with _launcher_output_to(log_file):
        return builder.getOrCreate()


def spark_defaults(path: Path) -> dict[str, str]:
    """A file in the form of spark-defaults.conf."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip() for name, value in pairs}


def _java_options(log_file: Path | None) -> str:
    options = [f"-Dlog4j2.configurationFile={(conf_dir() / 'spark' / 'log4j2.properties').as_uri()}"]
    options.append(f"-Dlakehouse.log={log_file or os.devnull}")
    return " ".join(options)


@contextmanager
def _launcher_output_to(log_file: Path | None) -> Iterator[None]:
    """What the JVM says on standard error from its start on goes to the log, not to people's terminal.

    The JVM inherits the descriptor at launch; this process gets its own back at once.
    """
    if SparkContext._active_spark_context is not None or "PYSPARK_GATEWAY_PORT" in os.environ:
        yield
        return
    sys.stderr.flush()
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
    kept = os.dup(2)
    sink = os.open(log_file or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(sink)
