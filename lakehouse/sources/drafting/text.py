"""Writes the draft of a source as TOML with comments for people."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence

from lakehouse.sources.drafting.guess import is_dressed
from lakehouse.sources.drafting.kind_text import kind_text
from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.known_exports import Recognised, written
from lakehouse.sources.drafting.proposals import DraftFeed
from lakehouse.sources.drafting.sniff import Unread
from lakehouse.sources.drafting.synonyms import SYNONYMS, plain
from lakehouse.sources.drafting.toml import WIDTH, lone, note, quoted, toml
from lakehouse.sources.mapping.currencies import SIGNS
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.fields import FIELDS

MOST_UNREAD = 20
_CURRENCY_NAMES = frozenset(SYNONYMS["order_lines"]["currency"].split()) | {"ordercurrencycode", "ordercurrency"}
HEAD = """\
# Draft of a source, made from the files found. Lines that begin with `# choose:` ask for a decision; delete them once
# it is made. Then: lakehouse source check {name} --landing DIR
title = {title}
# choose: the currency of amounts that name none, and the time zone of times that have no offset
currency = {currency}
time_zone = "UTC"
"""


def source_text(name: str, kinds: list[Kind], feeds: list[DraftFeed], unread: list[Unread]) -> str:
    """The whole file."""
    used = {kind.name for feed in feeds for kind in (feed.kind, *(join.kind for join in feed.joins))}
    parts = [HEAD.format(name=name, title=toml(_title(name)), currency=toml(most_frequent_currency(kinds) or "GBP"))]
    if unread:
        parts.append(unread_text(unread))
    fills = {feed.kind.name: feed.fill_down for feed in feeds if feed.fill_down}
    parts += [
        kind_text(kind, _joined_dates(kind, feeds), fills.get(kind.name), ignored=kind.name not in used)
        for kind in kinds
    ]
    parts += [_feed_text(feed) for feed in feeds]
    if not feeds:
        parts.append(_no_feed(kinds))
    return "\n".join(parts)


def known_text(name: str, found: Recognised, kinds: list[Kind], unread: list[Unread]) -> str:
    """The file for a known export: its shipped declaration, and what no kind of it takes."""
    taken = [kind for some in found.kinds.values() for kind in some]
    parts = [written(found, _title(name), most_frequent_currency(taken))]
    if unread:
        parts.append(unread_text(unread))
    if others := [kind for kind in kinds if kind not in taken]:
        parts.append("\n".join(note(f"{found.export.title} has no files with the columns of these; what are they?")))
        names = set(found.export.files)
        for kind in others:
            kind.name = kind.name if kind.name not in names else f"{kind.name}_other"
            parts.append(kind_text(kind, (), None, ignored=True))
    return "\n".join(parts)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def most_frequent_currency(kinds: Sequence[Kind]) -> str | None:
    """The currency that columns of that name hold most often, else that whose sign most amounts carry; None where
    there is none."""
    return _most_frequent(_codes(kinds)) or _most_frequent(_signs(kinds))


def _codes(kinds: Sequence[Kind]) -> Counter[str]:
    return Counter(
        value.upper()
        for kind in kinds
        for column in kind.columns
        if plain(column) in _CURRENCY_NAMES
        for value in kind.values(column)
        if re.fullmatch("[A-Za-z]{3}", value)
    )


def _signs(kinds: Sequence[Kind]) -> Counter[str]:
    """Those of amounts that carry a sign; of several that a sign means, the one that most mean by it."""
    dressed = (value for kind in kinds for value in kind.all_values() if is_dressed(value))
    signs = (re.sub(r"[\d\s.,'()+%-]", "", value) for value in dressed)
    return Counter(SIGNS[sign][0] for sign in signs if sign in SIGNS)


def _most_frequent(codes: Counter[str]) -> str | None:
    return max(codes, key=lambda code: (codes[code], code)) if codes else None


def _no_feed(kinds: list[Kind]) -> str:
    """What is to be written where no file is known for what it is about."""
    kind = max(kinds, key=lambda one: (len(one.columns), one.name))
    lines = note(
        f"no file was recognised by the names of its columns. The feeds are {', '.join(FEEDS)}; `lakehouse tables"
        " silver.order_lines` says what the columns of one mean. For sales, write what these are called, and delete"
        f" `ignored` above. The columns of {kind.name}: {', '.join(map(quoted, kind.columns))}"
    )
    lines = [_one_line(line) for line in lines]
    lines += ["# [feeds.order_lines]", f"# file = {toml(kind.name)}", "# [feeds.order_lines.columns]"]
    lines += [f'# {name} = "…"' for name in FEEDS["order_lines"].required]
    return "\n".join(lines) + "\n"


def unread_text(unread: Sequence[Unread]) -> str:
    """The files that no kind takes, each with its reason."""
    lines = note("these files are not looked at; a run rejects each file that fits no pattern, and says so")
    lines += [f"#   {one.path.name}: {one.why}" for one in unread[:MOST_UNREAD]]
    if len(unread) > MOST_UNREAD:
        lines.append(f"#   and {len(unread) - MOST_UNREAD} more")
    return "\n".join(_one_line(line) for line in lines) + "\n"


def _one_line(text: str) -> str:
    """A comment ends at the end of its line, and may hold no control characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _joined_dates(kind: Kind, feeds: list[DraftFeed]) -> list[str]:
    """The date patterns of files joined to this one: expressions are read by the marks of the feed's own file."""
    joined = [join.kind for feed in feeds if feed.kind is kind for join in feed.joins]
    return [pattern for other in joined for pattern in other.dates().patterns]


def _feed_text(draft: DraftFeed) -> str:
    name = draft.feed.name
    lines = [*note(draft.notes.get("")), f"[feeds.{name}]", f"file = {toml(draft.kind.name)}"]
    if draft.filter:
        lines.append(f"filter = {toml(draft.filter)}")
    for key, value in (("version", draft.version), ("position_within", draft.position_within)):
        if value:
            lines.append(f"{key} = {toml(lone(value))}")
    for join in draft.joins:
        on = f"{{ {toml(quoted(join.column))} = {toml(join.column)} }}"
        lines += ["", f"[[feeds.{name}.join]]", f"file = {toml(join.kind.name)}", f"role = {toml(join.role)}"]
        lines += [f"on = {on}", 'version = "_file_modified_at"']
    lines += ["", f"[feeds.{name}.columns]"]
    for column, expression in draft.columns.items():
        lines += [*note(draft.notes.get(column)), f"{column} = {toml(expression)}"]
    for column in draft.missing:
        lines += _missing(column, draft.feed.instead.get(column, ()))
    if others := [one for one in draft.feed.given if one not in draft.columns and one not in draft.missing]:
        listed = f"# not found, and not needed: {', '.join(others)}"
        lines += textwrap.wrap(listed, WIDTH, subsequent_indent="# ")
    return "\n".join(lines) + "\n"


def _missing(column: str, instead: Sequence[str]) -> list[str]:
    """What asks for a column that no expression was found for, and for those that do in its place."""
    either = f" (or {' or '.join(instead)}: amounts of the whole line)" if instead else ""
    meaning = FIELDS[column].meaning
    local = ""
    if meaning.endswith(", in UTC"):
        meaning, local = meaning.removesuffix(", in UTC"), "; times of `time_zone` are right as they stand"
    asked = note(f"must be mapped: {column}, {meaning.lower()}{local}{either}")
    return [*asked, *(f'# {one} = "…"' for one in (column, *instead))]
