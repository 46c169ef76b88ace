"""The only place that makes a SparkSession."""

from __future__ import annotations

import logging
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from lakehouse.engine.cluster.client import client_settings, is_standalone
from lakehouse.engine.cluster.place import SECRET
from lakehouse.engine.spark import comet
from lakehouse.engine.spark.code import send_code
from lakehouse.engine.spark.footers import without_personal
from lakehouse.engine.spark.jars import JarsMissing, jar_paths
from lakehouse.engine.spark.java import JavaMissing, require_java
from lakehouse.engine.spark.jvm_lookups import remember_lookups
from lakehouse.engine.spark.reach import require_admission, require_listener
from lakehouse.frames import CHECKPOINTS
from lakehouse.settings import conf_dir

# What results depend on: the same on a laptop and on a cluster, whoever starts the job.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    # A column may be called ${so}; and an expression reads neither settings nor the environment.
    "spark.sql.variable.substitute": "false",
    # A file that cannot be read is an error, never a part of its rows.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}
FEW_CORES = 2
_CODE = "spark.submit.pyFiles"
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
    umask: int | None = None,
    java_options: Sequence[str] = (),
    checkpoints: Path | None = None,
    conf: Mapping[str, str] | None = None,
) -> SparkSession:
    """A session that knows Delta, whose files get the modes that `umask` leaves.

    `conf` weighs over conf/spark/local.conf, which holds for local masters alone, and over standalone.conf.

    On a cluster what lakehouse.frames.checkpointed gives is kept in `checkpoints`, which driver and executors share.

    Within spark-submit the master and what was given there stay as they are. Raises JavaMissing and JarsMissing; of a
    cluster NoMaster and NotLetIn, within bounds.
    """
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        start = _within_spark_submit()
    else:
        master = master or "local[*]"
        if is_standalone(master):
            require_listener(master)
        java = _java_options(log_file, [*_collector(master), *java_options])
        try:
            start = _on_our_own(master, driver_memory, java)
        except JarsMissing:
            require_java()  # said first: without it JARs are of no use, and cannot be got
            raise
    options = {**comet.options(), **start, **DELTA, **MEANING, "spark.ui.showConsoleProgress": "false", **_modes(umask)}
    options |= {**_checkpoints(start, checkpoints), **(conf or {})}
    return _session_of(app_name, without_personal() | options, log_file)


def _session_of(app_name: str, options: Mapping[str, str], log_file: Path | None) -> SparkSession:
    """The session with these options, the process's own where it has one; a new one of a cluster has the code sent."""
    if SparkContext._gateway is None:
        _launch_jvm({"spark.app.name": app_name, **options}, log_file)
    is_new = SparkContext._active_spark_context is None
    if is_new:
        _require_admission(options)
    builder = SparkSession.builder.appName(app_name)
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    remember_lookups(SparkContext._jvm)
    if is_new and is_standalone(session.conf.get("spark.master") or "") and not session.conf.get(_CODE, ""):
        send_code(session)
    return session


def _require_admission(options: Mapping[str, str]) -> None:
    """Raises NoMaster and NotLetIn where a session would not come about, which Spark tries for a minute."""
    whole = {**dict(SparkConf().getAll()), **options}
    if is_standalone(master := whole.get("spark.master", "")):
        require_listener(master)
        require_admission(SparkContext._jvm, master, whole)


def _checkpoints(start: Mapping[str, str], folder: Path | None) -> dict[str, str]:
    """Not for one machine: there is no executor that could die alone."""
    master = start.get("spark.master") or dict(SparkConf().getAll()).get("spark.master", "local")
    return {} if folder is None or _is_local(master) else {CHECKPOINTS: folder.resolve().as_uri()}


def _is_local(master: str) -> bool:
    return master.split("[")[0] == "local"


def _modes(umask: int | None) -> dict[str, str]:
    # Hadoop gives files modes of its own, whatever the umask of the JVM is: 644 where nothing is said.
    return {} if umask is None else {"spark.hadoop.fs.permissions.umask-mode": f"{umask:03o}"}


