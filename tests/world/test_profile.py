"""Profiles say what a shop is like, and mistakes in them are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.world.chance import Chance
from lakehouse.world.plant import with_defects
from lakehouse.world.profile import Profile, load_profile, profile_names
from lakehouse.world.spoil import spoil_files
from tests.own_conf import own_conf


@pytest.mark.parametrize("name", profile_names())
def test_each_shipped_profile_is_valid(name: str) -> None:
    assert load_profile(name).days > 0


def test_a_profile_says_only_what_differs_from_the_one_it_extends() -> None:
    seed, tiny = load_profile("seed"), load_profile("tiny")
    assert tiny.customers != seed.customers
    assert tiny.arrival.existing == seed.arrival.existing
    assert tiny.defects == seed.defects


def test_the_reference_shop_has_the_span_and_sizes_it_is_calibrated_to() -> None:
    seed = load_profile("seed")
    assert (seed.start, seed.end) == (date(2022, 10, 1), date(2024, 2, 1))
    assert (seed.seed, seed.customers, seed.products, seed.categories) == (42, 50_000, 1_000, 10)
    assert (seed.campaigns.number, seed.affinity_pairs) == (12, 40)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no profile huge.*seed.*tiny"):
        load_profile("huge")


def test_a_span_needs_a_day() -> None:
    values = load_profile("tiny").model_dump()
    with pytest.raises(ValidationError, match="must be after start"):
        Profile(**{**values, "end": values["start"]})


def test_an_unknown_kind_of_defect_is_named(spark: SparkSession, tmp_path: Path) -> None:
    rows = spark.range(1)
    with pytest.raises(ValueError, match=r"defects\.orders: no such kind: typo"):
        with_defects(rows, "orders", ["id"], {"typo": 0.1}, Chance(1), "id")
    with pytest.raises(ValueError, match=r"defects\.files: no such kind: typo"):
        list(spoil_files(tmp_path, [], {"typo": 0.1}, 1))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": 'extends = "a"'}, r"a\.toml: extends itself \(a → a\)"),
        ({"a": 'extends = "b"', "b": 'extends = "c"', "c": 'extends = "b"'}, r"extends itself \(a → b → c → b\)"),
        ({"a": 'extends = "nobody"'}, r"a\.toml: extends nobody"),
        ({"a": f'extends = "tiny"\ncustomers = 1{"0" * 21}'}, "customers"),
    ],
)
def test_a_profile_that_comes_to_no_end_or_no_shop_is_a_mistake_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], said: str
) -> None:
    with own_conf(tmp_path, monkeypatch) as conf:
        for name, text in files.items():
            (conf / "profiles" / f"{name}.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=said):
            load_profile("a")
