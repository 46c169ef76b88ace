"""Drafts of landing folders that tests fill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.load import read_source
from lakehouse.sources.model import Source

Draft = Callable[..., Source]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """draft({"orders.csv": text}): the drafted source of a landing folder with these files."""

    def build(files: dict[str, str | bytes], edit: Callable[[str], str] = str) -> Source:
        landing = tmp_path / "landing" / "merchant"
        for name, content in files.items():
            path = landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        text = draft_source("merchant", tmp_path / "landing")
        path = tmp_path / "merchant.toml"
        path.write_text(edit(text), encoding="utf-8")
        return read_source(path)

    return build