def spark_defaults(path: Path) -> dict[str, str]:
    """A file in the form of spark-defaults.conf: a name, then white space or an equals sign, then the value."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (re.split(r"\s*=\s*|\s+", line, maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: "".join(pair[1:]) for pair in pairs}


def _on_our_own(master: str, driver_memory: str, java_options: str) -> dict[str, str]:
    # Workers run the same Python, with the same packages, as this process.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return {
        "spark.master": master,
        "spark.driver.memory": driver_memory,
        "spark.jars": ",".join(path.resolve().as_uri() for path in jar_paths()),
        "spark.driver.extraJavaOptions": java_options,
        **_values_of(master),
    }


def _within_spark_submit() -> dict[str, str]:
    """What spark-submit did not say: the local values, and Delta where it came without --jars and --packages."""
    SparkContext._ensure_initialized()
    given = dict(SparkConf().getAll())
    start = {name: value for name, value in _values_of(given.get("spark.master", "")).items() if name not in given}
    if "spark.log.level" not in given:
        start["spark.log.level"] = "WARN"  # people watch the run, not Spark
    if SparkContext._active_spark_context is None and not _driver_knows_delta():
        jars = [path.resolve().as_uri() for path in jar_paths()]
        _add_to_driver(jars)
        # The driver hands these to its executors.
        start["spark.jars"] = ",".join([*filter(None, given.get("spark.jars", "").split(",")), *jars])
    return start


def _values_of(master: str) -> dict[str, str]:
    """The shipped settings for a master of that kind, and of a cluster what lets this driver in."""
    if is_standalone(master):
        return spark_defaults(conf_dir() / "spark" / "standalone.conf") | client_settings(master)
    return spark_defaults(conf_dir() / "spark" / "local.conf") if _is_local(master) else {}


def _driver_knows_delta() -> bool:
    assert SparkContext._jvm is not None
    loader = SparkContext._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    try:
        loader.loadClass(DELTA["spark.sql.extensions"])
    except Py4JJavaError:
        return False
    return True


def _add_to_driver(jars: list[str]) -> None:
    """A JVM that runs already takes no more of spark.jars; the class loader that spark-submit made does."""
    jvm = SparkContext._jvm
    assert jvm is not None
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    for jar in jars:
        loader.addURL(jvm.java.net.URI(jar).toURL())


def _collector(master: str) -> list[str]:
    """On one or two cores Java's default collector (G1) takes the processor from the run that it works beside; this one
    stops the run and is done sooner. The serial one is as good for small runs alone."""
    threads = re.fullmatch(r"local(?:\[(\d+|\*).*\])?", master)
    if not threads:
        return []
    cores = os.cpu_count() or 1 if threads[1] == "*" else int(threads[1] or 1)
    return ["-XX:+UseParallelGC"] if cores <= FEW_CORES else []


def _java_options(log_file: Path | None, more: Sequence[str]) -> str:
    log4j = (conf_dir() / "spark" / "log4j2.properties").as_uri()
    log = log_file.resolve() if log_file else os.devnull
    return shlex.join([f"-Dlog4j2.configurationFile={log4j}", f"-Dlakehouse.log={log}", *more])


def for_all_eyes(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """What may go to a command line, which every user of the machine can read. The rest is told to the JVM itself."""
    return [(name, value) for name, value in options.items() if name != SECRET]


def _launch_jvm(options: Mapping[str, str], log_file: Path | None) -> None:
    """Starts the JVM with its output in the log, where its first lines would else come to people's terminal."""
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
    with Path(log_file or os.devnull).open("ab") as sink:
        try:
            conf = SparkConf().setAll(for_all_eyes(options))
            gateway = launch_gateway(conf, {"stdout": sink, "stderr": sink})  # type: ignore[no-untyped-call]
        except (PySparkRuntimeError, OSError) as error:
            require_java()
            raise JavaMissing(f"Java did not start; why is at the end of {log_file or 'its output'}") from error
    SparkContext._ensure_initialized(gateway=gateway)
