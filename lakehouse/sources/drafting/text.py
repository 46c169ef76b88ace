"""Writes the draft of a source as TOML with comments for people."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence

from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.proposals import DraftFeed
from lakehouse.tables.column_names import in_backticks
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.fields import FIELDS

HEAD = """\
# Draft of a source, made from the files found. Lines that begin with `# choose:` ask for a decision; delete them once
# it is made. Then: lakehouse source check {name} --landing DIR
title = {title}
# choose: the currency of amounts that name none, and the time zone of times that have no offset
currency = {currency}
time_zone = "UTC"
"""
WIDTH = 118
_RESERVED = re.compile(
    "all|and|any|as|between|by|case|cast|check|column|create|cross|date|delete|distinct|else|end|false|filter|for|from"
    "|full|group|having|in|inner|insert|interval|into|is|join|left|like|limit|not|null|offset|on|or|order|outer|right"
    "|select|set|table|then|time|timestamp|to|true|union|unique|update|user|using|values|when|where|with"
)


def quoted(column: str) -> str:
    """A column's name as Spark SQL reads it: in backticks where it is not a plain word."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", column) and not _RESERVED.fullmatch(column.casefold()):
        return column
    return in_backticks(column)


def source_text(name: str, kinds: list[Kind], feeds: list[DraftFeed], unread: list[str]) -> str:
    """The whole file."""
    used = {kind.name for feed in feeds for kind in (feed.kind, *(join.kind for join in feed.joins))}
    parts = [HEAD.format(name=name, title=_toml(name.replace("_", " ").capitalize()), currency=_toml(_currency(feeds)))]
    if unread:
        parts.append("\n".join(_note(f"these files are empty or no tables: {', '.join(unread[:10])}")) + "\n")
    parts += [_kind_text(kind, _joined_dates(kind, feeds), ignored=kind.name not in used) for kind in kinds]
    parts += [_feed_text(feed) for feed in feeds]
    if not feeds:
        parts.append(
            f"# choose: no column was recognised. The feeds are {', '.join(FEEDS)};\n"
            "#         `lakehouse tables` says what is in them.\n"
            '# [feeds.order_lines]\n# file = "…"\n# [feeds.order_lines.columns]\n# order_id = "…"\n'
        )
    return "\n".join(parts)


def _currency(feeds: list[DraftFeed]) -> str:
    """The currency named most often, else pounds."""
    codes = [
        value
        for feed in feeds
        if (column := feed.columns.get("currency")) and column in feed.kind.columns
        for value in feed.kind.values(column)
        if re.fullmatch("[A-Z]{3}", value)
    ]
    return max(set(codes), key=lambda code: (codes.count(code), code)) if codes else "GBP"


def _joined_dates(kind: Kind, feeds: list[DraftFeed]) -> list[str]:
    """The date patterns of files joined to this one: expressions are read by the marks of the feed's own file."""
    joined = [join.kind for feed in feeds if feed.kind is kind for join in feed.joins]
    return [pattern for other in joined for pattern in other.dates().patterns]


def _kind_text(kind: Kind, joined_dates: list[str], *, ignored: bool) -> str:
    lines = [f"[files.{kind.name}]", f"pattern = {_toml(_lone(kind.patterns))}"]
    first = kind.first
    if first.format != "csv":
        lines.append(f"format = {_toml(first.format)}")
    lines += _columns_text(kind.columns)
    if kind.optional:
        lines += ["# choose: not every file has these", f"optional = {_toml(kind.optional)}"]
    if ignored:
        lines += ["# choose: no feed reads this file; is it meant so?", "ignored = true"]
    if first.delimiter != ",":
        lines.append(f"delimiter = {_toml(first.delimiter)}")
    if kind.encoding != "utf-8":
        lines.append(f"encoding = {_toml(kind.encoding)}")
    if any(sample.multiline for sample in kind.samples):
        lines.append("multiline = true                            # values hold line breaks")
    lines += [*_values_text(kind, joined_dates), *_overlong_text(kind)]
    return "\n".join(lines) + "\n"


def _columns_text(columns: Sequence[str]) -> list[str]:
    one_line = f"columns = {_toml(columns)}"
    return [one_line] if len(one_line) <= 120 else ["columns = [", *(f"    {_toml(one)}," for one in columns), "]"]


def _values_text(kind: Kind, joined_dates: list[str]) -> list[str]:
    lines = []
    if nulls := kind.nulls():
        lines.append(f"null_values = {_toml(nulls)}")
    decimal, thousands, is_open = kind.number_marks()
    if is_open:
        lines.append("# choose: the commas and points in numbers can be read in another way too; this one is likelier")
    if decimal != "." or thousands or is_open:
        lines.append(f"decimal_mark = {_toml(decimal)}")
    if thousands:
        lines.append(f"thousands_mark = {_toml(thousands)}")
    dates = kind.dates()
    if dates.ambiguous:
        lines.append("# choose: no value says whether the day (dd) or the month (MM) comes first")
    if patterns := dict.fromkeys((*dates.patterns, *joined_dates)):
        lines.append(f"date_formats = {_toml(_lone(tuple(patterns)))}")
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


def _feed_text(draft: DraftFeed) -> str:
    name = draft.feed.name
    lines = [*_note(draft.notes.get("")), f"[feeds.{name}]", f"file = {_toml(draft.kind.name)}"]
    if draft.filter:
        lines.append(f"filter = {_toml(draft.filter)}")
    for key, value in (("version", draft.version), ("position_within", draft.position_within)):
        if value:
            lines.append(f"{key} = {_toml(_lone(value))}")
    for join in draft.joins:
        on = f"{{ {_toml(quoted(join.column))} = {_toml(join.column)} }}"
        lines += ["", f"[[feeds.{name}.join]]", f"file = {_toml(join.kind.name)}", f"role = {_toml(join.role)}"]
        lines += [f"on = {on}", 'version = "_file_modified_at"']
    lines += ["", f"[feeds.{name}.columns]"]
    for column, expression in draft.columns.items():
        lines += [*_note(draft.notes.get(column)), f"{column} = {_toml(expression)}"]
    for column in draft.missing:
        lines += [f"# choose: must be mapped: {FIELDS[column].meaning.lower()}", f'# {column} = "…"']
    if others := [one for one in draft.feed.given if one not in draft.columns and one not in draft.missing]:
        listed = f"# not found, and not needed: {', '.join(others)}"
        lines += textwrap.wrap(listed, WIDTH, subsequent_indent="# ")
    return "\n".join(lines) + "\n"


def _note(note: str | None) -> list[str]:
    return textwrap.wrap(f"# choose: {note}", WIDTH, subsequent_indent="#         ") if note else []


def _lone(values: Sequence[str]) -> str | Sequence[str]:
    """One text needs no brackets where a list is expected."""
    return values[0] if len(values) == 1 else values


def _toml(value: str | Iterable[str]) -> str:
    """A text or a list of texts; TOML's basic strings are JSON's."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)
