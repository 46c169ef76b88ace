"""Misspelt keys and variables are told, with what is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lakehouse.settings import ConfigurationError, Settings, conf_dir, load_settings, source_names
from lakehouse.settings.names import problems

FIELDS = ("lake", "landing", "models")


@pytest.mark.parametrize(
    ("environment", "keys", "expected"),
    [
        ({"LAKEHOUSE_LAKE": "x", "LAKEHOUSE_MODELS__CHURN__FOLDS": "3", "LAKEHOUSE_CONF": "c"}, ["landing"], []),
        ({"LAKEHOUSE_LAEK": "x"}, [], ["LAKEHOUSE_LAEK: there is no such variable: did you mean LAKEHOUSE_LAKE?"]),
        ({"LAKEHOUSE_QQQQ": "x"}, [], ["LAKEHOUSE_QQQQ: there is no such variable"]),
        ({"LAKEHOUSE_MODEL__CHURN": "x"}, [],
         ["LAKEHOUSE_MODEL__CHURN: there is no such variable: did you mean LAKEHOUSE_MODELS?"]),
        ({"LAKEHOUSE_LAKE": ""}, [], ["LAKEHOUSE_LAKE is empty: give it a value, or unset it"]),
        ({"LAKEHOUSE_LAEK": ""}, [], ["LAKEHOUSE_LAEK: there is no such variable: did you mean LAKEHOUSE_LAKE?"]),
        ({"PATH": "", "LAKE": ""}, [], []),
        ({}, ["landin"], ["landin: there is no such key: did you mean landing?"]),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_told_with_the_nearest_name(environment, keys, expected):
    assert problems(environment, keys, FIELDS) == expected


def test_a_variable_that_is_none_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_LANDIN", "here")
    with pytest.raises(ConfigurationError, match=r"LAKEHOUSE_LANDIN: .*did you mean LAKEHOUSE_LANDING"):
        load_settings()


@pytest.fixture
def other_conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of the configuration that `LAKEHOUSE_CONF` names."""
    shutil.copytree(conf_dir(), tmp_path / "conf")
    monkeypatch.setenv("LAKEHOUSE_CONF", str(tmp_path / "conf"))
    conf_dir.cache_clear()
    yield tmp_path / "conf"
    conf_dir.cache_clear()


def test_a_key_that_is_none_ends_in_an_error(other_conf: Path) -> None:
    file = other_conf / "lakehouse.toml"
    file.write_text('reporting_curency = "EUR"\n' + file.read_text())
    with pytest.raises(ConfigurationError, match=r"reporting_curency: .*did you mean reporting_currency"):
        load_settings()


def test_a_folder_that_is_named_and_holds_no_configuration_is_not_passed_over(
    other_conf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().model_fields_set <= set(Settings.model_fields)
    (other_conf / "lakehouse.toml").unlink()
    conf_dir.cache_clear()
    with pytest.raises(ConfigurationError, match=r"LAKEHOUSE_CONF: there is no lakehouse\.toml"):
        conf_dir()
    monkeypatch.setenv("LAKEHOUSE_CONF", "")
    with pytest.raises(ConfigurationError, match="LAKEHOUSE_CONF"):
        conf_dir()


def test_a_configuration_without_a_folder_of_sources_is_not_one_without_sources(other_conf: Path) -> None:
    shutil.rmtree(other_conf / "sources")
    with pytest.raises(ConfigurationError, match="sources: there is no such folder"):
        source_names()
    (other_conf / "sources").mkdir()
    assert source_names() == []


@pytest.mark.parametrize("name", ["SECONDS", "MEMORY_GIB", "SPILL_GIB"])
def test_a_bound_of_queries_is_a_number_that_ends(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"LAKEHOUSE_SQL__{name}", "inf")
    with pytest.raises(ConfigurationError, match=rf"sql\.{name.lower()}"):
        load_settings()


@pytest.mark.parametrize("name", ["AS_OF", "CALENDAR__FIRST_DAY", "CALENDAR__LAST_DAY"])
@pytest.mark.parametrize(("outside", "within"), [("1582-12-31", "1583-01-01"), ("9999-01-01", "9998-12-31")])
def test_days_have_days_before_and_after_them(
    monkeypatch: pytest.MonkeyPatch, name: str, outside: str, within: str
) -> None:
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__FIRST_DAY", "1583-01-01")
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__LAST_DAY", "9998-12-31")
    monkeypatch.setenv(f"LAKEHOUSE_{name}", within)
    load_settings()
    monkeypatch.setenv(f"LAKEHOUSE_{name}", outside)
    with pytest.raises(ConfigurationError, match=name.lower().replace("__", r"\.")):
        load_settings()


def test_a_calendar_ends_after_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__FIRST_DAY", "2024-01-01")
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__LAST_DAY", "2024-01-01")
    assert load_settings().calendar.last_day.year == 2024
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__LAST_DAY", "2023-12-31")
    with pytest.raises(ConfigurationError, match="last_day 2023-12-31 is before first_day 2024-01-01"):
        load_settings()
