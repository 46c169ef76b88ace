"""The report of a publication as files. The same publication gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.data.answers import Answers, opened
from dashboard.report.compose import document, wanted
from dashboard.report.document import Document, Pictured
from dashboard.report.folders import reports_folder, stem
from dashboard.report.pictures import Picture, PicturesMissing, draw_pictures
from dashboard.report.render.html import html
from dashboard.report.render.markdown import markdown
from dashboard.report.render.text import text


@dataclass(frozen=True)
class Written:
    """The files of a report, and what is to be said of them."""

    files: tuple[Path, ...]
    """Markdown, text, HTML, then the pictures."""
    remark: str = ""

    @property
    def page(self) -> Path:
        """The one to open first."""
        return next(path for path in self.files if path.suffix == ".html")


def write_report(
    lake: Path, publication: int | None = None, out: Path | None = None, source: str | None = None
) -> Written:
    """Writes the report of a publication (the newest where None) below `out`, or in the lake's reports/executive.

    Raises NothingToReport, UnknownSource, and as `open_published`.
    """
    answers = opened(lake, publication)
    found = wanted(answers, source)
    pictures, remark = _pictures(answers, {one.source: None for one in found})
    whole = document(lake, answers, found, pictures, remark)
    assert answers.publication is not None
    name = stem(answers.publication.as_of, source)
    files: dict[str, bytes] = {f"{one.file}.{kind}": data for one in _pictured(whole) for kind, data in
                               (("png", one.picture.png), ("svg", one.picture.svg.encode()))}  # fmt: skip
    files |= {f"{name}.md": markdown(whole).encode(), f"{name}.txt": text(whole).encode(),
              f"{name}.html": html(whole).encode()}  # fmt: skip
    folder = out or reports_folder(lake.resolve())
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        _replace(folder / file, data)
    return Written(tuple(folder / file for file in sorted(files, key=_place)), remark)


def _pictures(answers: Answers, sources: Mapping[str, None]) -> tuple[dict[str, tuple[Picture, ...]], str]:
    """Source -> its pictures; and why there are none, where matplotlib is not installed."""
    try:
        return {source: draw_pictures(answers, source) for source in sources}, ""
    except PicturesMissing as missing:
        return {}, f"This report has no pictures: {missing}."


def _pictured(whole: Document) -> list[Pictured]:
    return [block for part in whole.parts for section in part.sections for block in section.blocks
            if isinstance(block, Pictured)]  # fmt: skip


def _place(file: str) -> tuple[int, str]:
    kinds = (".md", ".txt", ".html")
    suffix = Path(file).suffix
    return (kinds.index(suffix) if suffix in kinds else len(kinds), file)


def _replace(path: Path, data: bytes) -> None:
    """Whole or not at all: readers see the file of before until this one is whole."""
    part = path.with_name(f".lakehouse-{os.getpid()}-{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
