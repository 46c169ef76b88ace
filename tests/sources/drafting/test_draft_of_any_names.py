"""No draft is refused afterwards, whatever the columns and files are called."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from lakehouse.bronze.discover import kind_of
from lakehouse.settings import ConfigurationError
from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.drafting.sniff import Unread, sniff
from lakehouse.sources.drafting.synonyms import SYNONYMS
from lakehouse.sources.load import read_source
from lakehouse.sources.mapping.refuse import refuse

USUAL = sorted({name for columns in SYNONYMS.values() for names in columns.values() for name in names.split()})
ODD = [
    "", " ", "_position", "_source_file", "_rescued", "_file_modified_at", "a.b", "a`b", 'say "so"', "Unit Price (EUR)",
    "Größe", "日付", "select", "order", "line\nbreak", "tab\tbed", "back\\slash", "Total", "\x7f", "1", "rows", "’",
]  # fmt: skip
HEADERS = st.lists(st.one_of(st.sampled_from(USUAL), st.sampled_from(ODD), st.text(max_size=8)), min_size=1, max_size=9)
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "12,50", "1.234,50", "$5.00", "(3.00)", "2024-03-01", "03.04.2024", "Total", "NULL", "x"]
    ),
    st.text(max_size=5),
)
NAMES = st.sampled_from(
    ["orders.csv", "orders_1.csv", "orders_2 (copy).csv", "orders_1_b.csv", "a[1].csv", "1.csv", "Ü.csv"]
)


@st.composite
def _file(draw: st.DrawFn) -> bytes:
    header = draw(HEADERS)
    rows = draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=4))
    above = draw(st.sampled_from([[], [["Report of May"]], [["sep=;"]]]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t")))
    writer.writerows([*above, header, *rows])
    return text.getvalue().encode("utf-8", errors="replace")


@given(st.dictionaries(NAMES, _file(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_draft_is_valid_once_what_is_missing_is_filled_in(spark: SparkSession, files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        landing.mkdir()
        for name, content in files.items():
            (landing / name).write_bytes(content)
        try:
            text = draft_source("shop", landing)
        except ConfigurationError:  # none of the files is a table
            assert all(isinstance(sniff(path), Unread) for path in landing.iterdir())
            return
        filled = re.sub(r'^# (\w+) = "…"$', r"""\1 = "'x'" """, text, flags=re.MULTILINE)
        filled = re.sub(r"^# (\[feeds.*\]|file = .*)$", r"\1", filled, flags=re.MULTILINE)
        if "# [feeds.order_lines]\n" in text:
            filled = filled.replace("ignored = true\n", "")
        declared = Path(folder) / "shop.toml"
        declared.write_text(filled, encoding="utf-8")
        source = read_source(declared)
    refuse(spark, source)
    unread = set(re.findall(r"^#   (.*?): ", text, re.MULTILINE))
    for name in set(files) - unread:
        assert kind_of(name, source)
