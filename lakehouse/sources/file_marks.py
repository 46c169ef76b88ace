"""What the marks within files, and the names of their columns, may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lakehouse.tables.column_names import folded


def check_marks(delimiter: str, quote: str, comment: str) -> None:
    """Raises ValueError where lines could not be told apart, or fields."""
    for name, mark in (("delimiter", delimiter), ("quote", quote), ("comment", comment)):
        if any(letter in mark for letter in "\n\r\0"):
            raise ValueError(f"{name}: a line ends there, so it cannot hold a line break")
    if quote and quote in delimiter:
        raise ValueError('delimiter: it holds the quote: declare another quote, or quote = ""')
    if comment and not comment.strip():
        raise ValueError("comment: blanks alone would make comments of rows that begin with them")
    if comment and delimiter.startswith(comment):
        raise ValueError("comment: lines that begin with an empty value would be comments: it begins the delimiter")


def check_columns(columns: Sequence[str]) -> None:
    """Raises ValueError where two names could not be told apart."""
    seen: dict[str, str] = {}
    for name in columns:
        if (known := seen.get(folded(name))) == name:
            raise ValueError(f"columns: {name!r} is there twice")
        if known is not None:
            raise ValueError(
                f"columns: {known!r} and {name!r} are the same but for case, or blanks around them, which tell no"
                " columns apart: leave one out, the other one finds both; names that differ in more go into `aliases`"
            )
        seen[folded(name)] = name


def check_aliases(aliases: Mapping[str, Sequence[str]], columns: Sequence[str]) -> None:
    """Raises ValueError where a name would mean two columns, or none."""
    if unknown := [name for name in aliases if name not in columns]:
        raise ValueError(f"aliases: not among columns: {', '.join(unknown)}")
    seen = {folded(name): name for name in columns}
    for column, others in aliases.items():
        for other in others:
            if not other.strip():
                raise ValueError(f"aliases: {column}: a name is empty")
            if (known := seen.get(folded(other))) is not None:
                raise ValueError(f"aliases: {column}: {other} is a name of {known} already")
            seen[folded(other)] = column
