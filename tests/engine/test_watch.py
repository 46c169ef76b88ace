"""A run whose cluster went away is ended with a sentence, and no other run is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lakehouse.engine.spark.watch import EXECUTOR_SECONDS, MASTER_SECONDS, missing

MASTER = "spark://127.0.0.1:7077"


def watch(master: str, executors: str, seconds: float) -> str | None:
    """Looks as often as there are letters, `seconds` apart: y where it is there, n where it is not."""
    left = iter(zip(master, executors, strict=True))
    seen: list[tuple[str, str]] = []

    def is_over() -> bool:
        seen.append(next(left, ("", "")))
        return seen[-1] == ("", "")

    def clock() -> Iterator[float]:
        now = 100.0
        while True:
            yield now
            now += seconds

    ticks = clock()
    return missing(lambda: seen[-1][0] == "y", lambda: seen[-1][1] == "y", is_over, MASTER, clock=lambda: next(ticks))


def test_a_cluster_that_is_there_is_no_matter() -> None:
    assert watch("yyyyy", "yyyyy", 1000) is None


@pytest.mark.parametrize(("seconds", "ends"), [(MASTER_SECONDS / 2, True), (MASTER_SECONDS / 2 - 0.1, False)])
def test_a_master_may_be_gone_for_so_long_and_no_longer(seconds: float, ends: bool) -> None:
    said = watch("ynnn", "yyyy", seconds)
    assert (said is not None) == ends
    assert said is None or f"the master at {MASTER} has been gone for 20 seconds" in said


@pytest.mark.parametrize(("seconds", "ends"), [(EXECUTOR_SECONDS / 2, True), (EXECUTOR_SECONDS / 2 - 0.1, False)])
def test_executors_may_be_gone_for_so_long_and_no_longer(seconds: float, ends: bool) -> None:
    said = watch("yyyy", "ynnn", seconds)
    assert (said is not None) == ends
    assert said is None or "no executor for 120 seconds" in said


def test_what_comes_back_is_waited_for_anew() -> None:
    assert watch("nynyn", "yyyyy", MASTER_SECONDS * 0.9) is None
    assert watch("yyyyy", "nynyn", EXECUTOR_SECONDS * 0.9) is None
