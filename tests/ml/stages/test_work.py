"""Training, use and settling of models within runs, over a small shop and a registry of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.published import newest, open_published
from lakehouse.settings import Settings, load_settings
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST, TABLES
from ml.stages.work import Work
from ml.steps import STEPS
from ml.tracking.registry import Registry
from ml.tracking.store import store_of
from tests.ml.shop import AS_OF, write_shop

pytestmark = pytest.mark.spark

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
NAMES = ("churn-s", "clv-s", "demand-s")


@dataclass
class World:
    """A lake with the shop, and runs over it."""

    spark: SparkSession
    settings: Settings
    runs: int = 0
    said: list[str] = field(default_factory=list)

    def run(self, as_of: date = AS_OF) -> tuple[Lake, Work]:
        """A run, with its features built."""
        self.runs += 1
        lake = Lake(self.spark, self.settings.lake, run_id=f"run {self.runs}", as_of=as_of)
        for step in STEPS:
            step.build(lake, self.settings)
        return lake, Work(lake, self.settings, self.said.append, now=NOW + timedelta(minutes=self.runs))

    def publish(self, lake: Lake, used: Any) -> None:
        publish(lake, batches=[self.runs], configuration=dict(used), now=NOW + timedelta(minutes=self.runs))

    @property
    def registry(self) -> Registry:
        return Registry(store_of(self.settings))

    def champions(self) -> dict[str, int]:
        """Model -> version that is champion."""
        versions = [one for name in NAMES for one in self.registry.versions_of(name)]
        return {one.name: one.version for one in versions if "champion" in one.aliases}


@pytest.fixture(scope="module")
def world(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The shop, its models trained, scored, published and settled by a first run."""
    root = tmp_path_factory.mktemp("models")
    write_shop(root / "lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_MODELS__ENABLED", "true")
        patch.setenv("LAKEHOUSE_MODELS__CHURN__LEAST_CUSTOMERS", "50")
        patch.setenv("LAKEHOUSE_MODELS__CLV__LEAST_CUSTOMERS", "50")
        patch.setenv("LAKEHOUSE_MODELS__DEMAND__FOLDS", "2")
        settings = load_settings(lake=root / "lake", landing=root / "landing")
        made = World(spark, settings)
        lake, work = made.run()
        work.train([], if_due=True)
        made.before = made.champions()  # type: ignore[attr-defined]
        made.publish(lake, work.score())
        work.settle(newest(settings.lake))
        yield made


def rows(world: World, query: str) -> list[tuple[Any, ...]]:
    with open_published(world.settings.lake) as lake:
        return lake.sql(query).fetchall()


def test_a_training_alone_makes_no_champion_and_the_publication_makes_them(world: World) -> None:
    assert world.before == {}  # type: ignore[attr-defined]
    assert set(world.champions()) == set(NAMES)
    used = {
        name.removeprefix("model:"): int(version) for name, version in newest(world.settings.lake).configuration.items()
    }
    assert world.champions() == used


def test_every_customer_and_every_level_has_predictions_within_their_bounds(world: World) -> None:
    [(customers, predicted, low, high, unsaid)] = rows(
        world,
        """SELECT (SELECT count(DISTINCT customer_durable_key) FROM gold.order_totals), count(*),
            min(churn_probability), max(churn_probability),
            count_if(churn_reason_1 IS NULL AND churn_method <> 'lapsed')
        FROM gold.customer_predictions""",
    )
    assert predicted == customers
    assert 0 <= low < high <= 1
    assert unsaid == 0
    [(off,)] = rows(world, "SELECT max(abs(list_sum(clv_months) - clv)) FROM gold.customer_predictions")
    assert off < 0.001
    levels = dict(rows(world, "SELECT series_level, count(DISTINCT series_value) FROM gold.demand_forecast GROUP BY 1"))
    assert (levels["total"], levels["category"]) == (1, 2)


def test_what_was_measured_of_the_champions_is_in_gold(world: World) -> None:
    roles = rows(world, "SELECT DISTINCT problem, candidate_role FROM gold.model_scores")
    assert {problem for problem, role in roles if role == "champion"} == {"churn", "clv", "demand"}
    assert {problem for problem, role in roles if role == "baseline"} >= {"churn", "clv"}
    assert {name for (name,) in rows(world, "SELECT DISTINCT curve FROM gold.model_curves")} >= {
        "calibration",
        "deciles",
    }


def test_scoring_again_commits_nothing_and_a_training_that_is_not_due_does_not_happen(world: World) -> None:
    lake, work = world.run()
    versions = {table.name: lake.version(table) for table in TABLES}
    count = len(world.registry.versions_of("churn-s"))
    work.train([], if_due=True)
    said = work.score()
    assert {table.name: lake.version(table) for table in TABLES} == versions
    assert len(world.registry.versions_of("churn-s")) == count
    assert said == {f"model:{name}": str(version) for name, version in world.champions().items()}


@pytest.mark.long
def test_the_same_data_and_seed_give_the_same_model_bytes_and_measures(world: World) -> None:
    """A second training on the same publication; killed before its publication it changes no champion either."""
    before = world.champions()
    _, work = world.run()
    work.train([], if_due=False)
    for name in NAMES:
        first, *_, last = world.registry.versions_of(name)
        assert first.version < last.version
        if first.candidate == last.candidate:
            assert first.tags["sha256"] == last.tags["sha256"]
    assert world.champions() == before


@pytest.mark.long
def test_the_next_day_predicts_from_that_day_without_training(world: World) -> None:
    lake, work = world.run(AS_OF + timedelta(days=1))
    work.train([], if_due=True)
    work.score()
    seen = lake.read(CUSTOMER_PREDICTIONS).select("predicted_on").distinct().collect()
    assert [row[0] for row in seen] == [AS_OF + timedelta(days=1)]
    weeks = lake.read(DEMAND_FORECAST).selectExpr("min(week_start)").collect()
    assert weeks[0][0] >= AS_OF - timedelta(days=6)
    for table in TABLES:
        lake.start_from_published([table])


def test_a_shop_with_too_little_history_has_fallbacks_that_say_so(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_MODELS__ENABLED", "true")
        patch.setenv("LAKEHOUSE_MODELS__DEMAND__LEAST_WEEKS", "200")
        write_shop(tmp_path / "lake", customers=15)
        small = World(spark, load_settings(lake=tmp_path / "lake", landing=tmp_path))
        lake, work = small.run()
        work.train([], if_due=True)
        assert work.score() == {}
    assert any(one.startswith("churn of s is not trained: ") for one in small.said)
    found = lake.read(CUSTOMER_PREDICTIONS).select("churn_method", "clv_method", "churn_model_version").distinct()
    methods = {tuple(row) for row in found.collect()}
    assert {version for *_, version in methods} == {None}
    assert (
        lake.read(CUSTOMER_PREDICTIONS).count() == lake.read(CUSTOMER_PREDICTIONS).where("clv_method = 'mean'").count()
    )
