"""Sail behind what a run asks of an engine: a server within this process, and a session of Spark Connect to it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from lakehouse import frames
from lakehouse.engine.model import EngineUnavailable, Node
from lakehouse.engine.sail.alone import CAN_BE, keep_alone
from lakehouse.engine.sail.hold import Scratch
from lakehouse.engine.sail.links import Links
from lakehouse.engine.sail.parser import nodes
from lakehouse.engine.sail.unlike import unlike

CONNECT = "SPARK_CONNECT_MODE_ENABLED"
"""Variable of the environment by which PySpark's functions make expressions for Spark Connect."""
ADDRESS = "127.0.0.1"
MEANING = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
"""What results depend on, as far as Sail asks."""
PACE = {"spark.python.sql.dataFrameDebugging.enabled": "false"}
"""Where in Python each expression was made is found out for each of thousands, of Spark's later in this process too."""


QUIET = ("RUST_LOG", "error")
"""Else the server tells of each hint that it leaves out, between the lines of a run."""


_NEVER = 2**31 - 1
CHANNEL = (
    ("grpc.client_idle_timeout_ms", _NEVER),  # the one connection stays: another cannot be made (see `alone`)
    ("grpc.max_receive_message_length", -1),  # a value may be longer than the 128 MB that PySpark takes
)


@dataclass(frozen=True)
class SailEngine:
    """One server with one session, from `started` until it is closed."""

    session: SparkSession
    server: Any
    scratch: Scratch
    links: Links
    mode_before: str | None
    name: str = "sail"
    is_on_one_machine: bool = True
    writes_delta: bool = False
    rounds_in_binary: bool = True
    names_files: bool = False

    def parsed(self, sql: str) -> Sequence[Node]:
        return nodes(sql)

    def unlike(self, sql: str) -> str:
        return unlike(sql)

    def handed(self, batches: Iterable[pa.RecordBatch], schema: StructType) -> DataFrame:
        return self.scratch.handed(batches, schema)

    def received(self, rows: DataFrame) -> pa.Table:
        # As `toArrow`, which first has all that the rows come from resolved for their types: they come along anyway.
        asked: Any = rows
        found, _ = asked._to_table()
        schema = from_arrow_schema(found.schema, prefer_timestamp_ntz=True)
        return found.cast(to_arrow_schema(schema, error_on_duplicated_field_names_in_struct=True))

    def spooled(self, rows: DataFrame) -> AbstractContextManager[Path]:
        return self.scratch.spooled(rows)

    def readable(self, folder: str) -> str:
        return self.links.to(folder)

    def small(self) -> AbstractContextManager[None]:
        return nullcontext()

    def watched(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """Ends the server. Frames of the session are nothing from then on."""
        self.session.stop()
        self.server.stop()
        self.scratch.close()
        self.links.close()
        _put_back(self.mode_before)


_STARTED: WeakKeyDictionary[SparkSession, SailEngine] = WeakKeyDictionary()


def engine_of(session: SparkSession) -> SailEngine | None:
    """The engine whose session that is; None where Sail has none such."""
    return next((engine for started, engine in _STARTED.items() if started is session), None)


def is_there() -> bool:
    """Whether its package is installed."""
    return find_spec("pysail") is not None


def started(scratch: Path | None = None, *, alone: bool = CAN_BE) -> SailEngine:
    """A server and a session to it, whose frames are held below the folder. Raises EngineUnavailable.

    `alone`: nobody else can connect to it, nor can other sessions of this process. As long as it is there, PySpark's
    functions of this process make expressions for it and not for classic Spark.
    """
    try:
        from pysail.spark import SparkConnectServer

        from lakehouse.engine.sail.plans import Rewriter
    except ImportError as error:
        raise EngineUnavailable(
            f"Sail cannot be had here ({error}): run `make setup`, or take --engine spark"
        ) from error
    before = os.environ.get(CONNECT)
    os.environ[CONNECT] = "1"
    os.environ.setdefault(*QUIET)
    try:
        server = SparkConnectServer(ADDRESS, 0)
        server.start(background=True)
        session = session_to(server, Rewriter())
        if alone:
            keep_alone(*server.listening_address)
    except BaseException:
        _put_back(before)
        raise
    links = Links()
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
        scratch = Path(links.to(str(scratch)))
    engine = SailEngine(session, server, Scratch(session, scratch), links, before)
    _STARTED[session] = engine
    frames.hold_by(session, engine.scratch)
    return engine


def session_to(server: Any, *interceptors: Any) -> SparkSession:
    """A session of a server that is at work, whose plans pass through the interceptors."""
    from pyspark.sql.connect.client.core import DefaultChannelBuilder
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    _, port = server.listening_address
    channel = DefaultChannelBuilder(f"sc://{ADDRESS}:{port}", [*CHANNEL])
    for one in interceptors:
        channel.add_interceptor(one)
    session: SparkSession = ConnectSession.builder.channelBuilder(channel).create()  # type: ignore[assignment]
    # Sail keeps no models; where it never came to work, asking it at the end of the process would take for ever.
    owner: Any = session
    atexit.unregister(owner.client._cleanup_ml_cache)
    for name, value in (MEANING | PACE).items():
        session.conf.set(name, value)
    return session


def _put_back(mode: str | None) -> None:
    if mode is None:
        os.environ.pop(CONNECT, None)
    else:
        os.environ[CONNECT] = mode
