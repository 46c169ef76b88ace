"""Mutants are tried in an order that is cheap, and what it says can be trusted."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.mutants import plan, trial
from bench.mutants.mutant import mutants_of
from bench.mutants.results import NOTICED, SURVIVED, read
from bench.mutants.trial import Work, try_all
from bench.mutants.warm import Answer, Warm
from bench.mutants.worker import Watch

MODULE, TESTS = "quality/waivers.py", ("tests/quality/test_waivers.py",)
MUTANTS = tuple(mutants_of(MODULE, (plan.ROOT / MODULE).read_text(encoding="utf-8"))[:3])
PASSES = Answer(True, "", 1.0)


class Told:
    """Gives these answers, and keeps what was asked: which tests, and whether of the module as it stands."""

    copy = plan.ROOT

    def __init__(self, *answers: Answer) -> None:
        self._answers = iter(answers)
        self.asked: list[tuple[tuple[str, ...], bool]] = []

    def tried(self, module: str, source: str, tests: tuple[str, ...], limit: float, **_: bool) -> Answer:
        self.asked.append((tests, source == (plan.ROOT / module).read_text(encoding="utf-8")))
        return next(self._answers)


def tried(told: Told, folder: Path) -> list[str]:
    try_all(cast(Warm, told), Work(MODULE, TESTS, MUTANTS), folder / "results.jsonl", lambda line: None)
    return [one.outcome for one in read(folder / "results.jsonl").values()]


def red(test: str) -> Answer:
    return Answer(False, f"{TESTS[0]}::{test}", 1.0)


def test_a_test_that_notices_is_seen_to_pass_alone_without_the_change_and_once_is_enough(tmp_path: Path) -> None:
    told = Told(PASSES, red("test_a"), PASSES, red("test_a"), PASSES)
    assert tried(told, tmp_path) == [NOTICED, NOTICED, SURVIVED]
    assert told.asked == [
        (TESTS, True),
        (TESTS, False),
        ((f"{TESTS[0]}::test_a",), True),
        (TESTS, False),
        (TESTS, False),
    ]


def test_a_test_that_fails_without_the_change_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(trial.TestsFail, match="test_a fails alone"):
        tried(Told(PASSES, red("test_a"), red("test_a")), tmp_path)
    with pytest.raises(trial.TestsFail, match="without any change"):
        tried(Told(red("test_a")), tmp_path)
    assert read(tmp_path / "results.jsonl") == {}


@pytest.mark.parametrize("why", ["(took too long)", "tests/x.py (import)"])
def test_what_no_test_said_is_not_asked_again(tmp_path: Path, why: str) -> None:
    told = Told(PASSES, Answer(False, why, 1.0), PASSES, PASSES)
    assert tried(told, tmp_path) == [NOTICED, SURVIVED, SURVIVED]


def item(test: str) -> Any:
    return SimpleNamespace(nodeid=test, path=Path(test.partition("::")[0]))


def report(test: str, seconds: float = 0.0, *, failed: bool = False) -> Any:
    return SimpleNamespace(nodeid=test, duration=seconds, failed=failed)


def test_what_noticed_before_runs_first_then_what_is_cheap_file_by_file() -> None:
    watch, names = Watch(), ["a::1", "a::2", "b::1", "b::2", "b::3"]
    items = [item(name) for name in names]
    watch.pytest_collection_modifyitems(items)
    assert [one.nodeid for one in items] == names, "as they stand, as long as nothing is known"
    for name, seconds in zip(names, (9, 1, 3, 2, 1), strict=True):
        watch.pytest_runtest_logreport(report(name, seconds))
    watch.pytest_collection_modifyitems(items)
    assert [one.nodeid for one in items] == ["b::3", "b::2", "b::1", "a::2", "a::1"]
    watch.pytest_runtest_logreport(report("a::1", failed=True))
    watch.pytest_collection_modifyitems(items)
    assert [one.nodeid for one in items] == ["a::1", "b::3", "b::2", "b::1", "a::2"]
    assert watch.failed == "a::1"


def test_modules_whose_tests_start_spark_are_known(tmp_path: Path) -> None:
    for name, text in {"a": "def test(spark): ...", "b": "def test(shop: Shop): ...", "c": "# sparkling"}.items():
        (tmp_path / name).write_text(text)
    assert [plan.ask_for_spark((name,), tmp_path) for name in "abc"] == [True, True, False]
    assert plan.ask_for_spark(("c", "a"), tmp_path)
    assert trial.chosen(MODULE, 1, 1)
