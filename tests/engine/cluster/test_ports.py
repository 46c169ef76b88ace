"""A port that is free, or a sentence."""

from __future__ import annotations

import socket

import pytest

from lakehouse.engine.cluster.ports import ADDRESS, NoPort, first_free


@pytest.mark.parametrize("listening_on", [ADDRESS, "0.0.0.0"])
def test_the_next_free_port_is_taken_where_the_wanted_one_is_not(listening_on: str) -> None:
    with socket.socket() as taken:
        taken.bind((listening_on, 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = first_free(port, set())
        assert found > port
        assert first_free(port, {found}) > found
    assert first_free(port, set()) == port


def test_ports_end_at_the_last() -> None:
    with pytest.raises(NoPort, match="no port from 65535 to 65535 is free"):
        first_free(65535, {65535})
