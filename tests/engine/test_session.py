"""The session: what results depend on is set by us, and Spark's talk stays out of the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from lakehouse.engine.spark.session import MEANING, for_all_eyes, spark_defaults, spark_session
from lakehouse.settings import conf_dir
from tests.session_options import options, put_back

# Starts Spark where only a file may hear of it, writes a Delta table and says what it found.
SCRIPT = """
import sys
from pathlib import Path
from lakehouse.engine.spark.session import spark_session
spark = spark_session("script", master="local[1]", driver_memory="1g", log_file=Path(sys.argv[1]))
spark.range(3).write.format("delta").save(sys.argv[2])
print(spark.read.format("delta").load(sys.argv[2]).count(), spark.conf.get("spark.databricks.delta.snapshotPartitions"))
"""


@pytest.mark.parametrize("name", MEANING)
def test_what_results_depend_on_is_set(spark: SparkSession, name: str) -> None:
    assert spark.conf.get(name) == MEANING[name]


def test_a_delta_table_is_written_and_read(spark: SparkSession, tmp_path: Path) -> None:
    spark.range(3).write.format("delta").save(str(tmp_path / "t"))
    spark.sql(f"DELETE FROM delta.`{tmp_path}/t` WHERE id = 1")
    assert {row.id for row in spark.read.format("delta").load(str(tmp_path / "t")).collect()} == {0, 2}


def test_a_wrong_number_is_an_error_and_not_null(spark: SparkSession) -> None:
    with pytest.raises(PySparkException, match="CAST_INVALID_INPUT"):
        spark.sql("SELECT CAST('ten' AS INT)").collect()


def test_instants_are_utc_and_old_dates_stay_what_they_are(spark: SparkSession, tmp_path: Path) -> None:
    query = "SELECT TIMESTAMP '2024-03-31 01:30:00' AS at, DATE '0001-01-01' AS day"
    spark.sql(query).write.format("delta").save(str(tmp_path / "t"))
    [row] = spark.read.format("delta").load(str(tmp_path / "t")).selectExpr("unix_seconds(at) AS at", "day").collect()
    assert datetime.fromtimestamp(row["at"], UTC) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert row["day"] == date(1, 1, 1)


def test_a_second_call_gives_the_session_that_is_there(spark: SparkSession) -> None:
    with put_back(spark):
        again = spark_session("another", master="local[7]")
        assert again.sparkContext is spark.sparkContext
        assert again.sparkContext.master == "local[2]"


def test_what_a_second_call_sets_is_put_back_for_the_tests_after_it(spark: SparkSession) -> None:
    before, partitions = options(spark), "spark.sql.shuffle.partitions"

    def fail_in_another() -> None:
        spark_session("another", master="local[7]", conf={"lakehouse.tests.nobody.sets.this": "x"})
        spark.conf.unset("spark.databricks.delta.snapshotPartitions")
        raise ZeroDivisionError(options(spark)[partitions])

    with pytest.raises(ZeroDivisionError, match="4"), put_back(spark):
        fail_in_another()
    assert options(spark) == before
    assert before[partitions] == "2"


def test_a_local_master_listens_on_this_machine_alone(spark: SparkSession) -> None:
    assert spark.sparkContext.getConf().get("spark.driver.bindAddress") == "127.0.0.1"
    assert spark.sparkContext.uiWebUrl is None


def test_a_clusters_secret_goes_to_no_command_line() -> None:
    given = {"spark.authenticate": "true", "spark.authenticate.secret": "s", "spark.app.name": "x"}
    assert for_all_eyes(given) == [("spark.authenticate", "true"), ("spark.app.name", "x")]


def test_java_cleans_up_while_the_run_waits_where_there_are_few_cores(spark: SparkSession) -> None:
    assert spark.sparkContext.master == "local[2]"
    assert spark._jvm is not None
    beans = spark._jvm.java.lang.management.ManagementFactory.getGarbageCollectorMXBeans()
    assert {bean.getName() for bean in beans} == {"PS Scavenge", "PS MarkSweep"}


@pytest.mark.parametrize("name", ["local", "standalone", "k8s"])
def test_the_shipped_settings_are_names_with_values(name: str) -> None:
    values = spark_defaults(conf_dir() / "spark" / f"{name}.conf")
    assert values
    assert all(key.startswith("spark.") and value for key, value in values.items())


def test_spark_defaults_are_read_as_spark_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "some.conf"
    file.write_text("# a comment\n\nspark.a   1\n  spark.b\ttwo words  \nspark.c=3\nspark.d = 4\n")
    assert spark_defaults(file) == {"spark.a": "1", "spark.b": "two words", "spark.c": "3", "spark.d": "4"}


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK_", "SPARK_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        command, env=kept | {"PATH": path} | variables, capture_output=True, text=True, check=False, timeout=500
    )


@pytest.mark.usefixtures("java")
def test_spark_says_nothing_on_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "a folder" / "spark.log"
    done = run([sys.executable, "-c", SCRIPT, str(log), str(tmp_path / "t")])
    assert (done.stdout, done.stderr) == ("3 2\n", "")
    assert "WARN" in log.read_text()


@pytest.mark.usefixtures("java")
def test_within_spark_submit_delta_and_local_settings_need_no_options(tmp_path: Path) -> None:
    script = tmp_path / "job.py"
    script.write_text(SCRIPT)
    done = run(
        ["spark-submit", "--master", "local[1]", "--driver-memory", "1g",
         "--conf", "spark.databricks.delta.snapshotPartitions=1", str(script), "ignored", str(tmp_path / "t")],
        PYTHONPATH=str(Path(__file__).resolve().parents[2]),
    )  # fmt: skip
    assert done.stdout == "3 1\n", done.stderr[-2000:]


@pytest.mark.usefixtures("java")
def test_a_java_that_is_too_old_is_said_in_one_sentence(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.22\"' >&2\nexit 1\n")
    java.chmod(0o755)
    done = run([sys.executable, "-c", SCRIPT, str(tmp_path / "log"), str(tmp_path / "t")], JAVA_HOME=str(tmp_path))
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("lakehouse.engine.spark.java.JavaMissing: Java 17 or newer is needed")
    assert "apt-get install" in last


def test_without_java_and_jars_java_is_named_for_nothing_can_be_fetched_without_it(tmp_path: Path) -> None:
    nowhere = {"JAVA_HOME": str(tmp_path / "no-java"), "LAKEHOUSE_JARS": str(tmp_path)}
    done = run([sys.executable, "-c", SCRIPT, str(tmp_path / "log"), str(tmp_path / "t")], **nowhere)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("lakehouse.engine.spark.java.JavaMissing: Java 17 or newer is needed")
