"""A master that is not there, or is no address, is said at once; Java is not asked."""

from __future__ import annotations

import socket
import time

import pytest

from lakehouse.engine.spark.reach import NoMaster, addresses, require_listener
from lakehouse.engine.spark.session import spark_session


def test_one_master_or_several_have_addresses() -> None:
    assert addresses("spark://one:7077") == [("one", 7077)]
    assert addresses("spark://one:7077,[::1]:7078") == [("one", 7077), ("::1", 7078)]


@pytest.mark.parametrize(
    "master", ["spark://", "spark://one", "spark://one:x", "spark://:7077", "spark://one:7077,two"]
)
def test_what_is_no_address_is_said(master: str) -> None:
    with pytest.raises(NoMaster, match="is no address of a master"):
        addresses(master)


def test_a_master_that_is_not_there_ends_in_a_sentence_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
        before = time.monotonic()
        with pytest.raises(NoMaster, match=f"no master answers at spark://127.0.0.1:{port}.*lakehouse cluster up"):
            spark_session("none", master=f"spark://127.0.0.1:{port}")
        assert time.monotonic() - before < 10
        one.listen()
        require_listener(f"spark://127.0.0.1:{port}")
        require_listener(f"spark://127.0.0.1:1,127.0.0.1:{port}")
