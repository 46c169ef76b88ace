"""Columns that come under several names in files of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lakehouse.sources.drafting.sniff import Sample
from lakehouse.sources.drafting.synonyms import SYNONYMS, plain
from lakehouse.tables.bronze import can_be_declared
from lakehouse.tables.column_names import folded

Aliases = dict[str, list[str]]


def under_one_name(samples: Sequence[Sample]) -> tuple[list[Sample], Aliases]:
    """The samples with one name for what is one column, and the other names by that one.

    One column are two that never come in one file, stand at the same place between the same neighbours or mean the
    same, and one of which each file has.
    """
    aliases: Aliases = {}
    known: list[Sample] = []
    for sample in samples:
        given = dict(_pairs(known[0], sample)) if known and sample.format == "csv" and sample.header else {}
        for other, name in given.items():
            if other not in aliases.setdefault(name, []):
                aliases[name].append(other)
        spelled = {folded(name): name for name in known[0].columns} if known else {}
        names = (given.get(name, spelled.get(folded(name), name)) for name in sample.columns)
        known.append(replace(sample, columns=tuple(names)))
    return known, {name: others for name, others in aliases.items() if others}


def _pairs(first: Sample, sample: Sample) -> Iterable[tuple[str, str]]:
    """A column of the sample that the first lacks, and the column of the first that it is."""
    ours, theirs = set(map(folded, first.columns)), set(map(folded, sample.columns))
    free = [name for name in first.columns if folded(name) not in theirs and can_be_declared(name)]
    for place, name in enumerate(sample.columns):
        if folded(name) in ours or not can_be_declared(name):
            continue
        same = next((one for one in free if _is_one(first, one, sample, place)), None)
        if same is not None:
            free.remove(same)
            yield name, same


def _is_one(first: Sample, name: str, sample: Sample, place: int) -> bool:
    own = first.place_of(name)
    if own is None:
        return False
    if means(name) & means(sample.columns[place]):
        return True
    return _neighbours(first.columns, own) == _neighbours(sample.columns, place) and own == place


def _neighbours(names: Sequence[str], place: int) -> tuple[str, str]:
    before = folded(names[place - 1]) if place else ""
    return before, folded(names[place + 1]) if place + 1 < len(names) else ""


def means(name: str) -> set[tuple[str, str]]:
    """The canonical columns that are called so, each with its feed."""
    return {
        (feed, canonical)
        for feed, columns in SYNONYMS.items()
        for canonical, names in columns.items()
        if plain(name) in names.split()
    }
