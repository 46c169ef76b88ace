"""Where a process listens is told, on all addresses too: what is said of services relies on it."""

from __future__ import annotations

import os
import socket

import pytest

from tests.docker.listening import listening


@pytest.mark.parametrize(
    ("family", "address", "is_loopback"),
    [
        (socket.AF_INET, "127.0.0.1", True),
        (socket.AF_INET, "0.0.0.0", False),
        (socket.AF_INET6, "::1", True),
        (socket.AF_INET6, "::ffff:127.0.0.1", True),
        (socket.AF_INET6, "::", False),
    ],
)
def test_an_address_is_known_for_what_it_is(family: socket.AddressFamily, address: str, is_loopback: bool) -> None:
    with socket.socket(family) as one:
        try:
            one.bind((address, 0))
        except OSError:
            pytest.skip("this machine has no such address")
        one.listen()
        port = one.getsockname()[1]
        found = [found for found, number in listening(os.getsid(0)) if number == port]
    assert [one.is_loopback for one in found] == [is_loopback]


def test_what_is_connected_listens_not_and_a_session_has_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        ports = {port for _, port in listening(os.getsid(0))}
        assert server.getsockname()[1] in ports
        assert client.getsockname()[1] not in ports
        assert not listening(os.getsid(0) + 1_000_000_000)
