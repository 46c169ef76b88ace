"""Each code is said once, with a sentence for people, and the page of codes says what the enums and the rules say."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from jobs.cli.quarantine import Shown
from lakehouse.tables import reasons
from lakehouse.tables.model import Table
from lakehouse.tables.ops import QUARANTINE_HISTORY
from lakehouse.tables.reasons import BatchStatus, FileReason, Outcome, Repair, RowReason, RowStatus, meaning
from lakehouse.tables.silver import LINEAGE, QUARANTINE
from quality.rules import RULES

ROOT = Path(__file__).parents[2]
SENTENCES: Mapping[type[StrEnum], Mapping[str, str]] = {
    RowReason: reasons.ROW_REASONS,
    Outcome: reasons.OUTCOMES,
    RowStatus: reasons.ROW_STATUSES,
    Repair: reasons.REPAIRS,
    BatchStatus: reasons.BATCH_STATUSES,
    FileReason: reasons.FILE_REASONS,
}
WHERE: Mapping[type[StrEnum], str] = {
    RowReason: "Why a row is in quarantine",
    Outcome: "What became of a row",
    RowStatus: "The state of a row in quarantine",
    Repair: "What was mended in a row",
    BatchStatus: "The state of a batch",
    FileReason: "Why a file is not loaded",
}
"""Enum -> its heading on the page of codes."""
OTHER_WORDS: Mapping[tuple[str, str], str] = {
    ("jobs/cli/setup.py", "new"): "the command `lakehouse source new`",
    ("jobs/cli/show_status.py", "quarantined"): "a word beside a count of rows",
    ("lakehouse/export/postgres/grants.py", "new"): "a schema that is about to take the place of another",
    ("lakehouse/gold/sales/paid.py", "open"): "the state of a payment, as shops write it",
    ("lakehouse/gold/sales/paid.py", "pending"): "the state of a payment, as shops write it",
    ("lakehouse/gold/star/versions.py", "new"): "a table as a run leaves it, beside the old one",
    ("lakehouse/pipeline/publication.py", "quarantined"): "the end of the name of a column, rows_quarantined",
    ("lakehouse/pipeline/summary.py", "published"): "the label of a publication's number",
    ("lakehouse/sources/drafting/draft.py", "pending"): "the status of an order",
    ("lakehouse/settings/words.py", "missing"): "a kind of error, as pydantic calls it",
    ("lakehouse/tables/silver.py", "pending"): "the status of an order",
    ("lakehouse/truth/calibration.py", "missing"): "the share of empty values",
    ("lakehouse/world/lines.py", "pending"): "the status of an order",
    ("lakehouse/world/spoil.py", "empty_file"): "the kind of a planted defect, as profiles name it",
    ("lakehouse/world/spoil.py", "truncated_gzip"): "the kind of a planted defect, as profiles name it",
    ("lakehouse/world/spoil.py", "wrong_encoding"): "the kind of a planted defect, as profiles name it",
    ("lakehouse/world/truth.py", "missing"): "the number of empty values",
    ("quality/gx/expectations.py", "missing"): "the type of a column that is not there",
}
"""Module, text -> what it means there, where it is none of the codes."""
of_each_enum = pytest.mark.parametrize("codes", SENTENCES, ids=lambda codes: codes.__name__)


@of_each_enum
def test_each_code_has_a_sentence(codes: type[StrEnum]) -> None:
    assert [code for code in codes if code not in SENTENCES[codes]] == []


@of_each_enum
def test_no_sentence_is_for_a_code_that_is_none(codes: type[StrEnum]) -> None:
    assert [code for code in SENTENCES[codes] if code not in list(codes)] == []


@of_each_enum
def test_a_sentence_is_one_and_ends_in_a_full_stop(codes: type[StrEnum]) -> None:
    assert [one for one in SENTENCES[codes].values() if not re.fullmatch(r"[A-Z][^\n]+[^\s.]\.", one)] == []


def test_the_enums_here_are_all_that_there_are() -> None:
    declared = {one for one in vars(reasons).values() if isinstance(one, type) and issubclass(one, StrEnum)}
    assert declared - {StrEnum} == set(SENTENCES)


def test_a_code_reads_as_its_text_wherever_it_is_written() -> None:
    assert f"{RowStatus.OPEN} {RowStatus.OPEN!s}" == "open open"
    assert json.dumps({"outcome": Outcome.NO_LINES}) == '{"outcome": "no_lines"}'
    assert {"accepted": 3}.get(Outcome.ACCEPTED) == 3


def test_a_reason_names_the_columns_that_it_is_about() -> None:
    assert RowReason.UNPARSABLE.of("quantity") == "unparsable:quantity"
    assert RowReason.MISSING.of("order", "line") == "missing:order,line"


@pytest.mark.parametrize("reason", [RowReason.UNPARSABLE, RowReason.UNPARSABLE.of("quantity")])
def test_a_reason_means_the_same_of_every_column(reason: str) -> None:
    assert meaning(reason, {}) == "The value does not read as its type."


def test_a_rule_has_no_code_of_another_reason() -> None:
    assert {rule.code for rule in RULES} & set(RowReason) == set()


def test_the_condition_on_a_status_is_the_one_that_lakes_have() -> None:
    # Delta compares its text with that of the table: another one is another constraint.
    assert QUARANTINE.checks["status_known"] == "status IN ('open', 'replayed', 'discarded')"


@pytest.mark.parametrize("table", [LINEAGE, QUARANTINE_HISTORY], ids=lambda table: table.name)
def test_the_dictionary_names_each_outcome(table: Table) -> None:
    told = re.findall(r"[a-z_]+", table.column("outcome").field.meaning)
    assert [one for one in Outcome if one not in told] == [Outcome.AMBIGUOUS]


def test_rows_can_be_listed_by_each_status() -> None:
    assert {one.value for one in Shown} == {*RowStatus, "all"}


def section(heading: str) -> list[list[str]]:
    """The cells of the tables below a heading of the page of codes."""
    [text] = re.findall(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", page("codes"), re.DOTALL | re.MULTILINE)
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


@of_each_enum
def test_the_page_of_codes_says_what_each_means(codes: type[StrEnum]) -> None:
    told = {cells[0].strip("`"): cells[1] for cells in section(WHERE[codes]) if len(cells) == 2}
    assert told == {code: text for code, text in SENTENCES[codes].items() if code != Outcome.AMBIGUOUS}


def test_the_page_of_codes_says_what_each_rule_means() -> None:
    told = {
        (code.strip("`"), feed.strip("`"), text)
        for code, feeds, text in (cells for cells in section(WHERE[RowReason]) if len(cells) == 3)
        for feed in feeds.split(", ")
    }
    assert told == {(rule.code, rule.feed, rule.sentence) for rule in RULES}


def test_what_the_docs_say_of_refused_rows_and_files_is_said_in_codes() -> None:
    known = {"quarantined": {*RowReason, *(rule.code for rule in RULES)}, "rejected": set(FileReason)}
    found = [
        (kind, code.split(":")[0])
        for path in sorted((ROOT / "docs").glob("*.md"))
        for kind, told in re.findall(r"\b(quarantined|rejected): ((?:`[^`]+`(?:, )?)+)", path.read_text("utf-8"))
        for code in re.findall(r"`([^`]+)`", told)
    ]
    assert len(found) > 20
    assert [(kind, code) for kind, code in found if code not in known[kind]] == []


def codes_as_texts(module: Path) -> Iterator[str]:
    """Codes that stand as texts in the code of a module: alone, before a column's name, or quoted in SQL."""
    texts = {str(code) for codes in SENTENCES for code in codes}
    quoted = re.compile(rf"'({'|'.join(texts)})'")
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from texts & {node.value, node.value.split(":")[0]} if node.value.count(" ") == 0 else ()
            yield from quoted.findall(node.value)


def test_no_module_writes_a_code_as_a_text() -> None:
    modules = [path for room in ("lakehouse", "jobs", "quality") for path in sorted((ROOT / room).rglob("*.py"))]
    found = {
        (path.relative_to(ROOT).as_posix(), code)
        for path in modules
        if path.relative_to(ROOT).as_posix() != "lakehouse/tables/reasons.py"
        for code in codes_as_texts(path)
    }
    assert len(modules) > 200
    assert found == set(OTHER_WORDS)


@pytest.mark.parametrize(
    "code",
    ['lit("open")', 'f"unparsable:{name}"', '"too_large:gross_revenue"', "sql(\"status = 'open'\")", "f\"{a} 'open'\""],
)
def test_a_code_is_found_as_a_text(code: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(code, encoding="utf-8")
    assert list(codes_as_texts(module)) != []


def test_words_in_sentences_are_no_codes(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""open the file."""\nsay("missing: two columns", f"{n} pending", "opened")', encoding="utf-8")
    assert list(codes_as_texts(module)) == []
