"""What a report is made of, whatever file it is written to: sections of sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dashboard.report.figures import Figure, Query, Sentence
from dashboard.report.pictures.picture import Picture


@dataclass(frozen=True)
class Paragraph:
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Points:
    """A list: what each point is about, and its sentences."""

    points: tuple[tuple[str, tuple[Sentence, ...]], ...]


@dataclass(frozen=True)
class Column:
    name: str
    """With the unit."""
    is_number: bool = True


@dataclass(frozen=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True)
class Kpi:
    """A headline figure with its change; `is_better` is None where neither is."""

    label: str
    now: Figure
    then: Figure | None = None
    change: Figure | None = None
    is_better: bool | None = None
    unit: str = ""


@dataclass(frozen=True)
class Kpis:
    against: str
    """What is compared with, in words; empty where nothing is."""
    kpis: tuple[Kpi, ...]


@dataclass(frozen=True)
class Recommendation:
    """What to do, what it is expected to bring, and what that rests on. `worth` ranks it: money of the source."""

    title: Sentence
    why: Sentence
    effect: Sentence
    assumption: Sentence
    worth: float


@dataclass(frozen=True)
class Recommendations:
    ranked: tuple[Recommendation, ...]


@dataclass(frozen=True)
class Pictured:
    picture: Picture
    file: str
    """Name beside the report, without suffix."""


Block = Paragraph | Points | Table | Kpis | Recommendations | Pictured


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """One source in one currency: nothing is added up over two."""

    title: str
    about: Sentence
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Document:
    """`notes`: what is said of the whole at its head; `closing`: definitions."""

    title: str
    notes: tuple[Sentence, ...]
    parts: tuple[Part, ...]
    closing: tuple[Section, ...] = ()
    numbers: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for figure in self.figures():
            for cell in figure.cells:
                self.numbers.setdefault(id(cell.query), len(self.numbers) + 1)

    def figures(self) -> Iterator[Figure]:
        """All that are printed, in order."""
        for sentence in self.notes:
            yield from sentence.figures
        for part in self.parts:
            yield from part.about.figures
            for section in part.sections:
                for block in section.blocks:
                    yield from figures_of(block)

    def queries(self) -> list[Query]:
        """Those that a printed figure is from, by their number (the first is 1)."""
        found: dict[int, Query] = {}
        for figure in self.figures():
            for cell in figure.cells:
                found.setdefault(id(cell.query), cell.query)
        return list(found.values())

    def number(self, query: Query) -> int:
        return self.numbers[id(query)]

    def references(self, figures: Sequence[Figure]) -> list[int]:
        return sorted({self.number(cell.query) for figure in figures for cell in figure.cells})


def figures_of(block: Block) -> Iterator[Figure]:
    for sentence in sentences_of(block):
        yield from sentence.figures


def sentences_of(block: Block) -> Iterator[Sentence]:
    """What a block prints, in order."""
    match block:
        case Paragraph(sentences):
            yield from sentences
        case Points(points):
            for _, sentences in points:
                yield from sentences
        case Table(rows=rows):
            for row in rows:
                yield from row
        case Kpis(kpis=kpis):
            for kpi in kpis:
                yield Sentence(tuple(figure for figure in (kpi.now, kpi.then, kpi.change) if figure))
        case Recommendations(ranked):
            for one in ranked:
                yield from (one.title, one.why, one.effect, one.assumption)
        case Pictured():
            return
