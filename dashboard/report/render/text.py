"""The report as plain text of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from dashboard.data.statement import statement
from dashboard.report.document import (
    Block,
    Document,
    Kpis,
    Paragraph,
    Pictured,
    Points,
    Recommendations,
    Section,
    Table,
    figures_of,
)
from dashboard.report.figures import Figure, Sentence
from dashboard.report.render.columns import grid
from dashboard.report.render.markdown import marked
from dashboard.report.render.traces import read_from, worked_out_from

WIDTH = 80


def text(document: Document) -> str:
    lines = [line.rstrip() for line in _Page(document).lines()]
    return "\n".join(lines) + "\n"


class _Page:
    def __init__(self, document: Document) -> None:
        self._document = document

    def lines(self) -> Iterator[str]:
        document = self._document
        yield document.title.upper()
        yield "=" * WIDTH
        yield from wrapped(" ".join(one.text for one in document.notes))
        for part in document.parts:
            if len(document.parts) > 1:
                yield from ("", part.title, "=" * len(part.title))
            yield from ("", *wrapped(part.about.text))
            for section in part.sections:
                yield from self._section(section)
        for section in document.closing:
            yield from self._section(section)
        yield from self._queries()

    def _section(self, section: Section) -> Iterator[str]:
        yield from ("", section.title.upper(), "-" * len(section.title))
        for at, block in enumerate(section.blocks):
            yield from ([""] if at else [])
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(sentences):
                yield from wrapped(" ".join(self._said(one) for one in sentences))
            case Points(points):
                for name, sentences in points:
                    yield from wrapped(f"{name}: {' '.join(self._said(one) for one in sentences)}", "* ", "  ")
            case Table(caption, columns, rows):
                yield from wrapped(caption + self._references(list(figures_of(block))))
                yield from grid([(one.name, one.is_number) for one in columns], _texts(rows), WIDTH)
            case Kpis():
                yield from self._kpis(block)
            case Recommendations():
                yield from self._recommendations(block)
            case Pictured(picture, file):
                yield from wrapped(f"{file}.png: {picture.alt}", "Picture ", "  ")

    def _kpis(self, block: Kpis) -> Iterator[str]:
        caption = f"Compared with {block.against}" if block.against else "Nothing earlier is wholly known"
        yield from wrapped(caption + self._references(list(figures_of(block))))
        columns = [("Figure", False), ("Now", True)]
        columns += [("Before", True), ("Change", True)] if block.against else []
        rows = []
        for one in block.kpis:
            row = [f"{one.label} ({one.unit})" if one.unit else one.label, one.now.text]
            if block.against:
                row += [one.then.text if one.then else "–", marked(one.change, one.is_better)]
            rows.append(row)
        yield from grid(columns, rows, WIDTH)

    def _recommendations(self, block: Recommendations) -> Iterator[str]:
        for at, one in enumerate(block.ranked, start=1):
            figures = [*one.title.figures, *one.why.figures, *one.effect.figures, *one.assumption.figures]
            yield from wrapped(f"{one.title.text}{self._references(figures)}", f"{at}. ", "   ")
            yield from wrapped(f"Why: {one.why.text}", "   ", "     ")
            yield from wrapped(f"Expected effect: {one.effect.text}", "   ", "     ")
            yield from wrapped(f"Assumption: {one.assumption.text}", "   ", "     ")

    def _queries(self) -> Iterator[str]:
        document = self._document
        title = "Where the numbers are from"
        yield from ("", title.upper(), "-" * len(title))
        yield from wrapped(
            "Each number in square brackets is a query below; `lakehouse sql` answers it, with `--publication` and the"
            " publication that it was asked of."
        )
        for query in document.queries():
            yield ""
            yield from wrapped(f"{query.title}. Asked of publication {query.publication}.",
                               f"[{document.number(query)}] ", "    ")  # fmt: skip
            yield from (f"  {line}" for line in statement(query.answer, WIDTH - 2).splitlines())
            for column, texts in read_from(document, query):
                yield from wrapped(f"{column}: {'; '.join(texts)}", "  - ", "    ")
            for printed, how in worked_out_from(document, query):
                yield from wrapped(f"{printed} = {how}", "  - ", "    ")

    def _said(self, sentence: Sentence) -> str:
        return sentence.text + self._references(sentence.figures)

    def _references(self, figures: Sequence[Figure]) -> str:
        numbers = self._document.references(figures)
        return f" [{', '.join(str(number) for number in numbers)}]" if numbers else ""


def _texts(rows: Sequence[Sequence[Sentence]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def wrapped(words: str, first: str = "", rest: str = "") -> list[str]:
    """Lines of 80 columns; what is longer than a line alone is cut."""
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [first]
