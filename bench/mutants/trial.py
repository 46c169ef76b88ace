"""Mutants of a module against the tests that hold it, and promises against the test that is named for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.mutant import Mutant, sample
from bench.mutants.plan import ROOT, Equivalent, Promise, digest, reason_of, switched_off
from bench.mutants.results import EQUIVALENT, NOTICED, SURVIVED, Result, is_done, note
from bench.mutants.warm import Answer, Warm

Tell = Callable[[str], None]
_START = 120.0
"""Seconds that a first run of tests may take beside their own: Spark starts."""
_LONGEST = 1800.0


class TestsFail(Exception):
    """The tests do not pass as the project stands: nothing can be said about its mutants."""


@dataclass(frozen=True)
class Work:
    """The mutants of a module that are to be tried, and those of which is known that nothing changes."""

    module: str
    tests: tuple[str, ...]
    mutants: tuple[Mutant, ...]


def chosen(module: str, count: int, seed: int) -> list[Mutant]:
    return sample(module, (ROOT / module).read_text(encoding="utf-8"), count, seed)


def of_no_effect(mutants: list[Mutant], accepted: list[Equivalent]) -> list[Result]:
    """Those that are accepted as equivalent, with the reason."""
    reasons = [(mutant, reason_of(mutant, accepted)) for mutant in mutants]
    return [_result(mutant, EQUIVALENT, reason, "", 0.0) for mutant, reason in reasons if reason]


def still_to_try(
    module: str, tests: tuple[str, ...], mutants: list[Mutant], accepted: list[Equivalent], results: dict[str, Result]
) -> Work:
    now = digest(tests)
    open_ones = (one for one in mutants if not reason_of(one, accepted) and not is_done(one, results, now))
    return Work(module, tests, tuple(open_ones))


def try_all(warm: Warm, work: Work, results: Path, tell: Tell) -> None:
    """Tries the mutants of a module and notes each. Raises TestsFail where its tests fail without a change, all of them
    or, first of all of them as it may have been, the one that noticed a mutant."""
    source = (ROOT / work.module).read_text(encoding="utf-8")
    as_it_is = warm.tried(work.module, source, work.tests, _LONGEST)
    if not (as_it_is.passed and as_it_is.ran):
        raise TestsFail(f"{work.module}: {as_it_is.failed or 'no test was found'} without any change")
    tell(
        f"{work.module}: {len(work.mutants)} mutants against {', '.join(work.tests)}: {as_it_is.seconds:.0f} s as it is"
    )
    alone = set[str]()
    for mutant in work.mutants:
        answer = warm.tried(work.module, mutant.source, work.tests, _START + 4 * as_it_is.seconds)
        if "::" in answer.failed and answer.failed not in alone:
            _pass_alone(warm, work.module, source, answer.failed)
            alone.add(answer.failed)
        outcome = SURVIVED if answer.passed else NOTICED
        note(results, _result(mutant, outcome, answer.failed, digest(work.tests, warm.copy), answer.seconds))
        tell(f"  {outcome} {answer.seconds:5.1f} s  line {mutant.line} ({mutant.operator}) {answer.failed}")


def _pass_alone(warm: Warm, module: str, source: str, test: str) -> None:
    said = warm.tried(module, source, (test,), _LONGEST)
    if said.ran and not said.passed:
        raise TestsFail(f"{module}: {test} fails alone without any change")


def hold(warm: Warm, promise: Promise) -> Answer:
    """What the promise's test says when its mechanism is switched off. Raises TestsFail where it fails with it."""
    source = (ROOT / promise.module).read_text(encoding="utf-8")
    with_it = warm.tried(promise.module, source, (promise.test,), _LONGEST, long=True)
    if not (with_it.passed and with_it.ran):
        raise TestsFail(f"{promise.name}: {promise.test} fails with the mechanism in its place: {with_it.failed}")
    return warm.tried(promise.module, switched_off(promise), (promise.test,), _START + 4 * with_it.seconds, long=True)


def _result(mutant: Mutant, outcome: str, by: str, tests: str, seconds: float) -> Result:
    return Result(
        mutant.module,
        mutant.key,
        mutant.line,
        mutant.operator,
        mutant.before,
        mutant.after,
        outcome,
        by,
        tests,
        seconds,
    )
