"""Every number of a report is what the query gives that the report lists for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.report.document import Document
from dashboard.report.render.markdown import markdown
from lakehouse.published import open_published

_SCALES = {"k": 1e3, "M": 1e6, "bn": 1e9}
_NUMBER = re.compile(r"([+−]?)[^\d+−]*?([+−]?)(\d[\d,\u202f]*(?:\.\d+)?)[\u2009\u202f]?(%|k|M|bn|points)?")
_CELL = re.compile(r"([a-z_]+)(?: of row (\d+))? \[(\d+)\]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"(?:\d{{1,2}} )?(?:{'|'.join(_MONTHS)})(?: \d{{4}})?")
FIXED = (
    r"90 days", r"\b(?:80|95)[ \u202f]% (?:interval|bounds|of the whole)", r"(?:since )?publication \d+",
    r"0\.5 is chance", r"1 is sure", r"of 1\b", r"0 where all", r"near 1\b", r"of \d+ campaigns", r"^\d+\. ",
)  # fmt: skip
"""Numbers of the report's own words: how it looks at the data, not what the data say."""


@dataclass
class Listed:
    """A query as the report lists it."""

    publication: int
    statement: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    formulas: list[tuple[str, str]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.columns.values() for text in texts] + [text for text, _ in self.formulas]


def plain(text: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]<>#|~])", r"\1", text)


def listed(page: str) -> dict[int, Listed]:
    found = {}
    for number, rest in re.findall(r"^### Query (\d+)\n(.*?)(?=^### Query|^\[1\]: |\Z)", page, re.M | re.S):
        head, statement, tail = re.match(r"(.*?)```sql\n(.*?)```\n(.*)", rest, re.S).groups()  # type: ignore[union-attr]
        one = Listed(int(re.findall(r"publication (\d+)", head)[-1]), statement)
        for line in tail.splitlines():
            if column := re.match(r"- `([a-z_0-9]+)`: (.*)", line):
                one.columns[column[1]] = plain(column[2]).split("; ")
            elif formula := re.match(r"- (.+?) = (.+)", line):
                one.formulas.append((plain(formula[1]), plain(formula[2])))
        found[int(number)] = one
    return found


def asked(lake: Path, queries: dict[int, Listed]) -> None:
    """Puts each statement to the publication that the report names, as `lakehouse sql` would."""
    for number in {one.publication for one in queries.values()}:
        with open_published(lake, number) as published:
            for one in queries.values():
                if one.publication == number:
                    one.rows = published.sql(one.statement).to_arrow_table().to_pylist()


def says(text: str, value: Any) -> bool:
    """Whether the text says this value, to the digits that it shows."""
    if value is None:
        return text == "–"
    if isinstance(value, date):
        return text in (
            f"{value.day} {_MONTHS[value.month - 1]} {value.year}",
            f"{_MONTHS[value.month - 1]} {value.year}",
        )
    if isinstance(value, str):
        return text.replace("_", " ") == " ".join(value.replace("_", " ").split())
    found = _NUMBER.fullmatch(text)
    if not found:
        return False
    digits = found[3].replace(",", "").replace("\u202f", "")
    scale = 0.01 if found[4] in ("%", "points") else _SCALES.get(found[4] or "", 1)
    step = scale * 10.0 ** -len(digits.partition(".")[2])
    sign = -1 if "−" in (found[1] or found[2]) else 1
    return abs(sign * float(digits) * scale - float(value)) <= step * 0.5 * (1 + 1e-6)


def worked(formula: str, queries: dict[int, Listed]) -> float:
    def value(found: re.Match[str]) -> str:
        return f"({queries[int(found[3])].rows[int(found[2] or 1) - 1][found[1]]})"

    return float(eval(_CELL.sub(value, formula).replace("÷", "/").replace("−", "-")))


@pytest.fixture(scope="module")
def reported(named: tuple[Path, Document]) -> tuple[str, dict[int, Listed]]:
    lake, found = named
    page = markdown(found)
    queries = listed(page)
    asked(lake, queries)
    return page, queries


def test_a_listed_value_is_a_cell_of_its_query(reported: tuple[str, dict[int, Listed]]) -> None:
    _, queries = reported
    assert queries
    for number, one in queries.items():
        for column, texts in one.columns.items():
            values = [row[column] for row in one.rows]
            for text in texts:
                assert any(says(text, value) for value in values), (number, column, text, values)


def test_what_is_worked_out_is_what_its_formula_gives(reported: tuple[str, dict[int, Listed]]) -> None:
    _, queries = reported
    assert any(one.formulas for one in queries.values())
    for number, one in queries.items():
        for text, formula in one.formulas:
            assert text == "–" or says(text, worked(formula, queries)), (number, text, formula)


def test_every_number_that_is_printed_is_listed_with_a_query_that_its_line_names(
    reported: tuple[str, dict[int, Listed]],
) -> None:
    page, queries = reported
    body = page.split("## Definitions")[0]
    numbers = 0
    for paragraph in body.split("\n\n## ", 1)[1].split("\n\n"):
        for line in with_references(paragraph, body):
            references = [int(one) for one in re.findall(r"\[(\d+)\](?!\()", line)]
            texts = {text for one in references for text in queries[one].texts}
            left = plain(re.sub(r"(?<!\\)\[\d+\]", "", line))
            numbers += len(texts)
            for fixed in FIXED:
                left = re.sub(fixed, "", left, flags=re.IGNORECASE)
            for text in sorted(texts, key=len, reverse=True):
                left = re.sub(rf"(?<![\d.,]){re.escape(text)}(?!\d)", "", left)
            left = _DAY.sub("", left)
            assert not re.search(r"\d", left), (line, left)
    assert numbers > 50


def with_references(paragraph: str, body: str) -> list[str]:
    """The lines of a paragraph, those of tables and lists with the references of what stands above them."""
    lines, found, last = paragraph.splitlines(), [], ""
    caption = body.split(paragraph)[0].rstrip().splitlines()[-1] if paragraph.startswith("|") else ""
    for line in lines:
        last = line if re.match(r"\d+\. ", line) else last
        above = caption if line.startswith("|") else last if line.startswith("   - ") else ""
        found.append(line + " " + " ".join(re.findall(r"(?<!\\)\[\d+\]", above)))
    return found


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [("£1.2\u2009M", 1_249_999, True), ("£1.2\u2009M", 1_251_000, False), ("−£34.5\u2009k", -34_460, True),
     ("+12.3\u2009%", 0.12349, True), ("−12.3\u2009%", 0.123, False), ("−0.1\u2009points", -0.00096, True),
     ("12\u202f345", 12_345, True), ("12\u202f345", 12_346, False), ("–", None, True), ("0", None, False),
     ("3 Mar 2024", date(2024, 3, 3), True), ("3 Mar 2024", date(2024, 3, 4), False),
     ("bank transfer", "bank_transfer", True)],
)  # fmt: skip
def test_a_text_says_a_value_to_the_digits_that_it_shows(text: str, value: Any, *, holds: bool) -> None:
    assert says(text, value) is holds
