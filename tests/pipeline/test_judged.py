"""Which sources of a run are published where the gate refuses some: whole ones, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from lakehouse.pipeline.judged import judge_and_publish
from lakehouse.pipeline.refusal import Refused
from lakehouse.silver.intake import BatchSelection

NEW = {"a": BatchSelection((1,), (4,)), "b": BatchSelection((2,), (5,)), "c": BatchSelection((3,), ())}
"""Sources a and b have a new batch, c has nothing new."""


class Played:
    """A run whose gate refuses these sources, one set after the other, and then lets pass."""

    def __init__(self, *refusals: Collection[str], ahead: Mapping[str, BatchSelection] | None = None) -> None:
        self.refusals = list(refusals)
        self.refused: dict[str, str] = {}
        self.built: list[dict[str, tuple[int, ...]]] = []
        self.forgotten: list[str] = []
        self.models = SimpleNamespace(forget=lambda sources: self.forgotten.extend(sorted(sources)))
        self.lake = SimpleNamespace(release=lambda: None)
        self.events = SimpleNamespace(say=lambda said: None)
        self.ahead = ahead or NEW

    def select(self) -> Mapping[str, BatchSelection]:
        return self.ahead

    def gate(self, selections: Mapping[str, BatchSelection]) -> str:
        if self.refusals:
            raise Refused("nothing was published", "what failed", self.refusals.pop(0))
        return "judged"

    def silver(self, selections: Mapping[str, BatchSelection]) -> Mapping[str, BatchSelection]:
        self.built.append({name: selection.new for name, selection in selections.items()})
        return selections

    def gold(self, selections: Mapping[str, BatchSelection]) -> None: ...

    def score(self) -> None: ...

    def publish(self, selections: Mapping[str, BatchSelection], judgement: str) -> int:
        return 7


def played(*refusals: Collection[str], ahead: Mapping[str, BatchSelection] | None = None) -> tuple[Played, Any]:
    run: Any = Played(*refusals, ahead=ahead)
    return run, judge_and_publish(run, NEW)


def test_what_passes_is_published_as_it_is() -> None:
    run, end = played()
    assert (end.publication, end.refusal, end.selections, run.built) == (7, None, NEW, [])


def test_the_others_are_derived_again_without_the_refused_source_and_published() -> None:
    run, end = played({"a"})
    assert run.built == [{"b": (5,), "c": ()}]
    assert (end.publication, set(end.selections), str(end.refusal)) == (7, {"b", "c"}, "nothing was published")
    assert (run.refused, run.forgotten) == ({"a": "what failed"}, ["a"])


def test_a_batch_that_came_after_the_first_judgement_is_left_to_the_next_run() -> None:
    later = NEW | {"b": BatchSelection((2,), (5, 9))}
    assert played({"a"}, ahead=later)[0].built == [{"b": (5,), "c": ()}]


@pytest.mark.parametrize(
    "refusals",
    [
        [()],  # of no source's rows
        [("c",)],  # of a source that brought nothing
        [("a", "c")],
        [("a", "b")],  # nothing is left to do
        [("a",), ("b",)],
        [("a",), ("a",)],  # without its new rows it fails still
        [("a",), ()],
    ],
)
def test_nothing_is_published_where_no_source_can_be_held_back_or_none_is_left(refusals: list[tuple[str, ...]]) -> None:
    run, end = played(*refusals)
    assert end.publication is None
    assert end.refusal is not None
    assert len(run.built) == len(refusals) - 1
