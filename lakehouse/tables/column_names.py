"""Names of columns: as a file has them, and as Delta keeps them.

Delta and Parquet refuse names with a blank, a comma, a bracket and the like, which hardly any merchant's file is
without. In bronze such a column stands under a safe name, and its comment says how the file calls it. (Delta's own
mapping of columns would do the same, but the readers of the lake do not know it.) The safe name follows from the name
alone, so that no other column, declared earlier or later, can change it.
"""

from __future__ import annotations

import hashlib
import re

AS_SENT = "As sent"
_UNDER = f"{AS_SENT}, under the name "
_REFUSED = frozenset(" ,;{}()\n\t=.`")
"""What Delta refuses, and what would end or divide a name in Spark's SQL."""
_MADE = re.compile(r".*__x[0-9a-f]{10}", re.DOTALL)
"""What safe names look like. A name that is sent so gets one too: it might be that of another."""
_LONGEST = 60


def folded(name: str) -> str:
    """Two columns have the same name where this is the same: Delta, Spark and DuckDB do not tell case apart."""
    return name.strip().casefold()


def stored_name(name: str) -> str:
    """The name under which a column stands in Delta: the file's own wherever Delta takes it."""
    for own in (name, name.strip()):
        if not _REFUSED.intersection(own) and not _MADE.fullmatch(own.casefold()):
            return own
    readable = re.sub(r"\W+|_+", "_", folded(name)).strip("_")[:_LONGEST].strip("_")
    mark = hashlib.sha256(folded(name).encode()).hexdigest()[:10]
    return f"{readable or 'column'}__x{mark}"


def comment_of(name: str) -> str:
    """The comment of the column in Delta, from which readers know the name that was sent."""
    return AS_SENT if stored_name(name) == name else f"{_UNDER}{name}"


def name_as_sent(stored: str, comment: str) -> str:
    """The name that a column of bronze was sent under. A comment that speaks of another column is not believed."""
    sent = comment.removeprefix(_UNDER)
    is_told = sent != comment and folded(stored_name(sent)) == folded(stored)
    return sent if is_told else stored


def in_backticks(name: str) -> str:
    """A name as Spark's SQL takes it, whatever letters it has."""
    return f"`{name.replace('`', '``')}`"
