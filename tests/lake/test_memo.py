"""What several threads ask for is worked out by one of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lakehouse.lake.memo import Memo


def test_one_looks_and_the_others_wait_for_its_answer() -> None:
    once, all_ask, looks = Memo(), threading.Barrier(4), []

    def ask() -> int:
        all_ask.wait()
        return int(once("what", lambda: looks.append(1) or len(looks)))

    with ThreadPoolExecutor(4) as pool:
        assert [one.result() for one in [pool.submit(ask) for _ in range(4)]] == [1, 1, 1, 1]
    assert list(once.found()) == [1]


def test_a_look_that_fails_is_no_answer() -> None:
    once = Memo()
    with pytest.raises(ZeroDivisionError):
        once("what", lambda: 1 // 0)
    assert once("what", lambda: 2) == 2


def test_what_was_found_is_forgotten_when_it_is_cleared() -> None:
    once = Memo()
    once("what", lambda: 1)
    once.clear()
    assert once("what", lambda: 2) == 2
