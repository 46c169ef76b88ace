"""Demand of a published lake: what each candidate reaches on the last weeks, beside the perfect forecaster.

    python -m bench.demand --lake lake --source shop --truth landing/../truth

Without `--truth` there is no perfect forecaster. Trains anew from the published tables; nothing is written.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pyspark.sql import DataFrame, SparkSession
from rich.console import Console
from rich.table import Table as Grid

from lakehouse.engine.spark.session import spark_session
from lakehouse.published import open_published
from lakehouse.settings import load_settings
from ml.demand.gathered import gathered
from ml.demand.panel import LEVELS
from ml.demand.score import score
from ml.demand.series import MEASURES, collected, weekly_sales
from ml.demand.train import train
from ml.oracle.demand import expected_weeks, figures
from ml.training import NotTrained, Training

READS = ("gold.product_days", "gold.dim_product", "gold.dim_date", "gold.dim_campaign")
Perfect = dict[tuple[str, str], float]
"""Level and measure -> WAPE."""


def main(
    lake: Annotated[Path, typer.Option()],
    source: Annotated[str, typer.Option()] = "shop",
    as_of: Annotated[str, typer.Option(help="The first day of which nothing is known")] = "2024-02-01",
    truth: Annotated[Path | None, typer.Option()] = None,
    driver_memory: str = "2g",
) -> None:
    """Prints WAPE, bias and coverage by level and measure, and seconds."""
    day = date.fromisoformat(as_of)
    with TemporaryDirectory() as folder:
        settings = load_settings(lake=lake, as_of=day)
        spark = spark_session("demand", driver_memory=driver_memory, log_file=Path(folder) / "spark.log")
        frames = read(spark, lake, source)
        started = time.perf_counter()
        models = settings.models
        given = gathered(*frames, as_of=day, most_products=models.demand.most_products)
        trained = train(given, rules=models.demand, models=models)
        print(f"trained in {time.perf_counter() - started:.0f} s")
        if isinstance(trained, NotTrained):
            print(trained.why)
            return
        show(trained, perfect(frames, truth, trained, day, models.demand.most_products))
        started = time.perf_counter()
        files = trained.candidate(trained.best).files
        rows = score(*frames, files, as_of=day, rules=models.demand).count()
        print(f"scored {rows:,} rows in {time.perf_counter() - started:.0f} s")


def read(spark: SparkSession, lake: Path, source: str) -> tuple[DataFrame, DataFrame, DataFrame, DataFrame]:
    """The frames that training takes, at the versions of the newest publication."""
    with open_published(lake) as published:
        assert published.publication is not None
        versions = published.publication.table_versions

    def table(name: str) -> DataFrame:
        path = str(lake.resolve() / name.replace(".", "/"))
        return spark.read.format("delta").option("versionAsOf", versions[name]).load(path)

    days, products, calendar, campaigns = map(table, READS)
    of_source = f"source_system = '{source}'"
    return days.where(of_source), products.where(of_source), calendar, campaigns.where(of_source)


def perfect(
    frames: tuple[DataFrame, ...], truth: Path | None, trained: Training, as_of: date, most_products: int
) -> Perfect:
    """What the perfect forecaster reaches in the test window; nothing without a truth."""
    if truth is None:
        return {}
    actual = collected(weekly_sales(frames[0], frames[1], as_of=as_of, most_products=most_products))
    window = trained.window
    found = figures(expected_weeks(truth), actual, first=window.tested_from, until=window.tested_until)
    return {(one.level, one.measure): one.wape for one in found}


def show(trained: Training, perfect: Perfect) -> None:
    """One table of all candidates' WAPE, one of the best one's other measures."""
    console = Console(width=140)
    window = trained.window
    grid = Grid("candidate", title=f"WAPE, {window.tested_from} to {window.tested_until}")
    levels = [(level, measure) for measure in MEASURES for level in LEVELS]
    for level, measure in levels:
        grid.add_column(f"{measure} {level}", justify="right")
    for one in trained.candidates:
        grid.add_row(one.name, *(f"{one.score('wape', f'{level} {measure}').value:.1%}" for level, measure in levels))
    if perfect:
        grid.add_row("perfect", *(f"{perfect[pair]:.1%}" if pair in perfect else "" for pair in levels))
    console.print(grid)
    best = trained.candidate(trained.best)
    grid = Grid(
        "level", *("wape", "of perfect", "of seasonal naive", "bias", "mape", "covered 80", "covered 95", "method")
    )
    naive = trained.candidate("seasonal_naive")
    for level, measure in levels:
        name = f"{level} {measure}"
        found = {one.measure: one.value for one in best.scores if one.level == name and one.fold is None}
        ours = found["wape"]
        ratio = f"{ours / perfect[level, measure]:.2f}" if (level, measure) in perfect else ""
        method = next(value for key, value in best.parameters.items() if key.endswith(f" {measure} {level}"))
        values = [f"{found[key]:.1%}" if key in found else "" for key in ("bias", "mape", "coverage_80", "coverage_95")]
        grid.add_row(name, f"{ours:.1%}", ratio, f"{ours / naive.score('wape', name).value:.2f}", *values, str(method))
    console.print(grid)
    against = trained.against_baseline
    print(
        f"{trained.level}: better than {against.than} by {against.value:.1%} ({against.low:.1%} to {against.high:.1%})"
    )
    for remark in trained.remarks:
        print(remark)


if __name__ == "__main__":
    typer.run(main)
