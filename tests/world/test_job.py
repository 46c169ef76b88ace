"""The job that generates: by the engine that is asked for, which leaves nothing of its own behind."""

from __future__ import annotations

import os
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from lakehouse.engine.sail.engine import CONNECT
from lakehouse.settings import load_settings
from lakehouse.world.generate import MARK, Request, truth_folder
from lakehouse.world.job import MOST_FOR_SAIL, megabytes, run
from lakehouse.world.profile import Profile
from tests.world.conftest import MadeShop


@pytest.fixture
def request_of(smallest: Profile) -> Request:
    return Request(smallest, smallest.seed, 1.0, smallest.start, smallest.end, clean=False)


def test_a_shop_by_sail_lies_there_with_its_truth_and_nothing_else(
    shop: MadeShop, request_of: Request, tmp_path: Path
) -> None:
    before = os.environ.get(CONNECT)
    run(load_settings(landing=tmp_path / "landing", engine="sail"), request_of)
    assert MadeShop(shop.spark, shop.world, tmp_path / "landing").bytes_of_files() == shop.bytes_of_files()
    names, others = (
        {path.name for path in truth_folder(landing).iterdir()} for landing in (tmp_path / "landing", shop.landing)
    )
    assert names == others
    assert MARK in names
    assert os.environ.get(CONNECT) == before


@pytest.mark.parametrize(("more", "counts"), [(0, 0), (1, inf)])
def test_spark_is_for_many_customers(request_of: Request, more: int, counts: float) -> None:
    scale = (MOST_FOR_SAIL + more) / request_of.profile.customers
    assert megabytes(replace(request_of, scale=scale)) == counts
