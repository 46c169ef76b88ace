"""Small shops: one with all there is, made once, and others made as a test wants them."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.engine.choose import engine_of
from lakehouse.world.generate import Request, generate, truth_folder
from lakehouse.world.profile import Profile, load_profile
from lakehouse.world.simulate import NO_ROWS
from lakehouse.world.world import World
from tests.conftest import speaking_connect


@dataclass(frozen=True)
class MadeShop:
    """A generated shop on disk."""

    spark: SparkSession
    world: World
    landing: Path

    @property
    def files(self) -> Path:
        return self.landing / "shop"

    def truth(self, table: str) -> DataFrame:
        return self.spark.read.parquet(str(truth_folder(self.landing) / table))

    def planted(self) -> DataFrame:
        """truth/defects: one row for each defect of a row."""
        files = (truth_folder(self.landing) / "defects").rglob("*.parquet")
        # Sail does not read a file of no rows, which Arrow wrote, beside its own: it calls what is in a map otherwise.
        return self.spark.read.parquet(*(str(path) for path in files if path.stem != NO_ROWS))

    def bytes_of_files(self) -> dict[str, bytes]:
        """All files of the shop, by their paths."""
        files = (path for path in self.files.rglob("*") if path.is_file())
        return {str(path.relative_to(self.files)): path.read_bytes() for path in files}


Make = Callable[..., MadeShop]


def maker(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """make(profile): a shop in a folder of its own; what Request holds may be given by name, and `landing`."""
    speaking = speaking_connect if engine_of(session).name == "sail" else nullcontext

    def made(profile: Profile, *, landing: Path | None = None, **values: Any) -> MadeShop:
        request = replace(Request(profile, profile.seed, 1.0, profile.start, profile.end, clean=False), **values)
        folder = landing or tmp_path_factory.mktemp("shop") / "landing"
        with speaking():
            return MadeShop(session, generate(session, request, folder, lambda _: None), folder)

    return made


@pytest.fixture(scope="session")
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """See `maker`; by Sail, or by Spark where TESTS_ENGINE says so."""
    by_spark = os.environ.get("TESTS_ENGINE") == "spark"
    return maker(request.getfixturevalue("classic" if by_spark else "sail"), tmp_path_factory)


@pytest.fixture(scope="session")
def tiny() -> Profile:
    return load_profile("tiny")


@pytest.fixture(scope="session")
def smallest(tiny: Profile) -> Profile:
    """Forty days of two hundred customers, with each kind of file and, where a kind of defect fits, many of them."""
    return tiny.model_copy(
        update={
            "customers": 200,
            "end": tiny.start + timedelta(days=40),
            "campaigns": tiny.campaigns.model_copy(update={"number": 1, "days": 10}),
            "defects": {kind: dict.fromkeys(rates, 0.8 / len(rates)) for kind, rates in tiny.defects.items()},
        }
    )


@pytest.fixture(scope="session")
def shop(make: Make, smallest: Profile) -> MadeShop:
    """The smallest shop, made at once, with its defects."""
    return make(smallest)
