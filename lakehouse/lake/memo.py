"""Memoised answers: several threads ask for one, and one of them works it out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from threading import Lock
from typing import Any


class Memo:
    """Keeps what was found until it is cleared. Who asks while another looks waits for its answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Hashable, Lock] = {}
        self._found: dict[Hashable, Any] = {}

    def __call__(self, what: Hashable, find: Callable[[], Any]) -> Any:
        """What `find` gives. `what` names it, with the state of the lake that it is true of."""
        with self._lock:
            mine = self._asked.setdefault(what, Lock())
        with mine:
            if what not in self._found:
                self._found[what] = find()
            return self._found[what]

    def found(self) -> Iterator[Any]:
        return iter(list(self._found.values()))

    def clear(self) -> None:
        self._found.clear()
