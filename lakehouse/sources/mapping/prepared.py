"""Rows of bronze made ready for expressions: texts in their normal form, and what each row lacks."""

from __future__ import annotations

import re

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import BLANKS, SUFFIXES, FileKind
from lakehouse.sources.mapping.filled_down import known_values, with_filled_down
from lakehouse.sources.mapping.left_out import with_left_out
from lakehouse.sources.mapping.normal_form import nfc_text
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.sources.model import Source
from lakehouse.tables.bronze import FILLED, ROW_ORIGIN
from lakehouse.tables.column_names import in_backticks
from lakehouse.tables.reasons import Repair, RowReason

# Python's white space, and the marks without width that copied texts begin with.
WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff"
ORIGIN = ("_source_file", "_file_sha256", "_file_delivery", "_row_in_file", "_batch_id")


def trimmed(name: str) -> Column:
    """A column of texts without white space of any kind at their ends."""
    # To trim is dear, and a text that begins and ends in visible ASCII has no need of it. Texts are compared byte by
    # byte, so these comparisons look at the first byte alone. As SQL: written in Python, each sign of it would be a
    # message or more to the JVM, for each column of each file.
    text = in_backticks(name)
    begins, ends = (f"{one} >= '!' AND {one} < '\u007f'" for one in (text, f"substring({text}, -1, 1)"))
    return F.expr(f"CASE WHEN {begins} AND {ends} THEN {text} ELSE btrim({text}, {spark_literal(WHITE_SPACE)}) END")


def with_normal_texts(rows: DataFrame, kind: FileKind, *, nfc: bool) -> DataFrame:
    """The columns of the file trimmed, in NFC, NULL for the texts that mean nothing.

    One step after the other: a text that two parts of one expression name would be worked out twice.
    """
    names = kind.columns
    if nfc:
        rows = rows.withColumns({name: nfc_text(sent_column(name)) for name in names})
    rows = rows.withColumns({name: trimmed(name) for name in names})
    nothing = ", ".join(map(spark_literal, ("", *kind.null_values)))
    texts = {name: in_backticks(name) for name in names}
    means = {name: F.expr(f"CASE WHEN {text} NOT IN ({nothing}) THEN {text} END") for name, text in texts.items()}
    return rows.withColumns(means)


def field_count(record: Column, kind: FileKind) -> Column:
    """Number of fields of a delimited row, delimiters within quotes not counting."""
    quote = "\\" + kind.quote if kind.quote else "\\x00"
    outside = F.regexp_replace(record, f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}", "")
    if kind.delimiter == BLANKS:
        words = F.regexp_replace(record, f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}", "x")
        return F.regexp_count(words, F.lit(r"[^ \t]+"))
    without = F.length(F.replace(outside, F.lit(kind.delimiter), F.lit("")))
    count = (F.length(outside) - without).cast("int") / F.lit(len(kind.delimiter)) + 1
    if kind.trailing_delimiter:
        count = count - F.endswith(outside, F.lit(kind.delimiter)).cast("int")
    return count.cast("int")


def _is_delimited(kind: FileKind) -> Column:
    """Whether a row of bronze comes from a file of fields with delimiters between them."""
    if len(kind.formats) == 1:
        return F.lit(kind.formats == ("csv",))
    suffixes = "|".join(re.escape(suffix) for suffix in SUFFIXES)
    return ~F.rlike(F.lower("_source_file"), F.lit(f"({suffixes})(\\.gz)?$"))


def prepared(rows: DataFrame, source: Source, kind_name: str, *, nfc: bool = False) -> DataFrame:
    """Rows of a bronze table with normal texts, their origin, `_problems` and `_repairs` (codes) and `_left_out`.

    A row that could not be split keeps its trusted leading columns where the source names such, else it has a problem.
    Where the kind fills values down, the rows are those of whole files, or have `_filled` (see `with_filled_down`).
    """
    kind = source.files[kind_name]
    broken = F.col("_corrupt_record").isNotNull()
    count = F.when(_is_delimited(kind), field_count(F.col("_corrupt_record"), kind))
    overlong = broken & F.coalesce(count > len(kind.columns), F.lit(False))
    short = broken & F.coalesce(count < len(kind.columns), F.lit(False))
    trusted = overlong & F.lit(kind.trusted_columns > 0)
    problem = (
        F.when(overlong, RowReason.TOO_MANY_FIELDS)
        .when(short, RowReason.TOO_FEW_FIELDS)
        .otherwise(RowReason.UNREADABLE_ROW)
    )
    none = F.array().cast("array<string>")
    is_whole, is_sure = ~broken, ~(broken & ~trusted)
    texts = [
        F.when(is_sure if place < kind.trusted_columns else is_whole, sent_column(name)).alias(name)
        for place, name in enumerate(kind.columns)
    ]
    known = [FILLED] if FILLED in rows.columns else []
    ready = with_normal_texts(rows, kind, nfc=nfc).select(
        *texts,
        *(F.col("_name_values")[name].alias(f"_name_{name}") for name in kind.name_values),
        "_file_modified_at",
        *ORIGIN,
        F.when(broken & ~trusted, F.array(problem)).otherwise(none).alias("_problems"),
        F.when(trusted, F.array(F.lit(Repair.UNTRUSTED_COLUMNS_EMPTIED))).otherwise(none).alias("_repairs"),
        *known,
    )
    return with_left_out(with_filled_down(ready, kind, is_known=bool(known)), source, kind)


def with_known_values(rows: DataFrame, source: Source, kind_name: str, *, nfc: bool) -> DataFrame:
    """Rows of whole files, as sent, with `_filled` where values fill down: any of them are prepared alike."""
    kind = source.files[kind_name]
    if not kind.fill_down:
        return rows
    ready = prepared(rows, source, kind_name, nfc=nfc)
    return rows.join(ready.select(*ROW_ORIGIN, known_values(kind)), list(ROW_ORIGIN))
