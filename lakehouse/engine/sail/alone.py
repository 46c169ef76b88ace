"""A server of this process that nobody else can talk to: Sail asks for no secret, and what it is told it does.

Once this process is connected, the kernel drops whatever else comes to the port. Whoever came before that is noticed.
Only Linux has such a filter.
"""

from __future__ import annotations

import ctypes
import os
import socket
import stat
import struct
import sys
from pathlib import Path

from lakehouse.engine.model import EngineUnavailable

CAN_BE = sys.platform == "linux"
_SO_ATTACH_FILTER = 26
_DROP = struct.pack("HBBI", 0x06, 0, 0, 0)
"""One instruction of a classic BPF filter: keep nothing of a packet."""
_ESTABLISHED = "01"


def keep_alone(address: str, port: int) -> None:
    """Closes the port to new connections. Raises EngineUnavailable where somebody else is connected, or it cannot."""
    try:
        with _listening(address, port) as listener:
            code = ctypes.create_string_buffer(_DROP)
            program = struct.pack("HP", 1, ctypes.addressof(code))
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
    except OSError as error:
        raise EngineUnavailable(f"Sail's port cannot be closed to others ({error}): take --engine spark") from error
    if (found := connections(address, port)) != 1:
        raise EngineUnavailable(f"{found - 1} others are connected to Sail's port: take --engine spark on this machine")


def _listening(address: str, port: int) -> socket.socket:
    """A second handle to the socket of this process that listens there. Raises OSError where there is none."""
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            one = socket.socket(fileno=os.dup(number))
        except OSError:
            continue  # closed meanwhile
        if _is_at(one, address, port) and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return one
        one.close()
    raise OSError(f"nothing listens at {address}:{port}")


def _is_at(one: socket.socket, address: str, port: int) -> bool:
    try:
        return one.family == socket.AF_INET and one.getsockname() == (address, port)
    except OSError:
        return False


def connections(address: str, port: int) -> int:
    """How many are connected to the port, those included whom the server has not looked at yet."""
    [number] = struct.unpack("=I", socket.inet_aton(address))
    local = f"{number:08X}:{port:04X}"
    lines = (line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:])
    return sum(line[1] == local and line[3] == _ESTABLISHED for line in lines)
