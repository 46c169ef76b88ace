"""Results of mutants: kept from run to run, and counted."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.mutants import results
from bench.mutants.mutant import mutants_of
from bench.mutants.results import EQUIVALENT, NOTICED, SURVIVED, Result

[MUTANT, OTHER, *_] = mutants_of("m.py", "x = a < 1")
SEEN = Result("m.py", MUTANT.key, 1, "comparison", MUTANT.before, MUTANT.after, NOTICED, "test_x", "tests-1", 1.0)


def test_a_run_goes_on_where_the_one_before_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    assert results.read(path) == {}
    results.note(path, SEEN)
    with path.open("a") as file:
        file.write('{"module": "m.py", "key')  # killed while it wrote
    assert results.read(path) == {MUTANT.key: SEEN}


def test_the_latest_result_counts(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    results.note(path, replace(SEEN, outcome=SURVIVED))
    results.note(path, SEEN)
    assert results.read(path)[MUTANT.key].outcome == NOTICED


@pytest.mark.parametrize(
    ("outcome", "tests", "done"),
    [
        (NOTICED, "tests-1", True),
        (NOTICED, "tests-2", True),
        (SURVIVED, "tests-1", True),
        (SURVIVED, "tests-2", False),
        (EQUIVALENT, "tests-1", False),
    ],
)
def test_a_survivor_is_tried_again_when_its_tests_have_changed(outcome: str, tests: str, done: bool) -> None:
    assert results.is_done(MUTANT, {MUTANT.key: replace(SEEN, outcome=outcome)}, tests) is done
    assert not results.is_done(OTHER, {MUTANT.key: SEEN}, "tests-1")


def test_equivalent_mutants_do_not_count_in_the_share() -> None:
    said = StringIO()
    several = [SEEN, SEEN, SEEN, replace(SEEN, outcome=SURVIVED), replace(SEEN, outcome=EQUIVALENT)]
    total = results.show(several, Console(file=said, width=120))
    assert total == {NOTICED: 3, SURVIVED: 1, EQUIVALENT: 1}
    assert results.share(total) == 0.75
    assert "75%" in said.getvalue()
    assert f"+ {MUTANT.after}" in said.getvalue()


def test_nothing_tried_is_no_share() -> None:
    assert results.share(results.Counter()) is None
    assert results.share(results.Counter({SURVIVED: 2})) == 0
