"""Whatever README and docs tell a newcomer to type can be typed: it is run by a test, or there is a reason why not."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from jobs.cli import app
from tests.docs.pages import ROOT, Block, blocks, words

RUN = {
    # tests/journeys/test_newcomer.py types these as they stand.
    ("docs/adding-a-source.md", "mkdir -p landing/teashop"),
    ("docs/adding-a-source.md", "lakehouse source new teashop --landing landing"),
    ("docs/adding-a-source.md", "lakehouse source check teashop --landing landing"),
    ("docs/adding-a-source.md", "lakehouse run --landing landing --source teashop"),
    ("README.md", "mkdir -p landing/my_shop && cp …/*.csv landing/my_"),
    ("docs/quality.md", "lakehouse quarantine list --reason negative_price"),
    # tests/docs/test_tour.py types these as they stand.
    ("README.md", "source .venv/bin/activate"),
    # tests/docs/test_exports.py types these as they stand, but for the address.
    ("docs/exports.md", "lakehouse export gold.fact_sales --format parquet"),
    ("docs/exports.md", "lakehouse export --postgres postgresql://lake@db.e"),
    # tests/notebooks/test_commands.py types these as they stand.
    ("docs/notebooks.md", "make notebooks"),
    ("docs/notebooks.md", "make notebooks LAKE=/data/lake PORT=8890"),
    ("docs/notebooks.md", ".venv/bin/jupyter nbconvert --execute --to html --"),
    # tests/docs/test_containers.py types the first as it stands; of the second it holds what would be started.
    ("docs/containers.md", "mkdir -p -m 700 secrets"),
    ("docs/containers.md", "export SECRETS_FOLDER=$PWD/secrets"),
    # tests/journeys/test_backup.py types these as they stand.
    ("docs/operations.md", "cp -a lake backup"),
    # tests/journeys/test_rebuilt.py types these as they stand.
    ("docs/engines.md", "lakehouse verify --rebuild"),
    # tests/journeys/test_cluster.py types these as they stand.
    ("docs/cluster.md", "lakehouse cluster up"),
    ("docs/cluster.md", "export LAKEHOUSE_COMET=1"),
    ("docs/cluster.md", "spark-submit --master spark://127.0.0.1:7077 --py-"),
    # tests/docs/test_report.py types these as they stand.
    ("docs/report.md", "lakehouse report --lake demo/lake"),
    ("docs/report.md", 'lakehouse sql --lake demo/lake --publication 1 "SE'),
}
NOT_RUN = {
    ("README.md", "make demo        # sets up, makes a shop, runs the"): (
        "it takes minutes; tests/cli/test_demo.py holds what it says, and tests/cli/test_dashboard.py starts the other"
    ),
    ("README.md", "lakehouse generate --out landing"): (
        "a whole shop takes minutes; tests/world makes small ones and holds them against their truth"
    ),
    ("README.md", "uv build --wheel"): "what it is for needs a cluster",
    ("docs/containers.md", "make image"): "it takes many minutes; tests/docker/test_image.py runs the script behind it",
    ("docs/shipped-sources.md", "lakehouse source new my_shop --landing landing"): (
        "the folder is the reader's own; tests/sources/drafting/test_known_exports.py drafts from one of each export"
    ),
    ("docs/models.md", "lakehouse train                       # all three,"): (
        "training takes minutes, and the server runs until it is ended; tests/ml and tests/cli do it on small data"
    ),
    ("docs/quality.md", "lakehouse quality waive gold.fact_sales.reference_"): (
        "its day is past; tests/quality/test_results.py waives a rule"
    ),
    ("docs/dashboard.md", "lakehouse dashboard --lake demo/lake --port 8501"): (
        "it serves until it is ended; tests/cli/test_dashboard.py starts one"
    ),
    ("docs/world.md", "lakehouse generate [--out DIR] [--profile seed] [-"): "it says what options there are",
}
EXAMPLES = {"DIR": "folder", "F": "0.5", "N": "7", "D": "2024-01-01", "E": "sail"}
"""What stands for the words in capitals."""
ALL = blocks()
LAKEHOUSE = [
    pytest.param(command, id=f"{one.page}: {command[:60]}")
    for one in ALL
    for command in one.commands
    if command.startswith("lakehouse ")
]


def parsed(arguments: list[str]) -> str:
    """The name of the command that takes these arguments. Raises TyperException where there is none."""
    command: Any = get_command(app)
    context = command.make_context("lakehouse", list(arguments))
    while isinstance(command, TyperGroup):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)
    return str(context.command_path)


def test_every_block_is_run_by_a_test_or_has_a_reason_why_not() -> None:
    assert {one.key for one in ALL} == RUN | set(NOT_RUN)
    assert not RUN & set(NOT_RUN)


@pytest.mark.parametrize("command", LAKEHOUSE)
def test_a_command_of_a_page_is_one_that_there_is(command: str) -> None:
    plain = re.sub(r"[\[\]]", "", command.split("     ")[0]) if "[" in command else command
    arguments = [EXAMPLES.get(word, word) for word in words(plain)[1:]]
    assert parsed(arguments).startswith(f"lakehouse {arguments[0]}")


@pytest.mark.parametrize("arguments", [["sqll", "x"], ["sql"], ["run", "--sauce", "x"], ["source", "no", "x"]])
def test_a_command_that_there_is_not_is_refused(arguments: list[str]) -> None:
    with pytest.raises(TyperException):
        parsed(arguments)


def test_a_target_of_make_is_one_that_there_is() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {words(line)[1] for one in ALL for line in one.commands if line.startswith("make ")}
    assert named
    assert named <= targets


def test_what_is_given_to_spark_submit_is_there() -> None:
    commands = [line for one in ALL for line in one.commands if line.startswith("spark-submit ")]
    assert commands
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for command in commands:
        [script] = [word for word in words(command) if word.startswith("jobs/")]
        assert (ROOT / script).is_file()
        assert parsed([Path(script).stem, *words(command)[words(command).index(script) + 1 :]]) == "lakehouse run"
        named = [after for word, after in pairwise(words(command)) if word == "--properties-file"]
        assert all((ROOT / one).is_file() for one in named)
        assert f"dist/{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl" in command


def test_a_block_gives_its_commands_whole() -> None:
    text = "cat > a <<'END'\none\ntwo\nEND\nuv run \\\n    --all\nmake x  # why\n"
    assert Block("page", text, "").commands == ["cat > a <<'END'\none\ntwo\nEND", "uv run --all", "make x  # why"]
