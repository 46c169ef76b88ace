"""Tries a source without Spark, as far as its expressions allow: a JVM would not have started by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jobs.trial.amounts import Amounts, amounts_of, as_text
from jobs.trial.files import sent_rows
from jobs.trial.joins import (
    Deliveries,
    is_meant,
    joined_to,
    key_of,
    left_out_by,
    looked_up,
    names_of,
    why_left_out,
)
from jobs.trial.order_discount import with_order_discount
from jobs.trial.outcome import FeedTrial, KindTrial, TriedRow, feed_trial
from jobs.trial.plan import FeedPlan, condition_of, plan_of
from lakehouse.sources.mapping.countries import country_lookup
from lakehouse.sources.mapping.sql_tokens import tokens
from lakehouse.sources.model import FeedMap, Source
from lakehouse.sources.plain.evaluate import CURRENCY, UnreadError, Value
from lakehouse.sources.plain.rows import Ready, filled_down, made_ready
from lakehouse.sources.plain.sql import Unsupported, column_name, parsed
from lakehouse.sources.plain.typed import Read, read
from lakehouse.sources.same_rows import kind_of_rows
from lakehouse.sources.untaken import FIRST_ROWS, UnreadRow, UnreadRows, kinds_to_look_through
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import RowReason


def try_plainly(source: Source, deliveries: Deliveries) -> tuple[list[FeedTrial], list[KindTrial]]:
    """What feeds and kinds of file become. Raises Unsupported where only Spark can say what the declaration means."""
    plans = {name: plan_of(source, name) for name in source.feeds}
    looked_through = kinds_to_look_through(source)
    kinds = dict.fromkeys([*(feed.file for feed in source.feeds.values()), *looked_through])
    trials = {kind: KindTrial(kind) for kind in kinds}
    rows = {kind: _kept(source, trials[kind], deliveries) for kind in kinds}
    for kind, conditions in looked_through.items():
        trials[kind].untaken = _unread(source, kind, conditions, rows[kind])
    feeds = [_tried(source, name, plan, rows, deliveries) for name, plan in plans.items()]
    return feeds, list(trials.values())


def _unread(source: Source, kind: str, conditions: Iterable[str], rows: Iterable[Ready]) -> UnreadRows | None:
    """The rows of a kind that no feed takes: each condition is that of one."""
    feeds = [condition_of(sql, names_of(source, kind)) for sql in conditions]
    left = [one for one in rows if not one.problem and not any(is_meant(feed, one) for feed in feeds)]
    left.sort(key=lambda one: (one.file, one.row_in_file))
    first = tuple(_unread_row(one, source.files[kind].columns) for one in left[:FIRST_ROWS])
    return UnreadRows(kind, len(left), first) if left else None


def _unread_row(row: Ready, columns: Sequence[str]) -> UnreadRow:
    values = ((name, row.values[name.casefold()]) for name in columns)
    return UnreadRow(row.file, row.row_in_file, {name: str(value) for name, value in values if value is not None})


def _ready(source: Source, kind: str, deliveries: Deliveries) -> Iterator[Ready]:
    declared, found = source.files[kind], deliveries.get(kind_of_rows(source.files, kind), ())
    return filled_down(made_ready(sent_rows(found, declared), declared), declared)


def _kept(source: Source, trial: KindTrial, deliveries: Deliveries) -> list[Ready]:
    """The rows of a kind that its declaration does not leave out; those that it does are counted."""
    kept, conditions = [], left_out_by(source, trial.name)
    for row in _ready(source, trial.name, deliveries):
        why = why_left_out(conditions, row)
        if why is None:
            kept.append(row)
        else:
            trial.left_out[why] += 1
    return kept


def _tried(
    source: Source,
    name: str,
    plan: FeedPlan,
    rows: Mapping[str, list[Ready]],
    deliveries: Deliveries,
) -> FeedTrial:
    feed = source.feeds[name]
    selected = [one for one in rows[feed.file] if one.problem or is_meant(plan.filter, one)]
    taken = _with_positions(selected, plan, are_copies=feed.repeats == "copies")
    for join, left in plan.joins:
        found = looked_up(source, join, {key_of(left, one) for one in taken}, deliveries)
        for one in taken:
            joined_to(one, join, found.get(key_of(left, one)))
    return feed_trial(name, feed.file, feed.columns, _rows(source, name, plan, taken))


def _with_positions(rows: list[Ready], plan: FeedPlan, *, are_copies: bool) -> list[Ready]:
    """Copies of the rows, each with its place in its group where the feed has such; a repeated row has none of its
    own where it is no line."""
    places: dict[object, int] = {}
    seen: set[object] = set()
    numbered = []
    for one in rows:
        values = dict(one.values)
        if plan.position:
            group = (one.file, *(expression.or_none(values) for expression in plan.position))
            same = (group, tuple(one.values.values()))
            is_copy = are_copies and not one.problem and same in seen
            seen.add(same)
            places[group] = places.get(group, 0) + (not is_copy)
            values["_position"] = places[group]
        numbered.append(Ready(one.file, one.row_in_file, values, one.problem))
    return numbered


def _rows(source: Source, name: str, plan: FeedPlan, taken: Sequence[Ready]) -> list[TriedRow]:
    feed = source.feeds[name]
    texts = {column: _own_names(sql) for column, sql in feed.columns.items()}
    found = [_row(source, name, plan, one, texts) for one in taken]
    if "order_discount" in feed.columns:
        return with_order_discount(name, plan, taken, found)
    return [row for row, _ in found]


def _row(
    source: Source, name: str, plan: FeedPlan, one: Ready, texts: Mapping[str, Sequence[str]]
) -> tuple[TriedRow, Amounts | None]:
    """A row, and what it comes to where it is a line of an order that can be read."""
    feed, amounts = source.feeds[name], None
    waits = not one.problem and any(not one.values[f"\0has {join.file}"] for join in feed.join if join.role == "header")
    one.values[CURRENCY] = _currency(source, plan, one)
    results = {column: _read(source, name, column, plan, one) for column in plan.columns}
    reasons = [one.problem] if one.problem else _reasons(source, name, plan, one, results)
    values = {column: result.text for column, result in results.items()}
    if not one.problem and "gross_revenue" in FEEDS[name].table.column_names:
        amounts = amounts_of(values, feed.columns, is_clean=not reasons)
        reasons += amounts.reasons
        values |= {"unit_price": as_text(amounts.price)} if "unit_price" in values else {}
    nothing = frozenset(column for column in plan.named if _is_made_nothing(plan, column, one))
    own = {column: _joined_texts(used, one.values) for column, used in texts.items()}
    return TriedRow(values, sorted(set(reasons) - set(feed.accept)), own, waits, nothing), amounts


def _currency(source: Source, plan: FeedPlan, row: Ready) -> str:
    """That of the row's amounts."""
    stated = plan.columns["currency"].or_none(row.values) if "currency" in plan.columns else None
    return str(stated or source.currency).upper()


