"""Tries a source without Spark, as far as its expressions allow: a JVM would not have started by then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jobs.cli.plain_joins import joined_to, key_of, left_out_by, looked_up, types_of
from jobs.cli.trial import FeedTrial, KindTrial, TriedRow, feed_trial
from jobs.cli.trial_files import sent_rows
from lakehouse.bronze.files import Delivery
from lakehouse.sources.mapping.countries import country_lookup
from lakehouse.sources.model import FeedMap, Join, Source
from lakehouse.sources.plain.evaluate import Expression, Names, UnreadError, Value, compiled
from lakehouse.sources.plain.rows import Ready, filled_down, made_ready
from lakehouse.sources.plain.sql import Unsupported, parsed
from lakehouse.sources.plain.typed import Read, read, read_money
from lakehouse.sources.plain.types import BOOL, INT
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import RowReason

Rows = dict[str, Value]
ONLY_SPARK = ("same_as",)
"""What a kind of file may declare that only Spark does."""
AMOUNTS_OF_LINES = {"gross_amount", "net_amount"}
"""They stand for a unit price, which is worked out of them."""
SIMPLE_VERSIONS = ((), ("_file_modified_at",))


@dataclass(frozen=True)
class _Plan:
    """The expressions of a feed, ready to be worked out."""

    filter: Expression | None
    position: tuple[Expression, ...]
    joins: tuple[tuple[Join, tuple[Expression, ...]], ...]
    columns: dict[str, Expression]


def try_plainly(
    source: Source, deliveries: Mapping[str, Sequence[Delivery]]
) -> tuple[list[FeedTrial], list[KindTrial]]:
    """What feeds and kinds of file become. Raises Unsupported where only Spark can say what the declaration means."""
    for name, declared in source.files.items():
        if found := [key for key in ONLY_SPARK if getattr(declared, key, None)]:
            raise Unsupported(f"{found[0]} of files.{name}")
    plans = {name: _plan(source, feed) for name, feed in source.feeds.items()}
    own = dict.fromkeys(feed.file for feed in source.feeds.values())
    trials = {kind: KindTrial(kind) for kind in own}
    rows = {kind: _kept(source, trials[kind], deliveries) for kind in own}
    taken: dict[str, set[tuple[str, int]]] = {kind: set() for kind in own}
    feeds = [_tried(source, name, plan, rows, deliveries, taken) for name, plan in plans.items()]
    joined = {join.file for feed in source.feeds.values() for join in feed.join}
    for kind in own:
        if kind not in joined:
            left = (one for one in rows[kind] if (one.file, one.row_in_file) not in taken[kind])
            trials[kind].untaken += map(_described, left)
    return feeds, list(trials.values())


def _described(row: Ready) -> str:
    values = ", ".join(str(value) for name, value in row.values.items() if value is not None)
    return f"{row.file}, row {row.row_in_file}: {values}"


def _ready(source: Source, kind: str, deliveries: Mapping[str, Sequence[Delivery]]) -> Iterator[Ready]:
    declared = source.files[kind]
    return filled_down(made_ready(sent_rows(deliveries.get(kind, ()), declared), declared), declared)


def _kept(source: Source, trial: KindTrial, deliveries: Mapping[str, Sequence[Delivery]]) -> list[Ready]:
    """The rows of a kind that its declaration does not leave out; those that it does are counted."""
    kept, conditions = [], left_out_by(source, trial.name)
    for row in _ready(source, trial.name, deliveries):
        why = None if row.problem else next((why for where, why in conditions if where(row.values) is True), None)
        if why is None:
            kept.append(row)
        else:
            trial.left_out[why] += 1
    return kept


def _plan(source: Source, feed: FeedMap) -> _Plan:
    kind = source.files[feed.file]
    if AMOUNTS_OF_LINES & feed.columns.keys():
        raise Unsupported("amounts of lines")
    if feed.repeats != "lines" or any(join.filter for join in feed.join):
        raise Unsupported("copies of rows, and filters of joined files")
    alone = types_of(source, feed.file)
    names = Names(alone, lambda text: read_money(text, kind))
    condition = compiled(feed.filter, names) if feed.filter else None
    if condition and condition.type != BOOL:
        raise Unsupported("a filter that is no condition")
    position = tuple(compiled(one, names) for one in feed.position_within)
    known, joins = dict(alone) | {"_position": INT}, []
    for join in feed.join:
        if tuple(join.version) not in SIMPLE_VERSIONS:
            raise Unsupported("versions of joined rows")
        left = tuple(compiled(one, Names(known, names.read_number)) for one in join.on)
        joins.append((join, left))
        other = source.files[join.file]
        if (other.decimal_mark, other.thousands_mark) != (kind.decimal_mark, kind.thousands_mark):
            raise Unsupported("files whose numbers have other marks")
        known |= {f"{join.file}\0{name}": type_ for name, type_ in types_of(source, join.file).items()}
    columns = {one: compiled(sql, Names(known, names.read_number)) for one, sql in feed.columns.items()}
    return _Plan(condition, position, tuple(joins), columns)


def _tried(
    source: Source,
    name: str,
    plan: _Plan,
    rows: Mapping[str, list[Ready]],
    deliveries: Mapping[str, Sequence[Delivery]],
    marked: Mapping[str, set[tuple[str, int]]],
) -> FeedTrial:
    feed = source.feeds[name]
    numbered = _with_positions(rows[feed.file], plan)
    taken = [one for one in numbered if one.problem or plan.filter is None or plan.filter(one.values) is True]
    marked[feed.file].update((one.file, one.row_in_file) for one in taken)
    for join, left in plan.joins:
        found = looked_up(source, join, {key_of(left, one) for one in taken}, deliveries)
        for one in taken:
            joined_to(one, join, found.get(key_of(left, one)))
    return feed_trial(name, feed.file, feed.columns, _rows(source, name, plan, taken))


def _with_positions(rows: list[Ready], plan: _Plan) -> list[Ready]:
    """Copies of the rows, each with its place in its group where the feed has such."""
    places: dict[object, int] = {}
    numbered = []
    for one in rows:
        values = dict(one.values)
        if plan.position:
            group = (one.file, *(expression(values) for expression in plan.position))
            places[group] = places.get(group, 0) + 1
            values["_position"] = places[group]
        numbered.append(Ready(one.file, one.row_in_file, values, one.problem))
    return numbered


def _rows(source: Source, name: str, plan: _Plan, taken: Sequence[Ready]) -> Iterator[TriedRow]:
    feed = source.feeds[name]
    headers = [join.file for join in feed.join if join.role == "header"]
    for one in taken:
        waits = not one.problem and any(not one.values[f"\0has {kind}"] for kind in headers)
        results = {column: _read(source, name, column, sql, one) for column, sql in plan.columns.items()}
        reasons = [one.problem] if one.problem else _reasons(source, name, results)
        texts = {column: own_texts(feed.columns[column], one.values) for column in plan.columns}
        yield TriedRow({column: result.text for column, result in results.items()}, reasons, texts, waits)


def _read(source: Source, name: str, column: str, expression: Expression, row: Ready) -> Read:
    feed = source.feeds[name]
    try:
        value = expression(row.values)
    except UnreadError:
        return Read(None, RowReason.UNPARSABLE.of(column))
    if value is None and (default := _default(source, name, column)):
        value = compiled(default, expression.names)({})
    field = FEEDS[name].table.column(column).field
    found = read(value, field, source.files[_marks_of(feed, column)], source.time_zone)
    return _named(found) if column in ("country_name", "ship_country_name") else found


def _named(country: Read) -> Read:
    """With the name of ISO 3166, as silver writes it; a country that nobody knows keeps its text."""
    if country.text is None:
        return country
    _, name = country_lookup().get(country.text.lower(), (None, country.text))
    return Read(name, country.reason)


def _default(source: Source, name: str, column: str) -> str | None:
    """What stands in the lake where the file says nothing; None where that is nothing, or an error."""
    if column in FEEDS[name].stated:
        return None
    default = FEEDS[name].defaults.get(column)
    return default and default.replace("source_currency()", f"'{source.currency}'")


def _marks_of(feed: FeedMap, column: str) -> str:
    """The file whose marks a text follows: that of a column taken as it is, else the feed's own."""
    node = parsed(feed.columns[column])
    kind, _, joined = node.value.partition("\0")
    return kind if node.kind == "column" and joined else feed.file


def _reasons(source: Source, name: str, results: Mapping[str, Read]) -> list[str]:
    feed, canonical = source.feeds[name], FEEDS[name]
    reasons = [one.reason for one in results.values() if one.reason]
    for column in canonical.given:
        is_stated = column in canonical.stated and column in feed.columns
        has_default = column in canonical.defaults and not is_stated
        if has_default or not (is_stated or column in canonical.required):
            continue
        result = results.get(column)
        if result is None or (result.text is None and not result.reason):
            reasons.append(RowReason.MISSING.of(column))
    return sorted(set(reasons) - set(feed.accept))


def own_texts(sql: str, row: Mapping[str, Value]) -> str:
    """What the file has in the columns that an expression names."""
    try:
        names = sorted(parsed(sql).columns)
    except Unsupported:
        return ""
    values = (row.get(name.casefold()) for name in names)
    return " | ".join(str(value) for value in values if value is not None)
