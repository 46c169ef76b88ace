"""Sorts unknown files into kinds: what belongs together, what it is called and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

from lakehouse.sources.drafting.archives import looked_at
from lakehouse.sources.drafting.guess import (
    MONTH,
    DateFormats,
    are_counts,
    are_numbers,
    date_formats,
    is_date,
    marks,
    null_texts,
)
from lakehouse.sources.drafting.one_name import under_one_name
from lakehouse.sources.drafting.sniff import Sample, Sheet, Unread
from lakehouse.sources.drafting.synonyms import plain
from lakehouse.tables.bronze import can_be_declared
from lakehouse.tables.column_names import folded

SAMPLED_FILES = 400
"""Files that are looked into; a folder with more of them repeats itself."""


@dataclass
class Kind:
    """Files that look alike."""

    name: str
    samples: list[Sample] = field(default_factory=list)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    """Column -> other names that it has in some of the files. The samples have the one name."""
    put_together: tuple[str, ...] = ()
    """Date patterns of texts that no column holds, but an expression makes of two."""
    is_exact: bool = False
    """True where a pattern for the names would take files of other kinds too."""

    @property
    def first(self) -> Sample:
        return self.samples[0]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of all files that can be declared, in order of first appearance."""
        found: dict[str, str] = {}
        for name in (name for sample in self.samples for name in sample.columns if can_be_declared(name)):
            found.setdefault(folded(name), name)
        return tuple(found.values())

    @property
    def optional(self) -> tuple[str, ...]:
        held = [set(map(folded, sample.columns)) for sample in self.samples]
        return tuple(name for name in self.columns if any(folded(name) not in names for names in held))

    @property
    def patterns(self) -> tuple[str, ...]:
        """Shell patterns for the names, gzipped or not: what varies by number, month or date becomes a star."""
        names = {_without_gzip(sample.path.name) for sample in self.samples}
        if self.is_exact:
            return tuple(sorted(map(_literal, names)))
        return tuple(sorted({_varying(_literal(name)) for name in names}))

    def takes(self, name: str) -> bool:
        """Whether a file of this name would be of the kind."""
        return any(fnmatchcase(_without_gzip(name), pattern) for pattern in self.patterns)

    @property
    def encoding(self) -> str:
        """One byte per letter where any file needs it: the others are plain ASCII as a rule."""
        found = [sample.encoding for sample in self.samples]
        return next((one for one in found if one != "utf-8"), "utf-8")

    def values(self, column: str) -> Iterator[str]:
        for sample in self.samples:
            place = sample.place_of(column)
            if place is not None:
                yield from (value for row in sample.rows if (value := row[place]) is not None)

    def all_values(self) -> Iterator[str]:
        return (value for column in self.columns for value in self.values(column))

    def dates(self) -> DateFormats:
        """The patterns of what is put together, of columns that are times by their type, then of all other texts."""
        typed = {name: pattern for sample in self.samples for name, pattern in sample.typed_dates.items()}
        found = date_formats(
            value for column in self.columns if column not in typed for value in self.values(column) if is_date(value)
        )
        patterns = dict.fromkeys((*self.put_together, *typed.values(), *found.patterns))
        return DateFormats(tuple(patterns), found.ambiguous)

    def number_marks(self) -> tuple[str, str, bool]:
        """As `marks` says of the columns that hold numbers, of which a text among notes is none."""
        of_numbers = [values for column in self.columns if are_numbers(values := list(self.values(column)))]
        of_counts = filter(are_counts, of_numbers)
        return marks((one for values in of_numbers for one in values), (one for values in of_counts for one in values))

    def nulls(self) -> tuple[str, ...]:
        return null_texts(self.all_values())

    @property
    def row_count(self) -> int:
        return sum(len(sample.rows) for sample in self.samples)


def kinds_of(folder: Path, sheet: Sheet | None = None) -> tuple[list[Kind], list[Unread]]:
    """The kinds of file in a folder, at any depth, and the files that could not be read as a table."""
    kinds: list[Kind] = []
    unread: list[Unread] = []
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "_")))
    for path in paths[:SAMPLED_FILES]:
        for sample in looked_at(path, sheet):
            if isinstance(sample, Unread):
                unread.append(sample)
            elif home := next((kind for kind in kinds if _alike(kind, sample)), None):
                home.samples.append(sample)
            else:
                kinds.append(Kind(_stem(sample.path), [sample]))
    for kind in kinds:
        kind.samples, kind.aliases = under_one_name(kind.samples)
    for kind in kinds:
        others = [sample for other in kinds if other is not kind for sample in other.samples]
        kind.is_exact = any(kind.takes(sample.path.name) for sample in others)
    _name(kinds)
    return kinds, unread


def _alike(kind: Kind, sample: Sample) -> bool:
    """The same columns under any name, or most of them under the same name."""
    if (kind.first.format, kind.first.delimiter) != (sample.format, sample.delimiter):
        return False
    if kind.first.header != sample.header:
        return False
    ours, theirs = set(map(folded, kind.columns)), set(map(folded, sample.columns))
    return ours == theirs or (kind.name == _stem(sample.path) and len(ours & theirs) * 2 >= len(ours | theirs))


def _literal(name: str) -> str:
    """A pattern that takes this name alone."""
    return re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", name)


def _varying(name: str) -> str:
    """With a star for numbers, and for names of months where they are not all there is."""
    name, dot, ending = name.rpartition(".")
    if re.search(r"[^\W_]", MONTH.sub("", name)):
        name = MONTH.sub("0", name)
    return re.sub(r"\d+([-_.]\d+)*", "*", f"{name}{dot}{ending}")


def _without_gzip(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _stem(path: Path) -> str:
    """A file's name without ending, numbers, months and dates, as a name of a kind."""
    name = _without_gzip(path.name).rsplit(".", 1)[0]
    without = MONTH.sub("", name)
    name = re.sub(r"\d+", "", without if re.search(r"[^\W_]", without) else name)
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def _name(kinds: list[Kind]) -> None:
    """Drops what all names begin with; no kind is called like a column, which expressions could not tell apart."""
    words = [kind.name.split("_") for kind in kinds]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False)) if len(kinds) > 1 else ()
    shared = "".join(f"{one[0]}_" for one in same)
    columns = {plain(column) for kind in kinds for column in kind.columns}
    taken: set[str] = set()
    for kind in kinds:
        name = kind.name.removeprefix(shared) or "rows"
        name = f"{name}_file" if plain(name) in columns else name
        while name in taken:
            name += "_too"
        taken.add(name)
        kind.name = name
