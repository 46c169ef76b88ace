"""What is put into a run from rooms that the pipeline does not know: row rules, a gate, and steps that build tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from lakehouse.gold import STEPS
from lakehouse.lake import Lake
from lakehouse.pipeline.refusal import Refused
from lakehouse.silver.rules import RowRule
from lakehouse.sources.model import Source
from lakehouse.step import Step


class Judgement(Protocol):
    """What a gate said of the working heads."""

    @property
    def refusal(self) -> Refused | None:
        """Why nothing may be published; None where all may."""

    @property
    def remarks(self) -> Sequence[str]:
        """For people: what did not hold, and does not refuse."""

    def write_report(self, publication: int | None, *, now: datetime) -> Path:
        """A page about it; `publication` is None where nothing was published."""


class Gate(Protocol):
    """Judges the working heads of a lake before readers see them."""

    def prepare(self) -> None:
        """Called when a run begins to derive: what takes a while to start may start now."""

    def judge(self, lake: Lake, sources: Sequence[Source], batches: Sequence[int], *, now: datetime) -> Judgement:
        """`batches` are those that the publication would consume."""


@dataclass(frozen=True)
class Parts:
    """All that is handed in."""

    rules: Sequence[RowRule]
    gate: Gate
    steps: Sequence[Step] = STEPS
