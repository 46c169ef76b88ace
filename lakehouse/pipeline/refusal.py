"""What a gate raises, for the rooms that judge and the room that publishes."""

from __future__ import annotations

from collections.abc import Iterable


class Refused(Exception):
    """A gate does not let this through; nothing is published. The message says what to do. Exit code 3."""

    exit_code = 3

    def __init__(self, message: str, what_failed: str = "", sources: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.what_failed = what_failed
        """What does not hold and what to do, without saying what is published."""
        self.sources = frozenset(sources)
        """The sources whose rows failed; none where that cannot be told, and all are refused."""
