"""A folder that no run looks into is told, for its name may be misspelt."""

from __future__ import annotations

from pathlib import Path

from lakehouse.pipeline.landing import not_taken_up

SOURCES = ("shop", "olist")


def test_a_landing_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    [said] = not_taken_up(tmp_path / "lnading", SOURCES)
    assert f"there is no landing folder {tmp_path / 'lnading'}" in said


def test_folders_of_no_source_are_told_with_the_nearest_one_or_the_way_to_make_one(tmp_path: Path) -> None:
    for name in ("shop", "shopp", "tea", ".hidden", "_old"):
        (tmp_path / name).mkdir()
    (tmp_path / "readme.txt").touch()
    near, new = not_taken_up(tmp_path, SOURCES)
    assert near.startswith(f"{tmp_path / 'shopp'}: no source is called so")
    assert near.endswith("near is shop")
    assert new.endswith("`lakehouse source new tea` drafts one")
