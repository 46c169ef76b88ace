"""Whose configuration is used: a folder that somebody else filled does not decide what is read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.settings import ConfigurationError, conf_dir, whose_conf
from lakehouse.settings.trusted import why_foreign

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current folder with a configuration of its own."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    for path in (tmp_path / "conf", *(tmp_path / "conf").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAKEHOUSE_CONF", raising=False)
    conf_dir.cache_clear()
    yield tmp_path
    conf_dir.cache_clear()


def test_ones_own_configuration_of_the_current_folder_is_used_and_said(here: Path) -> None:
    assert conf_dir() == here / "conf"
    assert whose_conf() == "of the current folder"


@AS_ROOT
@pytest.mark.parametrize("what", [".", "lakehouse.toml", "sources", "sources/shop.toml"])
def test_what_another_user_owns_is_refused(here: Path, what: str) -> None:
    os.chown(here / "conf" / what, 12345, -1)
    with pytest.raises(ConfigurationError, match=r"another user \(number 12345\).*LAKEHOUSE_CONF=") as refused:
        conf_dir()
    assert refused.value.exit_code == 2
    assert str(here / "conf" / what) in str(refused.value)


@pytest.mark.parametrize("what", [".", "lakehouse.toml", "sources/shop.toml"])
def test_what_every_user_may_write_is_refused(here: Path, what: str) -> None:
    path = here / "conf" / what
    path.chmod(path.stat().st_mode | 0o002)
    with pytest.raises(ConfigurationError, match="written by every user"):
        conf_dir()


def test_what_a_group_may_write_is_used(here: Path) -> None:
    path = here / "conf" / "lakehouse.toml"
    path.chmod(0o664)
    assert conf_dir() == here / "conf"


def test_a_folder_that_is_named_is_used_whoever_owns_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "conf").chmod(0o777)
    monkeypatch.setenv("LAKEHOUSE_CONF", str(here / "conf"))
    assert conf_dir() == here / "conf"
    assert whose_conf() == "named by LAKEHOUSE_CONF"


def test_the_configuration_of_the_code_is_used_as_the_code_is(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import lakehouse.settings.general as general

    monkeypatch.setattr(general, "__file__", str(here / "lakehouse" / "settings" / "general.py"))
    (here / "conf").chmod(0o777)
    assert conf_dir() == here / "conf"


@AS_ROOT
def test_a_file_of_root_is_trusted_by_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert why_foreign(here / "conf") == ""


def test_without_one_in_the_current_folder_the_checkout_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAKEHOUSE_CONF", raising=False)
    conf_dir.cache_clear()
    assert conf_dir() == ROOT / "conf"
    assert whose_conf() == "of the checkout"
    conf_dir.cache_clear()
