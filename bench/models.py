"""What models are worth on a lake: `python -m bench.models churn --lake LAKE [--horizon 90] [--test 2011-09-10]`.

Features are worked out from the newest publication anew, so a lake without tables of models will do. Nothing is
written.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from lakehouse.engine.spark.session import spark_session
from lakehouse.gold.amounts import converted_sources, counted_returns
from lakehouse.lake import Lake
from lakehouse.settings import Settings, load_settings
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from ml.churn.judge import MEASURES
from ml.churn.train import train
from ml.features.customer_features import customer_features
from ml.features.step import wanted_cut_offs
from ml.training import NotTrained, Training


def features_of(lake: Lake, settings: Settings, more: list[date]) -> DataFrame:
    """gold.customer_features as a run would make it, at some more cut-offs."""
    rules = settings.models.churn
    return customer_features(
        lake.read_published(ORDER_TOTALS),
        counted_returns(lake.read_published(FACT_RETURNS), converted_sources(lake)),
        lake.read_published(DIM_CUSTOMER),
        lake.read_published(CAMPAIGN_TOUCHES),
        cut_offs=sorted({*wanted_cut_offs(lake.as_of, rules.cut_offs), *more}),
        look_back_days=rules.look_back_days,
        everyone_at=(lake.as_of,),
    )


def churn(lake: Lake, settings: Settings, horizons: list[int], test: date | None) -> None:
    features = features_of(lake, settings, [test] if test else []).persist()
    sources = [row[0] for row in features.select("source_system").distinct().collect()]
    for source in sorted(sources):
        of_source = f"source_system = '{source}'"
        for horizon in horizons:
            rules = settings.models.churn.model_copy(update={"horizon_days": horizon})
            begun = time.monotonic()
            as_of = test + timedelta(days=horizon) if test else lake.as_of
            found = train(
                features.where(of_source),
                lake.read_published(ORDER_TOTALS).where(of_source),
                as_of=as_of,
                rules=rules,
                models=settings.models,
            )
            print(f"\n{source}, {horizon} days, as of {as_of}: {time.monotonic() - begun:.0f} s")
            show(found)


def show(found: Training | NotTrained) -> None:
    if isinstance(found, NotTrained):
        print(found.why)
        return
    window = found.window
    print(
        f"trained {window.trained_from} to {window.trained_until}, tested {window.tested_from} to {window.tested_until}"
    )
    print(f"{'':22}" + "".join(f"{name:>26}" for name in MEASURES))
    for one in found.candidates:
        scores = (one.score(name) for name in MEASURES)
        cells = (f"{s.value:.4f} ({s.low or 0:.4f}-{s.high or 0:.4f})" for s in scores)
        print(f"{one.name:22}" + "".join(f"{cell:>26}" for cell in cells))
    for each in (found.against_baseline, found.against_champion):
        if each:
            print(f"{found.best} against {each.than}: {each.value:+.4f} ({each.low:+.4f} to {each.high:+.4f})")
    print(
        "most important:",
        ", ".join(p.label for p in found.candidate(found.best).curves if p.curve == "importance")[:200],
    )
    print(*found.remarks, sep="\n")


def session() -> SparkSession:
    folder = Path(tempfile.mkdtemp(prefix="models-"))
    conf = {"spark.sql.shuffle.partitions": "4", "spark.sql.warehouse.dir": str(folder / "warehouse")}
    return spark_session("models", master="local[2]", driver_memory="2g", log_file=folder / "spark.log", conf=conf)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", choices=["churn"])
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--horizon", type=int, nargs="+", default=[90])
    parser.add_argument("--test", type=date.fromisoformat)
    asked = parser.parse_args()
    lake = Lake(session(), asked.lake, run_id="bench", as_of=asked.as_of)
    churn(lake, load_settings(), asked.horizon, asked.test)


if __name__ == "__main__":
    main()
