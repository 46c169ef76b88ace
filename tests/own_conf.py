"""A configuration of a test's own: a copy that it may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lakehouse.settings import conf_dir


@contextmanager
def own_conf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder <folder>/conf, from which all is read meanwhile."""
    shutil.copytree(conf_dir(), folder / "conf")
    with monkeypatch.context() as patch:
        patch.setenv("LAKEHOUSE_CONF", str(folder / "conf"))
        conf_dir.cache_clear()
        try:
            yield folder / "conf"
        finally:  # also where a test fails within: those after it read their own
            conf_dir.cache_clear()
