"""The three files say the same; none of them runs, fetches or tells more than it should."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.data.answers import opened
from dashboard.data.statement import written
from dashboard.report.compose import Pictures, document, wanted
from dashboard.report.document import Document
from dashboard.report.figures import Figure, How, say, worked_out
from dashboard.report.pictures.picture import Picture
from dashboard.report.render.columns import grid
from dashboard.report.render.html import html
from dashboard.report.render.markdown import escaped, markdown
from dashboard.report.render.text import text
from tests.dashboard.report.conftest import HOSTILE, report

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(2)</script></svg>'
DRAWN: Pictures = {"shop": (Picture("rfm_analysis", "Title", "Champions are <few>", b"png", SVG),)}


@pytest.fixture(scope="module")
def whole_report(whole: Path) -> Document:
    return drawn(whole)


def drawn(lake: Path) -> Document:
    answers = opened(lake)
    return document(lake, answers, wanted(answers, None), DRAWN)


class Seen(HTMLParser):
    """Tags with their attributes, and the text that is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def test_the_same_publication_gives_the_same_text(whole: Path, whole_report: Document) -> None:
    again = drawn(whole)
    assert [one(again) for one in (markdown, text, html)] == [one(whole_report) for one in (markdown, text, html)]


def test_every_file_says_every_number(whole_report: Document) -> None:
    said = {figure.text for figure in whole_report.figures() if any(sign.isdigit() for sign in figure.text)}
    assert len(said) > 80
    pages = (
        re.sub(r"\\(.)", r"\1", markdown(whole_report)),
        text(whole_report),
        "".join(Seen(html(whole_report)).shown),
    )
    for page in (" ".join(page.split()) for page in pages):
        assert not {one for one in said if " ".join(one.split()) not in page}


def test_every_section_is_in_every_file_and_none_is_empty(whole_report: Document) -> None:
    titles = [section.title for part in whole_report.parts for section in part.sections]
    assert titles == ["In short", "What happened", "Why", "What to do", "How sure", "Customers", "Seasons", "Products",
                      "Campaigns", "Forecasts and models"]  # fmt: skip
    for page in (markdown(whole_report), text(whole_report), html(whole_report)):
        assert all(title.lower() in page.lower() for title in titles)
    assert all(section.blocks for part in whole_report.parts for section in part.sections)


def test_nothing_reads_as_no_number(named: tuple[Path, Document]) -> None:
    page = markdown(named[1]).split("## Where the numbers")[0]
    assert not re.search(r"\b(nan|none|null|inf)\b", page, re.IGNORECASE)


def test_the_page_fetches_nothing_and_runs_nothing(whole_report: Document) -> None:
    seen = Seen(html(whole_report))
    assert not [tag for tag, _ in seen.tags if tag in ("script", "link", "iframe", "object", "form", "base")]
    addresses = [value or "" for _, given in seen.tags for name, value in given.items() if name in ("src", "href")]
    assert {one.split(":")[0] for one in addresses if not one.startswith("#")} == {"data"}
    assert not [name for _, given in seen.tags for name in given if name.startswith("on")]
    assert "url(" not in html(whole_report)
    assert "@import" not in html(whole_report)


def test_names_of_strangers_are_text_and_nothing_else(whole_report: Document) -> None:
    assert HOSTILE in "".join(Seen(html(whole_report)).shown)
    assert "<script>" not in html(whole_report)
    assert escaped(HOSTILE) in markdown(whole_report)
    assert not re.search(r"(?<!\\)\]\(http", markdown(whole_report))
    assert "<script" not in re.sub(r"\\<", "", markdown(whole_report))


def test_a_reference_of_the_page_leads_to_its_query(whole_report: Document) -> None:
    seen = Seen(html(whole_report))
    leads = {given["href"] for tag, given in seen.tags if tag == "a" and "href" in given}
    there = {f"#{given['id']}" for _, given in seen.tags if "id" in given}
    assert leads
    assert leads <= there
    assert len([one for one in there if one.startswith("#query-")]) == len(whole_report.queries())


