"""Who writes a table can do all that the lake asks of a writer."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from lakehouse.lake import arrow_writer, spark_writer
from lakehouse.lake.writer import Writer

ASKED = [name for name in vars(Writer) if not name.startswith("_")]


@pytest.mark.parametrize("writer", [arrow_writer, spark_writer], ids=lambda writer: writer.__name__)
@pytest.mark.parametrize("name", ASKED)
def test_a_writer_can_do_all_that_is_asked_of_one(writer: ModuleType, name: str) -> None:
    _, *asked = inspect.signature(getattr(Writer, name)).parameters
    assert list(inspect.signature(getattr(writer, name)).parameters) == asked
