"""What a gate raises, for the rooms that judge and the room that publishes."""

from __future__ import annotations


class Refused(Exception):
    """A gate does not let this through; nothing is published. The message says what to do. Exit code 3."""

    exit_code = 3
