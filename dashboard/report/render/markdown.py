"""The report as Markdown."""

from __future__ import annotations

import re
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
)
from dashboard.report.figures import Figure, Sentence
from dashboard.report.render.traces import read_from, worked_out_from

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(document: Document) -> str:
    return "\n".join(_Page(document).lines()) + "\n"


def escaped(text: str) -> str:
    """So that nothing of it is read as a mark."""
    return _SPECIAL.sub(r"\\\1", text)


class _Page:
    def __init__(self, document: Document) -> None:
        self._document = document

    def lines(self) -> Iterator[str]:
        document = self._document
        yield f"# {document.title}"
        yield ""
        yield " ".join(self._text(one) for one in document.notes)
        for part in document.parts:
            if len(document.parts) > 1:
                yield from ("", f"# {escaped(part.title)}")
            yield from ("", self._text(part.about))
            for section in part.sections:
                yield from self._section(section)
        for section in document.closing:
            yield from self._section(section)
        yield from self._queries()

    def _section(self, section: Section) -> Iterator[str]:
        yield from ("", f"## {section.title}")
        for block in section.blocks:
            yield ""
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(sentences):
                yield " ".join(self._said(one) for one in sentences)
            case Points(points):
                for name, sentences in points:
                    yield f"- **{name}.** {' '.join(self._said(one) for one in sentences)}"
            case Table():
                yield from self._table(block)
            case Kpis():
                yield from self._kpis(block)
            case Recommendations():
                yield from self._recommendations(block)
            case Pictured(picture, file):
                yield f"![{escaped(picture.alt)}]({file}.png)"
                yield ""
                yield f"*{escaped(picture.title)}.* {escaped(picture.alt)}"

    def _table(self, table: Table) -> Iterator[str]:
        figures = [figure for row in table.rows for cell in row for figure in cell.figures]
        yield f"{escaped(table.caption)}{self._references(figures)}"
        yield ""
        yield "| " + " | ".join(escaped(column.name) for column in table.columns) + " |"
        yield "|" + "|".join("---:" if column.is_number else "---" for column in table.columns) + "|"
        for row in table.rows:
            yield "| " + " | ".join(self._text(cell) for cell in row) + " |"

    def _kpis(self, block: Kpis) -> Iterator[str]:
        figures = [figure for one in block.kpis for figure in (one.now, one.then, one.change) if figure]
        caption = f"Compared with {block.against}" if block.against else "Nothing earlier is wholly known"
        yield f"{caption}{self._references(figures)}"
        yield ""
        yield "| Figure | Now | Before | Change |" if block.against else "| Figure | Now |"
        yield "|---|---:|---:|---:|" if block.against else "|---|---:|"
        for one in block.kpis:
            name = f"{one.label} ({one.unit})" if one.unit else one.label
            cells = [name, one.now.text]
            if block.against:
                cells += [one.then.text if one.then else "–", marked(one.change, one.is_better)]
            yield "| " + " | ".join(escaped(cell) for cell in cells) + " |"

    def _recommendations(self, block: Recommendations) -> Iterator[str]:
        for at, one in enumerate(block.ranked, start=1):
            figures = [*one.title.figures, *one.why.figures, *one.effect.figures, *one.assumption.figures]
            yield f"{at}. **{self._text(one.title)}**{self._references(figures)}"
            yield f"   - Why: {self._text(one.why)}"
            yield f"   - Expected effect: {self._text(one.effect)}"
            yield f"   - Assumption: {self._text(one.assumption)}"

    def _queries(self) -> Iterator[str]:
        document = self._document
        yield from ("", "## Where the numbers are from", "")
        yield (
            "Each number in square brackets is a query below; `lakehouse sql` answers it, with `--publication` where"
            " it names one."
        )
        queries = document.queries()
        for query in queries:
            number = document.number(query)
            yield from ("", f"### Query {number}", "", f"{query.title}. Asked of publication {query.publication}.", "")
            yield from ("```sql", statement(query.answer), "```", "")
            for column, texts in read_from(document, query):
                yield f"- `{column}`: {'; '.join(escaped(text) for text in texts)}"
            for text, how in worked_out_from(document, query):
                yield f"- {escaped(text)} = {escaped(how)}"
        yield ""
        for query in queries:
            yield f"[{document.number(query)}]: #query-{document.number(query)}"

    def _said(self, sentence: Sentence) -> str:
        """A sentence with its references before the full stop's follower."""
        return self._text(sentence) + self._references(sentence.figures)

    def _text(self, sentence: Sentence) -> str:
        return escaped(sentence.text)

    def _references(self, figures: Sequence[Figure]) -> str:
        numbers = self._document.references(figures)
        return " " + ", ".join(f"[{number}]" for number in numbers) if numbers else ""


def marked(change: Figure | None, is_better: bool | None) -> str:
    """A change with its arrow: never told by colour alone."""
    if change is None:
        return "–"
    if is_better is None:
        return change.text
    return f"{'▲' if change.value > 0 else '▼'} {change.text}"
