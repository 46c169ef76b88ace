"""Writes how one kind of file is to be read, as TOML with comments for people."""

from __future__ import annotations

from collections.abc import Sequence

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.rows_of_kind import FillDown, has_blank_rows, totals
from lakehouse.sources.drafting.toml import lone, note, quoted, toml
from lakehouse.sources.file_kind import TO_HEADER


def kind_text(kind: Kind, joined_dates: Sequence[str], fill: FillDown | None, *, ignored: bool) -> str:
    """The table [files.KIND]."""
    lines = [f"[files.{kind.name}]", f"pattern = {toml(lone(kind.patterns))}"]
    first = kind.first
    if first.format != "csv":
        lines.append(f"format = {toml(first.format)}")
    lines += columns_text(kind.columns)
    if kind.optional:
        lines += ["# choose: not every file has these", f"optional = {toml(kind.optional)}"]
    if kind.aliases:
        lines += ["# choose: taken for one column that files call differently; is it?", aliases_text(kind.aliases)]
    if ignored:
        lines += ["# choose: no feed reads this file; is it meant so?", "ignored = true"]
    lines += layout_text(kind)
    lines += [*_values_text(kind, joined_dates), *_overlong_text(kind), *_rows_text(kind, fill, ignored=ignored)]
    return "\n".join(lines) + "\n"


def columns_text(columns: Sequence[str]) -> list[str]:
    """On one line where it is short enough."""
    one_line = f"columns = {toml(columns)}"
    return [one_line] if len(one_line) <= 120 else ["columns = [", *(f"    {toml(one)}," for one in columns), "]"]


def aliases_text(aliases: dict[str, list[str]]) -> str:
    return f"aliases = {{ {', '.join(f'{toml(name)} = {toml(others)}' for name, others in aliases.items())} }}"


def layout_text(kind: Kind) -> list[str]:
    """How text is cut into rows and fields, as far as it is not the usual way."""
    lines, first = [], kind.first
    if first.delimiter != ",":
        lines.append(f"delimiter = {toml(first.delimiter)}")
    if not first.header:
        lines += ["# choose: the files do not name their columns: give them names", "header = false"]
    if any(sample.lines_above for sample in kind.samples):
        skipped = toml(TO_HEADER) if first.header else str(max(sample.lines_above for sample in kind.samples))
        lines.append(f"skip_lines = {skipped}")
    if kind.encoding != "utf-8":
        lines.append(f"encoding = {toml(kind.encoding)}")
    if any(sample.multiline for sample in kind.samples):
        lines.append("multiline = true                            # values hold line breaks")
    return lines


def _values_text(kind: Kind, joined_dates: Sequence[str]) -> list[str]:
    lines = []
    if nulls := kind.nulls():
        lines.append(f"null_values = {toml(nulls)}")
    decimal, thousands, is_open = kind.number_marks()
    if is_open:
        lines.append("# choose: the commas and points in numbers can be read in another way too; this one is likelier")
    if decimal != "." or thousands or is_open:
        lines.append(f"decimal_mark = {toml(decimal)}")
    if thousands:
        lines.append(f"thousands_mark = {toml(thousands)}")
    dates = kind.dates()
    if dates.ambiguous:
        lines.append("# choose: no value says whether the day (dd) or the month (MM) comes first")
    if patterns := dict.fromkeys((*dates.patterns, *joined_dates)):
        lines.append(f"date_formats = {toml(lone(tuple(patterns)))}")
    return lines


def _overlong_text(kind: Kind) -> list[str]:
    too_long = sum(sample.too_long for sample in kind.samples)
    if not too_long:
        return []
    trusted = min(sample.longest_trusted for sample in kind.samples if sample.too_long)
    return [
        f"# choose: rows with more fields than the header: {too_long}. They will be quarantined. If the first",
        "#         columns can be trusted all the same, say how many; the others become NULL in such rows",
        f"# trusted_columns = {trusted}",
    ]


def _rows_text(kind: Kind, fill: FillDown | None, *, ignored: bool) -> list[str]:
    """Rows that are no data, and rows that say less than the first of their order.

    Of a kind that is ignored no rows can be left out: what would be stands there as a comment.
    """
    lines = []
    short = {sample.short_at_end for sample in kind.samples}
    if len(short) == 1 and (count := short.pop()):
        lines += ["# choose: the last rows have fewer fields than the header: taken for a footer"]
        lines += [f"footer_lines = {count}"]
    left_out = [
        f'{{ where = {toml(f"{quoted(column)} IN ({_listed(texts)})")}, why = "totals" }}'
        for column, texts in totals(kind).items()
    ]
    if left_out:
        lines += note("these rows look like totals; they are counted and read by no feed")
    if has_blank_rows(kind):
        nothing = f"coalesce({', '.join(map(quoted, kind.columns))}) IS NULL"
        left_out.append(f'{{ where = {toml(nothing)}, why = "blank rows" }}')
    if left_out:
        mark = "# " if ignored else ""
        lines += [f"{mark}{one}" for one in ("leave_out = [", *(f"    {one}," for one in left_out), "]")]
    if fill:
        lines += note("only the first row of an order fills these columns: its value holds for all rows of the order")
        lines.append(f"fill_down = {{ within = {toml(fill.within)}, columns = {toml(fill.columns)} }}")
    return lines


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(map(spark_literal, texts))