def test_a_picture_is_within_the_page_with_its_words(whole_report: Document) -> None:
    [picture] = [given for tag, given in Seen(html(whole_report)).tags if tag == "img"]
    assert str(picture["src"]).startswith("data:image/svg+xml;base64,")
    assert picture["alt"] == "Champions are <few>"
    assert "](rfm_analysis.png)" in markdown(whole_report)
    assert "rfm_analysis.png: Champions are <few>" in text(whole_report)


def test_the_text_keeps_to_80_columns(named: tuple[Path, Document]) -> None:
    lines = text(named[1]).splitlines()
    assert max(len(line) for line in lines) == 80


def test_no_name_and_no_address_of_a_customer_is_told(whole_report: Document) -> None:
    for page in (markdown(whole_report), text(whole_report), html(whole_report)):
        assert "@example.com" not in page
        assert "FirstC" not in page
    tables = {name for query in whole_report.queries() for name in query.answer.tables}
    assert "gold.dim_customer" not in tables


def test_two_publications_are_held_against_each_other(whole: Path, whole_report: Document) -> None:
    page = markdown(whole_report)
    assert re.search(r"Publication 1 \(as of 1 Apr 2024\) ended with .*; this one adds \+\d+ orders", page)
    assert re.search(r"Of that, \+£.* restates days that were published before", page)
    assert "| Since publication 1 |" in page
    first = opened(whole, 1)
    assert "Since publication" not in markdown(document(whole, first, wanted(first, None), {}))


def test_what_a_source_does_not_tell_is_said_once_and_has_no_figures(plain: Path) -> None:
    found = report(plain)
    page = markdown(found)
    assert "does not tell costs, so nothing is said of margin; nor customers, so nothing is said of segments" in page
    assert "nor campaigns, so nothing is said of their return" in page
    assert "\nNo model has been trained on this lake yet" in page
    titles = [section.title for part in found.parts for section in part.sections]
    assert "Campaigns" not in titles
    assert "incremental roi" not in page
    assert "| Margin |" not in page


def test_two_sources_stand_beside_each_other(two: Path) -> None:
    found = report(two)
    assert [part.title for part in found.parts] == ["shop, GBP", "stall, GBP"]
    assert "nothing is added up over two of them" in markdown(found)
    sources = [query.answer.parameters.get("source") for query in found.queries()]
    assert {"shop", "stall"} <= set(sources)
    assert [f"#part-{at}" for at in (1, 2)] == re.findall(r'<a href="(#part-\d)"', html(found))


def test_a_table_that_does_not_fit_becomes_a_list() -> None:
    heads = [("Name", False), *((f"Figure {at}", True) for at in range(9))]
    row = ["a name of some words", *("1,234,567.89" for _ in range(9))]
    lines = list(grid(heads, [row], 80))
    assert lines[0] == "- a name of some words"
    assert lines[1] == "    Figure 0: 1,234,567.89"
    assert list(grid([("A", False), ("B", True)], [["x", "12"]], 80)) == ["A   B", "-  --", "x  12"]


@pytest.mark.parametrize(
    ("how", "values", "expected"),
    [(How.VALUE, [3], 3), (How.DIFFERENCE, [5, 3], 2), (How.CHANGE, [6, 4], 0.5), (How.RATIO, [6, 4], 1.5),
     (How.RATIO, [6, 0], None), (How.CHANGE_OF_RATIO, [6, 2, 4, 2], 0.5), (How.CHANGE_OF_RATIO, [6, 2, 0, 2], None),
     (How.DIFFERENCE_OF_RATIOS, [3, 4, 1, 4], 0.5), (How.DIFFERENCE_OF_RATIOS, [3, 4, 1, 0], None)],
)  # fmt: skip
def test_a_number_is_worked_out_as_it_says(how: How, values: list[int], expected: float | None) -> None:
    assert worked_out(how, values) == expected


def test_texts_are_quoted_and_braces_of_the_data_are_kept() -> None:
    assert written("it's") == "'it''s'"
    assert written(["a", None, True]) == "['a', NULL, true]"
    figure = Figure("{brace}", ())
    assert say("{name} sold 5 % more", name=replace(figure)).text == "{brace} sold 5\u202f% more"
