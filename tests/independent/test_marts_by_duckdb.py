"""The marts of whole lakes equal, cell by cell, what DuckDB works out from the published star without our code."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from lakehouse.published import open_published
from lakehouse.world.profile import load_profile
from tests.independent.queries import CHECKS, differences

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(3000)]
AS_OF = date(2012, 1, 1)
PROFILE = "seed"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def online_retail(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the whole file, made by the command in a process of its own: takes some minutes."""
    folder = tmp_path_factory.mktemp("online_retail")
    (folder / "landing").mkdir()
    (folder / "landing" / "online_retail").symlink_to(shared_data / "online_retail")
    return loaded(folder, "online_retail", AS_OF)


@pytest.fixture(scope="module")
def generated_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the reference shop at scale 1, defects and all, made by the commands too."""
    folder = tmp_path_factory.mktemp("generated_shop")
    command("generate", "--profile", PROFILE, "--scale", "1", "--out", str(folder / "landing"))
    return loaded(folder, "shop", load_profile(PROFILE).end)


def command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "jobs.cli", *arguments], cwd=ROOT, check=True)


def loaded(folder: Path, source: str, as_of: date) -> Path:
    """The lake that the command makes of what is in `landing`."""
    places = ["--lake", str(folder / "lake"), "--landing", str(folder / "landing")]
    command("run", "--source", source, "--as-of", as_of.isoformat(), *places)
    return folder / "lake"


@pytest.mark.parametrize("mart", CHECKS)
def test_a_mart_of_online_retail_is_what_duckdb_works_out(online_retail: Path, mart: str) -> None:
    assert_equal(online_retail, mart, AS_OF)


@pytest.mark.parametrize("mart", CHECKS)
def test_a_mart_of_the_generated_shop_is_what_duckdb_works_out(generated_shop: Path, mart: str) -> None:
    assert_equal(generated_shop, mart, load_profile(PROFILE).end)


def test_the_first_cohort_of_online_retail_is_the_published_one(online_retail: Path) -> None:
    query = """
        SELECT customers FROM gold.cohort_retention WHERE cohort_month = DATE '2010-12-01' ORDER BY month_number
    """
    with open_published(online_retail) as published:
        counts = [row[0] for row in published.sql(query).fetchall()]
        partial = published.sql("SELECT DISTINCT order_month FROM gold.cohort_retention WHERE is_partial").fetchall()
        [(wrong,)] = published.sql(
            "SELECT count(*) FROM gold.cohort_retention WHERE (customers IS NULL) <> (order_month > DATE '2011-12-01')"
        ).fetchall()
    assert counts == [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
    assert partial == [(date(2011, 12, 1),)]
    assert wrong == 0


def assert_equal(lake: Path, mart: str, as_of: date) -> None:
    """Every row of one is a row of the other."""
    names = ", ".join(columns_of(lake, mart, as_of))
    with open_published(lake) as published:
        [counts] = published.sql(differences(mart, as_of.isoformat()).format(names=names)).fetchall()
    expected, built, both = counts
    assert (built, both) == (expected, expected)
    assert expected > 0


def columns_of(lake: Path, mart: str, as_of: date) -> list[str]:
    with open_published(lake) as published:
        query = CHECKS[mart][0].format(as_of=as_of.isoformat())
        return list(published.sql(f"SELECT * FROM ({query}) LIMIT 0").columns)
