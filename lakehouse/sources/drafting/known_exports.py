"""Exports that are known by the names of their columns: whole declarations, of which a draft needs the files' names.

The declarations are conf/sources/templates/*.toml: each is a source like any other but for its currency and time zone,
which are the merchant's own. They lie a folder deeper than those that runs look for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lakehouse.settings import ConfigurationError, conf_dir
from lakehouse.sources.drafting.kind_text import aliases_text, layout_text
from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.toml import lone, toml
from lakehouse.tables.column_names import folded

FEWEST, FEWEST_BESIDE = 3, 2
"""Columns that a file must have for it to be known by them; the second where other files are of the same export."""
_TABLE = re.compile(r"^\[+(?P<name>[^\]]+)\]+", re.MULTILINE)
_LAYOUT = re.compile(r"^(?:pattern|delimiter|skip_lines|encoding|multiline|decimal_mark|thousands_mark) = .*\n?", re.M)


@dataclass(frozen=True)
class KnownExport:
    """A declaration that only lacks the names of files, the currency and the time zone."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return str(self._values["title"])

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        return dict(self._values["files"])

    @property
    def _values(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    def needed(self, kind: str) -> list[set[str]]:
        """The names, each with the others that it may have, of the columns that files of the kind must have."""
        declared = self.files[kind]
        others = declared.get("aliases", {})
        wanted = [name for name in declared["columns"] if name not in declared.get("optional", ())]
        return [{_comparable(name), *map(_comparable, others.get(name, ()))} for name in wanted]


@dataclass(frozen=True)
class Recognised:
    """An export that files are of, and which of them are of which of its kinds."""

    export: KnownExport
    kinds: dict[str, list[Kind]]

    @property
    def weight(self) -> tuple[int, int]:
        """How many columns say so; of two exports that as many speak for, that which fewer files are missing of."""
        return sum(len(self.export.needed(name)) for name in self.kinds), len(self.kinds) - len(self.export.files)


def known_exports() -> list[KnownExport]:
    """All that are shipped, in order of name."""
    paths = sorted((conf_dir() / "sources" / "templates").glob("*.toml"))
    return [KnownExport(path.stem, path.read_text(encoding="utf-8")) for path in paths]


def known_export(name: str) -> KnownExport:
    """The one of that name. Raises ConfigurationError that lists those that there are."""
    exports = {one.name: one for one in known_exports()}
    if name not in exports:
        raise ConfigurationError(f"no shipped source {name!r}; there are {', '.join(exports)}")
    return exports[name]


def recognise(kinds: Sequence[Kind], exports: Iterable[KnownExport]) -> Recognised | None:
    """The export that most columns of the files speak for; None where it is none of the known."""
    found = [Recognised(one, taken) for one in exports if (taken := kinds_within(one, kinds))]
    return max(found, key=lambda one: one.weight, default=None)


def kinds_within(export: KnownExport, kinds: Sequence[Kind]) -> dict[str, list[Kind]]:
    """The export's kinds of file that there are files of: those that have all columns it needs."""
    taken = _taken(export, kinds, FEWEST)
    return _taken(export, kinds, FEWEST_BESIDE) if taken else taken


def _taken(export: KnownExport, kinds: Sequence[Kind], fewest: int) -> dict[str, list[Kind]]:
    taken: dict[str, list[Kind]] = {}
    for kind in kinds:
        names = set(map(_comparable, _sent_names(kind)))
        fitting = [name for name in export.files if _fits(export.needed(name), names, fewest)]
        if fitting:
            taken.setdefault(max(fitting, key=lambda name: len(export.needed(name))), []).append(kind)
    return taken


def _sent_names(kind: Kind) -> list[str]:
    return [*kind.columns, *(one for others in kind.aliases.values() for one in others)]


def _comparable(name: str) -> str:
    """Of a name that tools have given underscores or hyphens for its blanks, what it was."""
    return re.sub(r"[\s_-]+", " ", folded(name))


def _fits(needed: Sequence[set[str]], names: set[str], fewest: int) -> bool:
    return len(needed) >= fewest and all(one & names for one in needed)


def written(found: Recognised, title: str, currency: str | None) -> str:
    """The declaration of these files. Without a currency that the files name it is to be chosen."""
    text = _headed(found.export.text, title, currency)
    for name, kinds in found.kinds.items():
        text = _with_files(text, name, kinds, _aliases(found.export.files[name], kinds))
    return text


def _aliases(declared: dict[str, Any], kinds: Sequence[Kind]) -> dict[str, list[str]]:
    """The declared aliases, and the names that differ from declared ones by underscores or hyphens."""
    aliases = {column: list(others) for column, others in declared.get("aliases", {}).items()}
    known = {folded(one) for column in declared["columns"] for one in (column, *aliases.get(column, ()))}
    meant = {_comparable(one): column for column in declared["columns"] for one in (column, *aliases.get(column, ()))}
    for name in dict.fromkeys(name for kind in kinds for name in _sent_names(kind)):
        if folded(name) not in known and (column := meant.get(_comparable(name))):
            aliases.setdefault(column, []).append(name)
    return aliases


def _headed(text: str, title: str, currency: str | None) -> str:
    text = re.sub(r"^title = .*$", lambda _: f"title = {toml(title)}", text, count=1, flags=re.M)
    if currency:
        text = re.sub(r"^currency = .*$", lambda _: f"currency = {toml(currency)}", text, count=1, flags=re.M)
    return text


def _with_files(text: str, name: str, kinds: Sequence[Kind], aliases: dict[str, list[str]]) -> str:
    """The table [files.NAME] with the names that the files and their columns have, and how they are cut into fields."""
    starts = [match for match in _TABLE.finditer(text) if match["name"].strip() == f"files.{name}"]
    begin = starts[0].end() + 1
    after = _TABLE.search(text, begin)
    end = after.start() if after else len(text)
    body = text[begin:end]
    patterns = sorted({pattern for kind in kinds for pattern in kind.patterns})
    lines = [f"pattern = {toml(lone(patterns))}"]
    lines += [line for line in layout_text(kinds[0]) if not line.startswith("skip_lines") or "skip_lines" not in body]
    decimal, thousands, _ = kinds[0].number_marks()
    if decimal != ".":
        lines.append(f"decimal_mark = {toml(decimal)}")
    if thousands:
        lines.append(f"thousands_mark = {toml(thousands)}")
    kept = re.findall(r"^skip_lines = .*$", body, re.M)
    if aliases:
        kept.append(aliases_text(aliases))
        body = re.sub(r"^aliases = .*\n", "", body, flags=re.M)
    return text[:begin] + "\n".join([*lines, *kept]) + "\n" + _LAYOUT.sub("", body) + text[end:]
