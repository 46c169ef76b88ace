"""Which numbers of the report each query stands behind."""

from __future__ import annotations

import re

from dashboard.formats import NOTHING
from dashboard.report.document import Document
from dashboard.report.figures import Figure, How, Query

_LETTERS = "abcd"


def read_from(document: Document, query: Query) -> list[tuple[str, list[str]]]:
    """Column -> what was printed of it, in order; each text once."""
    found: dict[str, list[str]] = {}
    for figure in document.figures():
        if figure.how is How.VALUE and figure.cells[0].query is query and figure.text != NOTHING:
            texts = found.setdefault(figure.cells[0].column, [])
            if figure.text not in texts:
                texts.append(figure.text)
    return list(found.items())


def worked_out_from(document: Document, query: Query) -> list[tuple[str, str]]:
    """What was printed of several cells, the first of which is of this query -> how it was worked out."""
    found: dict[tuple[str, str], None] = {}
    for figure in document.figures():
        if figure.how is not How.VALUE and figure.cells[0].query is query and figure.text != NOTHING:
            found.setdefault((figure.text, how(document, figure)), None)
    return list(found)


def how(document: Document, figure: Figure) -> str:
    """The formula in columns: `net_of_returns [1] ÷ net_of_returns [3] − 1`; rows count from 1 where there are more."""
    text = str(figure.how)
    for letter, cell in zip(_LETTERS, figure.cells, strict=False):
        row = f" of row {cell.row + 1}" if cell.query.answer.table.num_rows > 1 else ""
        text = re.sub(rf"\b{letter}\b", f"{cell.column}{row} [{document.number(cell.query)}]", text, count=1)
    return text
