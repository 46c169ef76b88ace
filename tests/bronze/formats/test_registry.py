"""Every format that a source may declare can be read, and each has a module of its own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from pyspark.sql import Row

from lakehouse.bronze.formats.protocol import FileFormat
from lakehouse.bronze.formats.registry import format_of
from lakehouse.sources.file_kind import SUFFIXES, Format
from tests.bronze.shops import parquet, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]

MEMBERS = sorted(name for name in vars(FileFormat) if not name.startswith("_"))


def test_each_suffix_is_of_a_format_that_can_be_declared() -> None:
    assert set(SUFFIXES.values()) <= set(get_args(Format))


@pytest.mark.parametrize("form", get_args(Format))
def test_a_format_is_the_module_of_its_name_with_all_that_a_format_must_say(form: Format) -> None:
    module = format_of(form)
    assert getattr(module, "__name__", "") == f"lakehouse.bronze.formats.{form}"
    assert {"facts", "rows", "head"} <= set(MEMBERS)
    assert {getattr(module, name).__module__ for name in MEMBERS} == {f"lakehouse.bronze.formats.{form}"}


def test_one_kind_may_come_in_several_formats(land: Land, read: Read) -> None:
    land("f.csv", "b,a\n2,q\n")
    land("g.parquet", parquet(a=["p"], b=[1]))
    land("h.jsonl.gz", gzip.compress(b'{"a": "r", "b": 3}\n'))
    rows = read(format=["csv", "jsonl", "parquet"], multiline=True)
    assert sorted(values(rows, "a", "b")) == [("p", "1"), ("q", "2"), ("r", "3")]
