"""Removal effects equal what counting paths without the campaign says."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from lakehouse.gold.campaigns.markov import NOTHING, ORDER, START, removal_effects


def chance_of_an_order(transitions: Counter[tuple[str, str]], without: str | None = None) -> float:
    """By walking: the chance that each state holds is passed on until next to nothing walks any more."""
    leaving: Counter[str] = Counter()
    for (source, _), count in transitions.items():
        leaving[source] += count
    walking, ordered = {START: 1.0}, 0.0
    while sum(walking.values()) > 1e-14:
        after: dict[str, float] = {}
        for (source, target), count in transitions.items():
            moved = walking.get(source, 0.0) * count / leaving[source]
            if target == ORDER:
                ordered += moved
            elif target not in (NOTHING, without):
                after[target] = after.get(target, 0.0) + moved
        walking = after
    return ordered


def chain(paths: list[tuple[str, ...]]) -> Counter[tuple[str, str]]:
    return Counter(step for path in paths for step in zip((START, *path[:-1]), path, strict=True))


def test_effects_of_a_small_case_worked_out_by_hand() -> None:
    # P(order) = 1/2 (a then b) + 0 = 1/3 + 1/3; without a only the path by b alone is left.
    effects = removal_effects(chain([("a", "b", ORDER), ("b", ORDER), ("a", NOTHING)]))
    assert effects == pytest.approx({"a": 0.5, "b": 1.0})


@pytest.mark.parametrize("seed", range(5))
def test_effects_equal_brute_force(seed: int) -> None:
    draw = random.Random(seed)
    paths = [(*draw.choices("abcdef", k=draw.randint(1, 7)), draw.choice((ORDER, NOTHING, NOTHING))) for _ in range(60)]
    transitions = chain(paths)
    whole = chance_of_an_order(transitions)
    brute = {name: 1 - chance_of_an_order(transitions, without=name) / whole for name in "abcdef"}
    assert removal_effects(transitions) == pytest.approx(brute, abs=1e-9)


def test_without_any_order_nothing_has_an_effect() -> None:
    assert removal_effects(chain([("a", NOTHING), ("b", "a", NOTHING)])) == {"a": 0.0, "b": 0.0}
    assert removal_effects({}) == {}


def test_a_campaign_that_no_walk_goes_on_from_has_no_effect() -> None:
    assert removal_effects({(START, "a"): 1, (START, "b"): 1, ("b", ORDER): 1}) == {"a": 0.0, "b": 1.0}
