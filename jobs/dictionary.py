"""Writes docs/data-dictionary.md from the declarations of the tables."""

from __future__ import annotations

from pathlib import Path

from lakehouse.tables.dictionary import markdown

PAGE = Path("docs") / "data-dictionary.md"


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
