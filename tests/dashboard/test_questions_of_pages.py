"""What pages ask, put to the command `lakehouse sql` as their tiles print it, for filters at random."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.app import PAGES
from dashboard.data.answers import Answer, Answers
from dashboard.data.statement import statement
from jobs.cli.app import app
from jobs.cli.render import json_lines
from tests.dashboard.shop import CATEGORIES, CHANNELS, COUNTRIES, FIRST, LAST, SEGMENTS

Open = Callable[..., AppTest]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Answer]:
    """Every question that is asked from now on, as tiles print it -> its answer."""
    found: dict[str, Answer] = {}
    ask = Answers.ask

    def heard(self: Answers, sql: str, /, **parameters: object) -> Answer:
        answer = ask(self, sql, **parameters)
        found[statement(answer)] = answer
        return answer

    monkeypatch.setattr(Answers, "ask", heard)
    return found


def at_random(rng: random.Random) -> dict[str, Any]:
    """An address of a page: days, and up to two values of each filter."""
    first, last = sorted(rng.sample(range(FIRST.toordinal(), LAST.toordinal() + 1), 2))
    days = [type(FIRST).fromordinal(one).isoformat() for one in (first, last)]
    chosen = {
        name: rng.sample(list(values), rng.randint(1, 2))
        for name, values in (
            ("category", CATEGORIES), ("segment", SEGMENTS), ("country", COUNTRIES), ("channel", CHANNELS),
        )
        if rng.random() < 0.5
    }  # fmt: skip
    return {"period": "Other days", "days": days} | chosen


def rows_of(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(text, parse_float=Decimal)
    return rows


def in_text(answer: Answer) -> str:
    rows = ([row[name] for name in answer.table.column_names] for row in answer.table.to_pylist())
    return "\n".join(json_lines(answer.table.column_names, rows)).replace(",\n]", "\n]")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", list(PAGES))
def test_every_figure_of_a_page_is_what_the_command_says_for_the_same_filters(
    page: Open, asked: dict[str, Answer], full: Path, name: str, seed: int
) -> None:
    test = page(full, name, **at_random(random.Random(f"{name} {seed}")))
    printed = {one.value for one in test.code if one.language == "sql"}
    assert printed
    assert printed <= set(asked)
    for text, answer in asked.items():
        said = CliRunner().invoke(app, ["sql", text, "--format", "json", "--lake", str(full)])
        assert said.exit_code == 0, said.output
        assert rows_of(said.stdout) == rows_of(in_text(answer)), text
