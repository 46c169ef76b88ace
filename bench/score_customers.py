"""How fast customers are scored, and in how much memory, as they grow tenfold.

    python -m bench.score_customers 100000 1000000

Made-up customers with habits of all kinds; the models are trained on some of them (what they say matters not here).
Prints rows a second of the second of two runs (the first starts Python and compiles), and peaks of resident memory as
the kernel has them (VmHWM): of Java, and of the largest of Spark's Python workers, in which models run. These hold one
batch at a time, so that their memory does not grow with the customers. Exit code 1 where it does, by a quarter or more.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from bench.driver_memory import peak
from lakehouse.engine.spark.session import spark_session
from lakehouse.tables.gold.features import CUSTOMER_FEATURES
from ml.churn.boosted import Boosted
from ml.churn.calibration import Calibration
from ml.churn.cases import plain
from ml.churn.churn_model import ChurnModel, Shares
from ml.churn.inputs import Encoding
from ml.churn.score import score as churn
from ml.clv.boost import train_booster
from ml.clv.lifetime import CurrencyValue, Lifetime
from ml.clv.purchases import PurchaseModel
from ml.clv.score import score as lifetime_value
from ml.clv.value import ValueModel
from ml.training import Files

AS_OF = date(2024, 1, 1)
_LEARNT_FROM = 20_000
_MOST_GROWTH = 1.25
_TEXTS = {"STRING", "DATE"}


def draw(place: int) -> str:
    """SQL: uniform in (0, 1), the same for the same customer."""
    return f"((pmod(xxhash64(id, {place}), 1000000) + 0.5) / 1000000)"


def histories(spark: SparkSession, number: int) -> DataFrame:
    """As ml.clv.histories.customer_histories gives them: T up to 500 days, six of ten without a repeat purchase."""
    return (
        spark.range(number)
        .selectExpr(
            "'s' AS source_system", "id AS customer_durable_key", "'GBP' AS currency",
            f"floor(20 + 480 * {draw(1)}) AS observed", f"floor(greatest(0, -3 * ln({draw(2)} * 2.5))) AS frequency",
            f"20 + 200 * {draw(4)} AS margin_mean", f"20 + 400 * {draw(5)} AS revenue_first", f"{draw(3)} AS u",
            f"1 + 3 * {draw(6)} AS units_mean",
        )
        .selectExpr(
            "source_system", "customer_durable_key", "currency", "double(frequency) AS frequency",
            "double(observed) AS observed", "double(if(frequency = 0, 0, ceil(u * observed))) AS recency",
            "double(least(frequency, 1)) AS days_30", "double(least(frequency, 2)) AS days_90",
            "double(frequency) AS margin_repeats", "if(frequency = 0, NULL, margin_mean) AS margin_mean",
            "double(frequency) AS revenue_repeats", "if(frequency = 0, NULL, 2 * margin_mean) AS revenue_mean",
            "revenue_first", "units_mean",
        )
    )  # fmt: skip


def features(spark: SparkSession, number: int) -> DataFrame:
    """Rows of gold.customer_features: numbers between 1 and 300."""
    texts = {"source_system": "'s'", "cut_off": f"DATE'{AS_OF}'", "customer_durable_key": "id"}
    known = [
        texts.get(one.name)
        or (f"concat('v', int(4 * {draw(place)}))" if one.type in _TEXTS else f"1 + 299 * {draw(place)}")
        for place, one in enumerate(CUSTOMER_FEATURES.columns)
    ]
    named = (f"{how} AS {name}" for how, name in zip(known, CUSTOMER_FEATURES.column_names, strict=True))
    return spark.range(number).selectExpr(*named)


def lifetime_files(customers: DataFrame) -> Files:
    """Purchases by BG/NBD with a booster on top: all that a lifetime model can be."""
    some = customers.limit(_LEARNT_FROM).toPandas()
    model = PurchaseModel("bg_nbd", 0.8, 150.0, 0.5, 3.0)
    came = np.random.default_rng(1).poisson(model.expected_purchases(*(some[n].to_numpy() for n in _HISTORY), 180.0))
    booster = train_booster([(some.assign(purchases=came), model, 180.0)], seed=1)
    values = {"GBP": CurrencyValue("margin", 100.0, ValueModel(2.0, 4.0, 150.0))}
    return Lifetime("mean_of_both", 0.005, model, values, 12, 0.1, booster).files()


_HISTORY = ("frequency", "recency", "observed")


def churn_files(customers: DataFrame) -> Files:
    """Boosted trees, calibrated."""
    some = plain(customers.limit(_LEARNT_FROM)).toPandas()
    encoding = Encoding.of(some)
    left = (np.random.default_rng(1).random(len(some)) < some["days_since_last_order"] / 300).to_numpy(np.float64)
    model = Boosted.fitted(encoding.inputs(some), left, encoding.columns, seed=1)
    return ChurnModel(model, encoding, Calibration(1.0, 0.0), Shares(0.9, 0.5), 90, 365, 10).files()


def one(number: int) -> None:
    """Scores so many customers and prints a line for each problem."""
    with tempfile.TemporaryDirectory() as scratch:
        spark = spark_session("score customers", log_file=Path(scratch) / "spark.log", driver_memory="2g")
        known, seen = histories(spark, number), features(spark, number)
        kept, kept_of_churn = lifetime_files(known), churn_files(seen)
        told(spark, "lifetime value", number, lambda: lifetime_value(known, kept, as_of=AS_OF))
        told(spark, "churn", number, lambda: churn(seen, kept_of_churn, reasons=False))
        spark.stop()


def told(spark: SparkSession, name: str, number: int, scored: Callable[[], DataFrame]) -> None:
    for _ in range(2):
        began = time.monotonic()
        scored().write.format("noop").mode("overwrite").save()
        seconds = time.monotonic() - began
    assert spark.sparkContext._jvm is not None
    java = int(spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())
    workers = max(peak(pid) for pid in descendants(java)) / 1024
    print(
        f"{name}\t{number}\t{seconds:.1f}\t{number / seconds:.0f}\t{workers:.0f}\t{peak(java) / 1024:.0f}", flush=True
    )


def descendants(pid: int) -> list[int]:
    """Processes that come from this one."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            found = re.search(r"PPid:\s+(\d+)", status.read_text())
        except OSError:  # it has ended meanwhile
            continue
        parents[int(status.parent.name)] = int(found[1]) if found else 0
    children = [child for child, parent in parents.items() if parent == pid]
    return children + [below for child in children for below in descendants(child)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", type=int, nargs="+")
    parser.add_argument("--one", action="store_true", help="in this process")
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.customers[0])
        return
    print(f"{'':16}{'customers':>12}{'seconds':>9}{'rows/s':>10}{'worker MB':>11}{'Java MB':>9}")
    peaks: dict[str, list[float]] = {}
    for number in chosen.customers:
        asked = [sys.executable, "-m", "bench.score_customers", "--one", str(number)]
        said = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
        for name, *figures in (line.split("\t") for line in said.splitlines() if "\t" in line):
            count, seconds, rate, workers, java = map(float, figures)
            print(f"{name:16}{count:12,.0f}{seconds:9.1f}{rate:10,.0f}{workers:11,.0f}{java:9,.0f}")
            peaks.setdefault(name, []).append(workers)
    sys.exit(0 if all(of[-1] <= _MOST_GROWTH * of[0] for of in peaks.values()) else 1)


if __name__ == "__main__":
    main()
