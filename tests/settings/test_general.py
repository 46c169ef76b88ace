"""Where the configuration is found, and what of it gold depends on."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pydantic import ValidationError

from lakehouse.settings import ConfigurationError, load_settings

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys; sys.path.insert(0, sys.argv[1])
from lakehouse import settings
assert settings.__file__.startswith(sys.argv[1])
print(settings.conf_dir(), *settings.source_names())
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The library with its configuration as a wheel holds them."""
    path = tmp_path / "lakehouse.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in (ROOT / "lakehouse").rglob("*.py"):
            archive.write(file, file.relative_to(ROOT))
        for file in (ROOT / "conf").rglob("*.*"):
            archive.write(file, Path("lakehouse/_conf") / file.relative_to(ROOT / "conf"))
    return path


def test_a_wheel_that_is_not_unpacked_brings_its_configuration_and_leaves_nothing_behind(
    wheel: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", ASK, str(wheel)], cwd=elsewhere, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    folder, *sources = ran.stdout.split()
    assert sources == sorted(file.stem for file in (ROOT / "conf" / "sources").glob("*.toml"))
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPORTING_CURRENCY", "EUR"),
        ("CALENDAR__FISCAL_YEAR_STARTS_IN", "4"),
        ("CALENDAR__LAST_DAY", "2049-12-30"),
        ("ANALYTICS__RETURNS__CONFIDENCE", "0.9"),
        ("ANALYTICS__DECOMPOSITION__LEAST_ACTIVE_SHARE", "0.51"),
    ],
)
def test_what_gold_depends_on_changes_its_fingerprint(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    before = load_settings().gold_fingerprint()
    monkeypatch.setenv(f"LAKEHOUSE_{name}", value)
    assert load_settings().gold_fingerprint() != before
    monkeypatch.undo()
    assert load_settings().gold_fingerprint() == before


@pytest.mark.parametrize(("name", "value"), [("LANDING", "elsewhere"), ("SPARK__MASTER", "local[1]")])
def test_where_files_are_and_how_spark_works_is_of_no_matter_to_gold(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    before = load_settings()
    monkeypatch.setenv(f"LAKEHOUSE_{name}", value)
    after = load_settings()
    assert after != before
    assert after.gold_fingerprint() == before.gold_fingerprint()


def test_what_is_set_stays_as_it_was_loaded() -> None:
    settings, name = load_settings(), "reporting_currency"
    with pytest.raises(ValidationError, match="frozen"):
        setattr(settings, name, "USD")


def test_a_value_that_does_not_fit_is_said_by_its_place_in_words_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_CALENDAR__FISCAL_YEAR_STARTS_IN", "may")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert "calendar.fiscal_year_starts_in: must be a whole number" in str(refused.value)
    assert "pydantic" not in str(refused.value)
