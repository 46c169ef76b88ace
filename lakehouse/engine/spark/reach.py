"""Whether a cluster's master can be spoken with, before a session is asked of it.

Spark asks a master again and again, for a minute, and then says that it did not answer: not that nobody listens there,
nor that the secret is wrong. So it is asked once here, with bounds, by Spark's own protocol.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from py4j.protocol import Py4JJavaError

from lakehouse.engine.cluster.client import NotLetIn
from lakehouse.engine.cluster.place import SECRET, SECRET_VARIABLE, place

_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 60
"""A wrong secret is refused at once. What takes so long is a machine that is busy, or no master at all."""
_ASKED_WITH = ("spark.authenticate", "spark.network.", "spark.ssl.", "spark.rpc.")


class NoMaster(Exception):
    """Nobody answers at the address of the master. Exit code 1."""

    exit_code = 1


def addresses(master: str) -> list[tuple[str, int]]:
    """Host and port of each master of spark://host:port,host:port. Raises NoMaster where it is no such address."""
    parts = [urlsplit(f"spark://{one}") for one in master.removeprefix("spark://").split(",")]
    try:
        found = [(part.hostname, part.port) for part in parts]
    except ValueError:
        found = []
    whole = [(host, port) for host, port in found if host and port]
    if not whole or len(whole) != len(parts):
        raise NoMaster(f"{master} is no address of a master: spark://HOST:PORT")
    return whole


def listens(address: tuple[str, int], seconds: float = _CONNECT_SECONDS) -> bool:
    """Whether anybody listens there."""
    try:
        with socket.create_connection(address, timeout=seconds):
            return True
    except OSError:
        return False


def require_listener(master: str) -> None:
    """Raises NoMaster where nobody listens at any of its addresses. Needs no Java."""
    if not any(listens(address) for address in addresses(master)):
        raise NoMaster(
            f"no master answers at {master}: `lakehouse cluster status` says what of this machine's cluster runs, "
            "`lakehouse cluster up` starts one"
        )


def require_admission(jvm: Any, master: str, options: Mapping[str, str]) -> None:
    """Asks each master for its door, as drivers do. Raises NoMaster, and NotLetIn where the secret is not its own."""
    said = [_refusal(jvm, address, options) for address in addresses(master)]
    if None in said:
        return
    if all("TimeoutException" in str(one) for one in said):
        raise NoMaster(f"somebody listens at {master} and did not answer as a master does in {_ANSWER_SECONDS} seconds")
    if options.get("spark.authenticate") == "true" and SECRET in options:
        problem = f"the master at {master} does not take this secret"
    else:
        problem = f"the master at {master} wants a secret, and none is known"
    raise NotLetIn(
        f"{problem}. It is looked for in {SECRET_VARIABLE} and, where that cluster was started here, in "
        f"{place().client_conf}; spark-submit takes --properties-file too. Spark said: {said[0]}"
    )


def _refusal(jvm: Any, address: tuple[str, int], options: Mapping[str, str]) -> str | None:
    """What Spark says of a master that lets nobody in; None where it does."""
    conf = jvm.org.apache.spark.SparkConf(False)
    for name, value in options.items():
        if name.startswith(_ASKED_WITH):
            conf.set(name, value)
    conf.set("spark.rpc.lookupTimeout", f"{_ANSWER_SECONDS}s")
    conf.set("spark.network.auth.rpcTimeout", f"{_ANSWER_SECONDS}s")
    manager = jvm.org.apache.spark.SecurityManager
    # Scala's default values, under the names that Java knows them by.
    others = [getattr(manager, f"$lessinit$greater$default${number}")() for number in (2, 3)]
    rpc = jvm.org.apache.spark.rpc
    caller = rpc.RpcEnv.create("admission", "localhost", 0, conf, manager(conf, *others), True)
    try:
        caller.setupEndpointRef(rpc.RpcAddress(*address), "Master")
    except Py4JJavaError as error:
        return _innermost(error.java_exception)
    finally:
        caller.shutdown()
    return None


def _innermost(error: Any) -> str:
    while (cause := error.getCause()) is not None:
        error = cause
    return str(error.toString()).split("\n")[0][:300]
