"""Runs that are killed at any instant: whatever was under way then, the run after it ends in the right tables.

KILLS=60 has sixty of them, KILLS_SEED=N others. Each prints its seed and instant.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.docs.pages import ROOT
from tests.journeys.compare import AS_OF, contents
from tests.journeys.conftest import DAYS, HEADER

pytestmark = [pytest.mark.journey, pytest.mark.long]
KILLS, FIRST_SEED = int(os.environ.get("KILLS", "6")), int(os.environ.get("KILLS_SEED", "1"))
FIRST, THEN = ("2011-01-03", "2011-01-04"), ("2011-02-05",)
STAGES = ("ingest", "silver", "gold", "publish")


class Shop:
    """Lakes of one shop, and what they come to when nothing is killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.deliver("first", *FIRST)
        self.timed("first", "run")
        self.first = contents(folder / "first")
        self.copy("first", "then")
        self.deliver("then", *THEN)
        self.timed("then", "run")
        self.then = contents(folder / "then")

    def deliver(self, lake: str, *days: str) -> None:
        landing = self.folder / f"landing_{lake}" / "online_retail"
        landing.mkdir(parents=True, exist_ok=True)
        lines = [HEADER, *(line for day in days for line in DAYS[day])]
        (landing / f"{days[0]}.csv").write_text("\n".join(lines) + "\n")

    def copy(self, lake: str, other: str) -> None:
        for name in ("{}", "landing_{}"):
            shutil.copytree(self.folder / name.format(lake), self.folder / name.format(other))

    def timed(self, lake: str, command: str) -> None:
        began = time.monotonic()
        self.done(lake, command)
        self.seconds[f"{lake} {command}"] = time.monotonic() - began

    def done(self, lake: str, command: str) -> None:
        process = self._started(lake, command)
        said = process.communicate()[0]
        assert process.returncode == 0, said

    def killed(self, lake: str, command: str, after: float) -> bool:
        """Starts a command and kills it, with all that it started. False where it had ended by then."""
        process = self._started(lake, command)
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
        return False

    def _started(self, lake: str, command: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "jobs.cli", command, "--lake", str(self.folder / lake)]
        if command in ("run", "ingest"):
            words += ["--landing", str(self.folder / f"landing_{lake}")]
        if command in ("run", "ingest", "silver"):
            words += ["--source", "online_retail"]
        return subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, "LAKEHOUSE_AS_OF": str(AS_OF)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def shop(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_ENGINE", engine)
        yield Shop(tmp_path_factory.mktemp("shop"))


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + KILLS))
def test_a_run_that_was_killed_at_any_instant_leaves_no_trace(shop: Shop, seed: int) -> None:
    chance, lake = Random(seed), f"killed{seed}"
    phase = ("first load", "increment", "stages")[seed % 3]
    if phase == "first load":
        shop.deliver(lake, *FIRST)
        after = chance.uniform(0.2, shop.seconds["first run"])
        was_killed = shop.killed(lake, "run", after)
        shop.done(lake, "run")
    else:
        shop.copy("first", lake)
        shop.deliver(lake, *THEN)
        after = chance.uniform(0.2, shop.seconds["then run"])
        was_killed = shop.killed(lake, "run", after) if phase == "increment" else by_stages(shop, lake, chance, after)
        shop.done(lake, "run")
    print(f"seed {seed}: {phase}, {'killed' if was_killed else 'ended before'} after {after:.1f} s")
    assert contents(shop.folder / lake) == (shop.first if phase == "first load" else shop.then)
    shutil.rmtree(shop.folder / lake)


def by_stages(shop: Shop, lake: str, chance: Random, after: float) -> bool:
    """Stages as jobs, one of which is killed; a scheduler tries it again and goes on."""
    victim = chance.choice(STAGES)
    was_killed = False
    for stage in STAGES:
        if stage == victim:
            was_killed = shop.killed(lake, stage, after / 2)
        if stage != victim or was_killed:
            shop.done(lake, stage)
    return was_killed
