"""What the gate says: one verdict per expectation, and the refusal that critical ones come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lakehouse.pipeline import refusal

Severity = Literal["critical", "warning"]
Outcome = Literal["passed", "failed", "warned", "waived"]


MOST_CASES = 100
"""Cases of a rule that are kept one by one."""


@dataclass(frozen=True)
class Case:
    """One row, key or group that breaks a rule."""

    source: str | None
    """None where it is not known to be one source's."""
    key: str
    """As it is shown, and as a waiver names it."""


@dataclass(frozen=True)
class Measured:
    """A figure taken of the data; for rules that nothing may break, the number of cases that do."""

    figure: float
    observed: str = ""
    """The figure in words, where a number alone says too little."""
    examples: tuple[str, ...] = ()
    """Keys of a few cases; values that identify a person are masked."""
    by_source: Mapping[str, int] = field(default_factory=dict)
    """Cases by the source of their rows; empty where they are not those of sources."""
    cases: tuple[Case, ...] = ()
    """The first ones."""


NOTHING_BROKEN = Measured(0)


def measured_off(off: Sequence[Case], observed: str) -> Measured:
    """What comes of cases that are all known. One that is of no source leaves open whose the others are."""
    sources = [one.source for one in off if one.source is not None]
    by_source = dict(Counter(sources)) if len(sources) == len(off) else {}
    return Measured(len(off), observed, by_source=by_source, cases=tuple(off[:MOST_CASES]))


@dataclass(frozen=True)
class Verdict:
    """What came of one expectation about one table."""

    table: str
    rule: str
    """Its name for people and for waivers, as in `gold.fact_sales.unique_key`."""
    expectation: str
    """In words."""
    columns: tuple[str, ...]
    severity: Severity
    outcome: Outcome
    observed: str
    figure: float
    threshold: str
    seconds: float
    examples: tuple[str, ...] = ()
    by_source: Mapping[str, int] = field(default_factory=dict)
    """Of a failure: cases by the source of their rows, as far as no waiver lets them pass; empty where they are not
    those of sources."""
    cases: tuple[Case, ...] = ()

    @property
    def for_example(self) -> str:
        return f", for example {'; '.join(self.examples)}" if self.examples else ""

    def __str__(self) -> str:
        return f"{self.table}: {self.expectation}: {self.observed}{self.for_example}"


class Refused(refusal.Refused):
    """Critical expectations that do not hold."""

    def __init__(self, failures: Sequence[Verdict], verdicts: Sequence[Verdict] = ()) -> None:
        self.failures = list(failures)
        self.verdicts = list(verdicts)
        """All that were given, those that passed too."""
        listed = "\n".join(f"  {failure} ({failure.rule})" for failure in self.failures)
        what_failed = (
            f"{listed}\n"
            "Mend the file, the source or the rule and run again, or set the batch aside: "
            "`lakehouse batches list`, then `lakehouse batches hold N`. What must pass all the same can be waived for "
            f"a time: `lakehouse quality waive {self.failures[0].rule} --until DATE --why TEXT`"
        )
        sources = frozenset(name for failure in self.failures for name in failure.by_source)
        is_known = all(failure.by_source for failure in self.failures)
        super().__init__(f"refused, nothing was published:\n{what_failed}", what_failed, sources if is_known else ())
