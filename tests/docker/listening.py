"""Where processes listen, as Linux says it."""

from __future__ import annotations

import sys
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

_LISTENS = "0A"


def listening(session: int) -> set[tuple[IPv4Address | IPv6Address, int]]:
    """Address and port of each socket at which a process of the session listens."""
    own = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                own |= _open(process / "fd")
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path("/proc/net", name).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS and f"socket:[{fields[9]}]" in own:
                address, port = fields[1].split(":")
                found.add((_address(address), int(port, 16)))
    return found


def _open(folder: Path) -> set[str]:
    """What a process has open; what it closes meanwhile is left out."""
    found = set()
    for link in folder.iterdir():
        with suppress(OSError):
            found.add(link.readlink().name)
    return found


def _address(text: str) -> IPv4Address | IPv6Address:
    """Words of 32 bits, each in the byte order of the machine."""
    words = [int(text[place : place + 8], 16) for place in range(0, len(text), 8)]
    packed = b"".join(word.to_bytes(4, sys.byteorder) for word in words)
    if len(words) == 1:
        return IPv4Address(packed)
    whole = IPv6Address(packed)
    return whole.ipv4_mapped or whole
