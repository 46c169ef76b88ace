"""Drafts the declaration of a source from the files that lie in a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lakehouse.delta.quoting import spark_literal
from lakehouse.settings import ConfigurationError
from lakehouse.sources.drafting import text
from lakehouse.sources.drafting.day_and_time import put_together
from lakehouse.sources.drafting.guess import is_date, is_dressed, is_rate
from lakehouse.sources.drafting.kinds import Kind, kinds_of
from lakehouse.sources.drafting.known_exports import Recognised, kinds_within, known_export, known_exports, recognise
from lakehouse.sources.drafting.proposals import DraftFeed, DraftJoin
from lakehouse.sources.drafting.rows_of_kind import fill_down
from lakehouse.sources.drafting.sniff import Sheet, Unread
from lakehouse.sources.drafting.synonyms import STATUS_WORDS, VERSION_NAMES, about, matched, plain
from lakehouse.sources.drafting.toml import quoted
from lakehouse.sources.model import NAME
from lakehouse.tables.feeds import FEEDS, Feed
from lakehouse.tables.silver import ORDER_STATUSES

# Feed -> the key that a file may lack, and the columns whose rows are numbered instead.
MADE_KEYS = {
    "returns": ("return_id", ("order_id", "returned_at", "product_id")),
    "payments": ("payment_id", ("order_id",)),
    "campaign_touches": ("touch_id", ("campaign_id", "customer_id", "touched_at")),
}
LATEST_FILE = "_file_modified_at"


def draft_source(name: str, landing: Path, like: str | None = None, sheet: Sheet | None = None) -> str:
    """The text of conf/sources/<name>.toml for the files in landing/<name>, or in `landing` itself.

    `sheet` reads workbooks, which are named as such without it. Files of a known export get the declaration that is
    shipped for it; `like` names one, whatever the files look like. Where the files leave something open there is a
    comment that begins with `# choose:`. Raises ConfigurationError where there is no file that could be read as a
    table, or the name is none.
    """
    if not re.fullmatch(NAME, name):
        raise ConfigurationError(f"{name!r}: a source's name has lower case letters, digits and underscores")
    folder = _folder_of(name, landing)
    kinds, unread = kinds_of(folder, sheet) if folder.is_dir() else ([], [])
    if like:
        export = known_export(like)
        return text.known_text(name, Recognised(export, kinds_within(export, kinds)), kinds, unread)
    if found := recognise(kinds, known_exports()):
        return text.known_text(name, found, kinds, unread)
    if not kinds:
        raise ConfigurationError(_nothing(folder, unread))
    feeds = [draft for canonical in FEEDS.values() if (draft := _propose(canonical, kinds)) is not None]
    return text.source_text(name, kinds, feeds, unread)


def _folder_of(name: str, landing: Path) -> Path:
    """Where the files of the source lie: `landing` itself only where files lie in it, for its folders are those of
    other sources."""
    own = landing / name
    has_files = landing.is_dir() and any(one.is_file() for one in landing.iterdir())
    return landing if has_files and not own.is_dir() else own


def _nothing(folder: Path, unread: Sequence[Unread]) -> str:
    if not folder.is_dir():
        return f"there is no folder {folder}: make it, and put some of the files there"
    if not unread:
        return f"{folder}: no file in it: put some of the files there"
    listed = "\n".join(f"  {one.path.name}: {one.why}" for one in unread[: text.MOST_UNREAD])
    return f"{folder}: no file in it that can be read as a table:\n{listed}"


def _propose(canonical: Feed, kinds: list[Kind]) -> DraftFeed | None:
    """The feed from the file that tells most of it; None where no file is about it."""
    found = [(kind, matched(canonical.name, kind.columns, kind.name)) for kind in kinds]
    candidates = [(kind, columns) for kind, columns in found if about(canonical.name, columns)]
    if not candidates:
        return None
    kind, own = max(candidates, key=lambda one: (len(one[1].keys() & set(canonical.required)), len(one[1])))
    draft = DraftFeed(canonical, kind, own, {name: quoted(column) for name, column in own.items()})
    if canonical.is_history and (lines := matched("order_lines", kind.columns)) and about("order_lines", lines):
        _draw_from_lines(draft, lines)
    else:
        _order_versions(draft)
    if "unit_price" in draft.columns:  # which says as much, and more
        draft.columns.pop("gross_amount", None)
    _join(draft, kinds)
    _number(draft)
    if canonical.name == "order_lines":
        draft.fill_down = fill_down(kind, own)
    _read_values(draft)
    draft.columns = {name: draft.columns[name] for name in canonical.given if name in draft.columns}
    return draft


def _draw_from_lines(draft: DraftFeed, lines: dict[str, str]) -> None:
    """Customers or products that only the order lines tell of: each line is what was known at its date."""
    draft.filter = f"{draft.columns[draft.feed.key[0]]} IS NOT NULL"
    draft.columns.pop("list_price", None)  # What was paid is no property of the product.
    ordering = [quoted(lines[name]) for name in ("ordered_at", "order_id") if name in lines]
    draft.version = tuple(ordering) if "ordered_at" in lines else (LATEST_FILE,)
    draft.notes[""] = "no file of their own was found: each order line is taken for what was known at its date"


def _order_versions(draft: DraftFeed) -> None:
    changed = next((name for name in draft.kind.columns if plain(name) in VERSION_NAMES), None)
    draft.version = (quoted(changed),) if changed else (LATEST_FILE,)
    if not changed:
        draft.notes[""] = (
            "of two rows with one key that of the file modified last counts; name a column if one says more"
        )


def _join(draft: DraftFeed, kinds: list[Kind]) -> None:
    """Columns that another file has: the order's header for lines, look-ups for what is still missing."""
    name = draft.feed.name
    if name not in ("order_lines", "products"):
        return
    for other in kinds:
        if other is draft.kind or (link := _link(draft.kind, other)) is None:
            continue
        is_header = name == "order_lines" and draft.own.get("order_id") == link
        wanted = draft.feed.given if is_header or name == "products" else draft.feed.required
        theirs = matched(name, other.columns, other.name)
        gained = {one: column for one, column in theirs.items() if one in wanted and one not in draft.columns}
        if gained:
            draft.joins.append(DraftJoin(other, "header" if is_header else "lookup", link))
            draft.columns |= {one: f"{other.name}.{quoted(column)}" for one, column in gained.items()}


