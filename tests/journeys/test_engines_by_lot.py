"""Files in any order, each delivery by an engine that is drawn: the tables of one run over all of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from lakehouse.published.same_rows import between
from lakehouse.tables.registry import PUBLISHED
from lakehouse.world.profile import load_profile
from tests.journeys.by_engine import done, run

pytestmark = [
    *(pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(3000)),
    pytest.mark.usefixtures("java"),
]
UNTIL = str(load_profile("tiny").end)
DELIVERIES = 4


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_by_any_engine_comes_to_the_same(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    done(tmp_path, "generate", "--profile", "tiny", "--out", "landing", "--engine", "sail")
    run(tmp_path, "at_once", "shop", UNTIL, "sail")
    all_files = tmp_path / "all"
    (tmp_path / "landing").rename(all_files)
    files = sorted(path.relative_to(all_files) for path in all_files.rglob("*") if path.is_file())
    chance.shuffle(files)
    engines = ["sail", "spark", *chance.choices(["sail", "spark"], k=DELIVERIES - 2)]
    chance.shuffle(engines)
    for place, engine in enumerate(engines):
        for file in files[place::DELIVERIES]:
            (tmp_path / "landing" / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(all_files / file, tmp_path / "landing" / file)
        run(tmp_path, "in_parts", "shop", UNTIL, engine)
    assert between(tmp_path / "at_once", tmp_path / "in_parts", PUBLISHED) == []
