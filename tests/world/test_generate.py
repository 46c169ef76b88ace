"""One folder holds one shop: what would mix two, or overwrite what was not generated, is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lakehouse.settings import ConfigurationError
from lakehouse.world.profile import Profile
from tests.world.conftest import MadeShop, Make


def test_going_on_with_another_shop_is_refused(make: Make, smallest: Profile, shop: MadeShop) -> None:
    later = {"from_": smallest.end, "until": smallest.end + timedelta(days=1), "landing": shop.landing}
    before = shop.bytes_of_files()
    for other in ({"seed": 7}, {"scale": 2.0}, {"clean": True}):
        with pytest.raises(ConfigurationError, match="holds another shop"):
            make(smallest, **later, **other)
    with pytest.raises(ConfigurationError, match="holds another shop"):
        make(smallest.model_copy(update={"name": "other"}), **later)
    assert shop.bytes_of_files() == before


def test_going_on_where_there_is_no_shop_is_refused(make: Make, smallest: Profile, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no shop to go on with"):
        make(smallest, from_=smallest.start + timedelta(days=1), landing=tmp_path / "landing")


def test_files_that_were_not_generated_are_never_overwritten(make: Make, smallest: Profile, tmp_path: Path) -> None:
    own = tmp_path / "landing" / "shop" / "orders.csv"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    with pytest.raises(ConfigurationError, match="not generated"):
        make(smallest, landing=tmp_path / "landing")
    assert own.read_text() == "mine"


def test_an_empty_stretch_of_days_is_refused(make: Make, smallest: Profile) -> None:
    with pytest.raises(ConfigurationError, match="is not after"):
        make(smallest, until=smallest.start)
