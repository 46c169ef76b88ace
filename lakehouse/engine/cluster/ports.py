"""Ports of this machine."""

from __future__ import annotations

import socket

ADDRESS = "127.0.0.1"
_TRIED = 50


class NoPort(Exception):
    """No port is free near the one that is wanted. Exit code 1."""

    exit_code = 1


def first_free(wanted: int, besides: set[int]) -> int:
    """The port that is wanted, or the next one that nobody listens on and that is not in `besides`."""
    last = min(wanted + _TRIED, 65536)
    for port in range(wanted, last):
        if port not in besides and _is_free(port):
            return port
    raise NoPort(f"no port from {wanted} to {last - 1} is free: name another")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: one that was just closed is free
        try:
            one.bind((ADDRESS, port))
        except OSError:
            return False
    return True
