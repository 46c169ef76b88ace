"""Shows on a terminal of any width what the first rows of a source become: what is long goes on below."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rich.console import Console
from rich.text import Text

from jobs.trial.files import FILES_OF_A_KIND, FOLLOWED_ROWS, Files
from jobs.trial.outcome import ColumnTrial, FeedTrial, KindTrial
from lakehouse.quarantine.unread_rows import rows_in_words
from lakehouse.sources.drafting.rows_of_kind import FillDown
from lakehouse.sources.drafting.toml import asked, toml
from lakehouse.tables.reasons import meaning
from lakehouse.tables.types import MASK
from lakehouse.terminal import visible

UNREAD_SHOWN = 5
NAMES_SHOWN = 12
_INDENT = "    "


def show_files(console: Console, files: Files) -> None:
    """Which files there are of each kind, which of their columns nothing names, and why others are not taken."""
    for kind, count in files.counts.items():
        looked = "all looked through" if kind in files.deep else f"the first {FILES_OF_A_KIND} looked into"
        note = f", {looked}" if count > FILES_OF_A_KIND else ""
        _line(console, f"{kind}: {count:,} {'file' if count == 1 else 'files'}{note}")
    for kind, names in files.undeclared.items():
        if names:
            told, style = _undeclared(names)
            what = "column that is" if len(names) == 1 else "columns that are"
            _line(console, f"{kind}: {what} not declared, and kept in _rescued alone: {told}", style)
    for path, rejection in files.not_taken:
        _line(console, f"not taken {path}: {rejection.reason}: {rejection.detail}", "yellow")
    for path, first in files.repeats:
        _line(console, f"{path} is the same delivery as {first}: a run loads it once", "yellow")


def _undeclared(names: Mapping[str, str]) -> tuple[str, str]:
    """The columns, those first that may be a declared one under another name; and how they are shown."""
    shown = [f"{_one_line(name)} (is it {near}? then an alias)" for name, near in names.items() if near]
    is_near = bool(shown)
    shown += [_one_line(name) for name, near in names.items() if not near]
    more = f" and {len(shown) - NAMES_SHOWN:,} more" if len(shown) > NAMES_SHOWN else ""
    return ", ".join(shown[:NAMES_SHOWN]) + more, "yellow" if is_near else ""


def show_told_once(console: Console, kind: str, fill: FillDown) -> None:
    """Columns that only the first row of an order fills."""
    within, columns = toml(fill.within), toml(fill.columns)
    told = f"{kind}: only the first row of an order fills {', '.join(map(_one_line, fill.columns))}"
    advice = f"fill_down = {{ within = {within}, columns = {columns} }} gives its values to the rows below it"
    _line(console, f"{told}: {advice}", "yellow")


def show_kind(console: Console, trial: KindTrial, shown: Collection[str], *, is_masked: bool) -> None:
    """The rows that no feed has: those left out by reason, and those for which a run leaves the source out. Of these
    the columns that are `shown`."""
    for why, count in trial.left_out.items():
        _line(console, f"left out of {trial.name}: {_rows(count)}: {why}")
    if trial.untaken:
        advice = "a run leaves the source out until a filter is widened, or `leave_out` says what they are"
        unmask = " (--unmasked shows all values)" if is_masked else ""
        _line(console, f"no feed takes {_rows(trial.untaken.rows)} of {trial.name}: {advice}{unmask}", "yellow")
        for text in rows_in_words(trial.untaken, shown):
            _line(console, f"{_INDENT}{text}", "yellow")


def show_feed(console: Console, trial: FeedTrial, hidden: Collection[str]) -> None:
    """A feed: each canonical column with its expression, how often it is filled, and what could not be read."""
    console.print()
    if not trial.rows:
        _line(console, f"{trial.name}, from {trial.file}: no row to try", "bold")
        return
    _line(console, f"{trial.name}, from {trial.file}: {_rows(trial.rows)}, {trial.readable:,} of them readable", "bold")
    for column in trial.columns:
        _show_column(console, column, trial.rows, is_hidden=column.name in hidden)
    for reason, count in trial.reasons.most_common():
        _line(console, f"quarantined {reason}: {_rows(count)}: {meaning(reason, {})}".removesuffix(": "), "yellow")
    if trial.waiting:
        looked = f"the first {FOLLOWED_ROWS:,} rows of each file"
        _line(console, f"waiting: {_rows(trial.waiting)} whose header is not in {looked}", "yellow")


def _show_column(console: Console, column: ColumnTrial, rows: int, *, is_hidden: bool) -> None:
    share = f"{column.filled / rows:.0%}" if rows else "-"
    if rows and 0 < column.filled < rows and share in ("100%", "0%"):
        share = ">99%" if share == "100%" else "<1%"
    _line(console, f"  {column.name:<20} {share:>5}  {_one_line(column.expression)}")
    values = [MASK] * bool(column.values) if is_hidden else column.values
    if values:
        _line(console, f"{_INDENT}{' · '.join(map(_one_line, values))}", "dim", _INDENT)
    _show_texts(console, "not read", column.unread, is_hidden=is_hidden)
    _show_texts(console, "made nothing of", column.made_nothing, is_hidden=is_hidden)


def _show_texts(console: Console, what: str, texts: Counter[str], *, is_hidden: bool) -> None:
    if is_hidden and texts:
        _line(console, f"{_INDENT}{what}: (masked) ({_rows(texts.total())})", "yellow", _INDENT)
        return
    for text, count in texts.most_common(UNREAD_SHOWN):
        _line(console, f"{_INDENT}{what}: {_one_line(text)} ({_rows(count)})", "yellow", _INDENT)
    if (more := len(texts) - UNREAD_SHOWN) > 0:
        _line(console, f"{_INDENT}{what}: {more:,} other texts", "yellow", _INDENT)


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _one_line(text: str) -> str:
    """White space as single blanks, and nothing that steers a terminal."""
    return visible(" ".join(text.split()))


def _line(console: Console, text: str, style: str = "", indent: str = _INDENT * 2) -> None:
    for line in textwrap.wrap(visible(text), console.width, subsequent_indent=indent, drop_whitespace=True) or [""]:
        console.print(Text(line, style=style), soft_wrap=True)


def show_choices(console: Console, lines: Iterable[str]) -> None:
    """The lines of a declaration that still ask for a decision."""
    marked = asked(lines)
    if marked:
        begin = "1 line begins" if len(marked) == 1 else f"{len(marked)} lines begin"
        console.print()
        _line(console, f"{begin} with `# choose:`; delete each once it is decided:", "bold")
        for number, text in marked:
            _line(console, f"  line {number}: {text}")