def _link(own: Kind, other: Kind) -> str | None:
    """A column of both files by which a row finds exactly one of the other file."""
    for column in other.columns:
        if column in own.columns and plain(column).endswith(("id", "key", "number", "no")):
            values = list(other.values(column))
            if len(set(values)) == len(values) > 0:
                return column
    return None


def _number(draft: DraftFeed) -> None:
    """Keys that the file does not have, made of the place of the row within its group."""
    have = draft.columns
    if draft.feed.name == "order_lines" and "line_number" not in have:
        draft.position_within = (have["order_id"],)
        have["line_number"] = "_position"
        draft.notes["line_number"] = "the file numbers no lines: a line is known by its place in its order in its file"
    key, parts = MADE_KEYS.get(draft.feed.name, ("", ()))
    if key and key not in have:
        draft.position_within = tuple(have[part] for part in parts if part in have)
        have[key] = f"concat_ws('-', {', '.join(draft.position_within)}, _position)"
        draft.notes[key] = "the file has no such number: a row is known by its place among its like in its file"


def _read_values(draft: DraftFeed) -> None:
    """What the values say beyond the names of their columns."""
    for name, column in draft.own.items():
        values = list(draft.kind.values(column))
        if name.endswith("_id") and values and all(re.fullmatch(r"\d+\.0", value) for value in values):
            draft.columns[name] = f"split_part({draft.columns[name]}, '.', 1)"
            draft.notes[name] = "the numbers are written as decimals (17850.0): cut at the point"
        if draft.feed.table.column(name).type in ("TIMESTAMP", "DATE") and not all(map(is_date, values)):
            strange = next(value for value in values if not is_date(value))
            draft.notes[name] = f"add the Spark pattern of {strange!r} to date_formats of [files.{draft.kind.name}]"
        if draft.feed.table.column(name).type.startswith(("DECIMAL", "INT")) and any(map(is_dressed, values)):
            draft.columns[name] = f"number({draft.columns[name]})"
    put_together(draft)
    if draft.feed.name == "order_lines":
        _read_quantity(draft)
        _read_discount(draft)
        _read_status(draft)


def _read_quantity(draft: DraftFeed) -> None:
    if "quantity" not in draft.columns:
        draft.columns["quantity"] = "1"
        draft.notes["quantity"] = "the file has no quantity: every row is taken for one unit"
    elif column := draft.own.get("quantity"):
        negative = sum(value.startswith("-") for value in draft.kind.values(column))
        if negative:
            sales = f"NOT coalesce(startswith({quoted(column)}, '-'), false)"
            draft.notes["quantity"] = (
                f"{negative} of the {draft.kind.row_count} rows looked at have a quantity below zero. If they are"
                f' returns, add filter = "{sales}" to this feed, and a [feeds.returns] that takes the others and turns'
                " their sign"
            )


def _read_discount(draft: DraftFeed) -> None:
    column = draft.own.get("discount")
    if column is None or "unit_price" not in draft.columns:
        return
    if not is_rate(draft.kind.values(column), draft.kind.number_marks()[0]):
        return
    rate = f"{draft.kind.name}.{quoted(column)}"
    factors = [draft.columns["unit_price"], draft.columns["quantity"], rate]
    numbers = [sql if sql.startswith("number(") else f"number({sql})" for sql in factors if sql != "1"]
    draft.columns["discount"] = f"round({' * '.join(numbers)}, 4)"
    draft.notes["discount"] = (
        "all values lie between 0 and 1: taken for a rate; if it is an amount, write the column alone"
    )


def _owner(draft: DraftFeed, sql: str) -> Kind:
    """The file that an expression is of."""
    return next((join.kind for join in draft.joins if sql.startswith(f"{join.kind.name}.")), draft.kind)


def _read_status(draft: DraftFeed) -> None:
    sql = draft.columns.get("order_status")
    if sql is None:
        return
    owner = _owner(draft, sql)
    column = next(name for name in owner.columns if sql.endswith(quoted(name)))
    values = sorted(set(owner.values(column)))
    if set(values) <= set(ORDER_STATUSES):
        return
    whens = [
        f"WHEN {sql} IN ({', '.join(map(spark_literal, known))}) THEN '{status}'"
        for status, words in STATUS_WORDS.items()
        if (known := [one for one in values if plain(one) in words])
    ]
    draft.columns["order_status"] = f"CASE {' '.join(whens)} ELSE 'pending' END" if whens else "'pending'"
    draft.notes["order_status"] = f"what do these mean: {', '.join(values[:20])}? Only completed orders are revenue"