def _is_made_nothing(plan: FeedPlan, column: str, row: Ready) -> bool:
    """Whether all that an expression names is there, and it makes nothing of it."""
    if row.problem or any(row.values[name] is None for name in plan.named[column]):
        return False
    try:
        return plan.columns[column](row.values) is None
    except UnreadError:
        return False


def _read(source: Source, name: str, column: str, plan: FeedPlan, row: Ready) -> Read:
    feed = source.feeds[name]
    try:
        value = plan.columns[column](row.values)
    except UnreadError:
        return Read(None, RowReason.UNPARSABLE.of(column))
    if value is None and column in plan.defaults:
        value = plan.defaults[column]({})
    field = FEEDS[name].table.column(column).field
    kind = source.files[_marks_of(feed, column)]
    found = read(value, field, kind, source.time_zone, str(row.values[CURRENCY]))
    if column in ("country_name", "ship_country_name"):
        return _named(found)
    return Read(_plain_form(column, found.text), found.reason)


def _plain_form(column: str, text: str | None) -> str | None:
    """Letters of one case where case means nothing."""
    if text is None or column not in ("email", "currency"):
        return text
    return text.lower() if column == "email" else text.upper()


def _named(country: Read) -> Read:
    """With the name of ISO 3166, as silver writes it; a country that nobody knows keeps its text."""
    if country.text is None:
        return country
    _, name = country_lookup().get(country.text.lower(), (None, country.text))
    return Read(name, country.reason)


def _marks_of(feed: FeedMap, column: str) -> str:
    """The file whose marks a text follows: that of a column taken as it is, else the feed's own."""
    node = parsed(feed.columns[column])
    kind, _, joined = node.value.partition("\0")
    return kind if node.kind == "column" and joined else feed.file


def _reasons(source: Source, name: str, plan: FeedPlan, row: Ready, results: Mapping[str, Read]) -> list[str]:
    feed, canonical = source.feeds[name], FEEDS[name]
    reasons = [one.reason for one in results.values() if one.reason]
    if plan.filter and not plan.filter.is_sure(row.values):
        reasons.append(RowReason.UNPARSABLE.of("filter"))
    must = canonical.must_map(feed.columns)
    for column in canonical.given:
        is_stated = column in canonical.stated and column in feed.columns
        has_default = column in canonical.defaults and not is_stated
        if has_default or not (is_stated or column in must):
            continue
        result = results.get(column)
        if result is None or (result.text is None and not result.reason):
            reasons.append(RowReason.MISSING.of(column))
    return reasons


def own_texts(sql: str, row: Mapping[str, Value]) -> str:
    """What the file has in the columns that an expression names."""
    return _joined_texts(_own_names(sql), row)


def _own_names(sql: str) -> list[str]:
    try:
        return sorted(parsed(sql).columns)
    except Unsupported:
        return names_in(sql)


def names_in(sql: str) -> list[str]:
    """What may be columns in an expression that only Spark reads, in lower case; `kind.column` with a NUL between."""
    try:
        found = [token for token in tokens(sql) if token.kind != "space"]
    except ValueError:
        return []
    names: list[str] = []
    for place, token in enumerate(found):
        if token.kind in ("word", "quoted"):
            name = column_name(token.text)
            is_joined = place > 1 and found[place - 1].says(".")
            names.append((f"{column_name(found[place - 2].text)}\0{name}" if is_joined else name).casefold())
    return list(dict.fromkeys(names))


def _joined_texts(names: Sequence[str], row: Mapping[str, Value]) -> str:
    values = (row.get(name.casefold()) for name in names)
    return " | ".join(str(value) for value in values if value is not None)
