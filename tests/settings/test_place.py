from pathlib import Path

import pytest

from lakehouse.settings import ConfigurationError, load_settings


@pytest.mark.parametrize("name", ["a*b", "a?b", "[1]", "{x}", "a^b", "a|b", "a\\b", "a%20b", "a\nb"])
def test_a_lake_is_not_made_where_no_table_could_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="no table can be read below a folder with"):
        load_settings(lake=tmp_path / name / "lake")


def test_where_the_folder_is_counts_and_not_the_way_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "[1]").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "[1]")
    for lake in (tmp_path / "link", tmp_path / "[1]"):
        with pytest.raises(ConfigurationError, match=r"'\['"):
            load_settings(lake=lake)
    monkeypatch.chdir(tmp_path / "[1]")
    with pytest.raises(ConfigurationError, match=r"'\['"):
        load_settings(lake=Path("lake"))


def test_a_blank_an_accent_and_a_sign_may_stand_in_a_name(tmp_path: Path) -> None:
    lake = tmp_path / "Büro & Söhne #1, 100% (it's)"
    assert load_settings(lake=lake).lake == lake
