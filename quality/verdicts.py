"""What the gate says: one verdict per expectation, and the refusal that critical ones come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lakehouse.pipeline import refusal

Severity = Literal["critical", "warning"]
Outcome = Literal["passed", "failed", "warned", "waived"]


@dataclass(frozen=True)
class Measured:
    """A figure taken of the data; for rules that nothing may break, the number of cases that do."""

    figure: float
    observed: str = ""
    """The figure in words, where a number alone says too little."""
    examples: tuple[str, ...] = ()
    """Keys of a few cases; values that identify a person are masked."""


NOTHING_BROKEN = Measured(0)


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
        super().__init__(
            f"refused, nothing was published:\n{listed}\n"
            "Mend the file, the source or the rule and run again, or set the batch aside: "
            "`lakehouse batches list`, then `lakehouse batches hold N`. What must pass all the same can be waived for "
            f"a time: `lakehouse quality waive {self.failures[0].rule} --until DATE --why TEXT`"
        )
