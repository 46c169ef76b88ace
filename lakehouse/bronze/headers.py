"""What the names of a file's columns must be, and what a refusal says of them.

The first row of a file that has no header is somebody's data: a refusal names what is surely a name, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from lakehouse.bronze.files import RefusedError
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.column_names import folded
from lakehouse.tables.reasons import FileReason

_NAMES_SHOWN = 12
_LONGEST_NAME = 64


def comparable(name: str) -> str:
    """Two columns have the same name where this is the same: as in Spark, case does not tell them apart."""
    return folded(name)


def other_names(kind: FileKind) -> dict[str, str]:
    """Other names under which columns come, as they compare -> the column."""
    return {comparable(other): name for name, others in kind.aliases.items() for other in others}


def known_as(names: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    """The names with those that are declared in place of others for the same column.

    Raises RefusedError where a column comes under two names, comes twice, or is missing.
    """
    others = other_names(kind)
    found = [others.get(comparable(name), name) for name in names]
    for column in kind.aliases:
        sent = [name for name, one in zip(names, found, strict=True) if comparable(one) == comparable(column)]
        if len({comparable(name) for name in sent}) > 1:
            raise RefusedError(
                FileReason.DUPLICATE_HEADER,
                f"The header names {' and '.join(sent)}, which `aliases` takes for one column: have one of them left"
                " out, or take it out of `aliases`",
            )
    check_names(found, kind)
    return tuple(found)


def check_names(names: Sequence[str], kind: FileKind) -> None:
    """Raises RefusedError where a name comes twice or a column is missing."""
    folded = [comparable(name) for name in names if name.strip()]
    if twice := sorted({name for name in folded if folded.count(name) > 1}):
        what = ", ".join(twice) if is_header(names, kind) else "a column"
        raise RefusedError(
            FileReason.DUPLICATE_HEADER,
            f"The header names {what} more than once (case does not count): rename the columns",
        )
    if missing := missing_columns(names, kind):
        raise RefusedError(
            FileReason.MISSING_COLUMN,
            f"There is no column {', '.join(missing)}; {_found(names, missing, kind)}: "
            "name in `aliases` what files call it, have the file mended, or declare the column as optional",
        )


def is_header(names: Iterable[str], kind: FileKind) -> bool:
    """Whether half of the columns that a file needs are named in it: then the others are names too, and no values."""
    return len(missing_columns(names, kind)) * 2 <= sum(name not in kind.optional for name in kind.columns)


def _found(names: Sequence[str], missing: Sequence[str], kind: FileKind) -> str:
    if is_header(names, kind):
        return f"the file has {', '.join(names[:_NAMES_SHOWN])}{', …' if len(names) > _NAMES_SHOWN else ''}"
    known = [comparable(name) for name in missing]
    short = [name for name in names if len(name) <= _LONGEST_NAME]
    near = [name for name in short if get_close_matches(comparable(name), known, n=1, cutoff=0.8)]
    alike = f"of which {', '.join(near[:_NAMES_SHOWN])} come near" if near else "none of which is like a declared one"
    return f"the first row has {len(names):,} fields, {alike} (is there a header?)"


def missing_columns(names: Iterable[str], kind: FileKind) -> list[str]:
    """The columns that the kind of file needs and the names lack."""
    others = other_names(kind)
    present = {comparable(others.get(comparable(name), name)) for name in names}
    return [name for name in kind.columns if name not in kind.optional and comparable(name) not in present]


def declared_in_order(count: int, kind: FileKind) -> tuple[str, ...]:
    """The declared columns in their order, for a file of so many that does not name them; further ones have no name.

    Raises RefusedError where there are fewer than it needs.
    """
    if missing := [name for name in kind.columns[count:] if name not in kind.optional]:
        raise RefusedError(
            FileReason.MISSING_COLUMN,
            f"The first row has {count} fields and no column {', '.join(missing)}: declare the columns that the file"
            " has, in its order, its delimiter, or header = true",
        )
    return (*kind.columns[:count], *[""] * (count - len(kind.columns)))
