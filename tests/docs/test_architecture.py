"""docs/architecture.md says what is so: its rooms, its layers and the files that it names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TREE, LAYERS = (re.search(rf"^## {title}.*?^```\n(.*?)^```", PAGE, re.M | re.S) for title in ("The tree", "Who may"))
PLACES = ("", "docs", "lakehouse", "lakehouse/bronze/formats", "quality/checks")
"""Where a path of the page may begin."""
NAMED = sorted(
    set(re.findall(r"`([\w./]+(?:/|\.py|\.toml|\.md))`", PAGE)) | set(re.findall(r"\]\(([\w-]+\.md)\)", PAGE))
)


def rooms(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def test_the_tree_has_every_room_of_the_library_and_no_other() -> None:
    assert TREE
    library = TREE[1].split("lakehouse/", 1)[1].split("\nquality/", 1)[0]
    assert set(re.findall(r"^  (\w+)/", library, re.M)) == rooms(ROOT / "lakehouse")


def test_the_layers_are_those_that_are_held() -> None:
    assert LAYERS
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [held] = [one["layers"] for one in contracts["contracts"] if one.get("containers") == ["lakehouse"]]
    assert re.findall(r"^  (\S+(?: \| \w+)*)", LAYERS[1], re.M) == held


def test_files_are_named() -> None:
    assert len(NAMED) > 20


@pytest.mark.parametrize("path", NAMED)
def test_a_file_or_folder_that_is_named_is_there(path: str) -> None:
    assert any((ROOT / place / path).exists() for place in PLACES)
