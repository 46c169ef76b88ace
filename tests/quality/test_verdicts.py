"""A refusal knows the sources whose rows failed, where that can be told of every failure."""

from __future__ import annotations

import pytest

from quality.verdicts import Case, Refused, Verdict, measured_off


def failure(**by_source: int) -> Verdict:
    return Verdict("gold.t", "gold.t.r", "holds", (), "critical", "failed", "1 row", 1, "none", 0.0, (), by_source)


@pytest.mark.parametrize(
    ("failures", "sources"),
    [
        ([failure(a=1)], {"a"}),
        ([failure(a=1), failure(b=2, a=1)], {"a", "b"}),
        ([failure(a=1), failure()], set()),
        ([failure()], set()),
    ],
)
def test_one_failure_that_is_of_no_source_concerns_all(failures: list[Verdict], sources: set[str]) -> None:
    refused = Refused(failures)
    assert refused.sources == sources
    assert refused.what_failed in str(refused)
    assert "nothing was published" not in refused.what_failed


def test_cases_are_counted_by_source_and_one_that_has_none_is_of_no_source() -> None:
    cases = [Case("a", "x"), Case("b", "y"), Case("a", "z")]
    found = measured_off(cases, "said")
    assert (found.figure, found.by_source, found.cases) == (3, {"a": 2, "b": 1}, tuple(cases))
    assert measured_off([*cases, Case(None, "q")], "said").by_source == {}
