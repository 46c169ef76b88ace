"""Texts of JSON, one for each row, become the columns that a source declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.formats.json_fields import json_fields
from lakehouse.bronze.headers import check_names, other_names
from lakehouse.bronze.rows import TEXT, Rows, texts_of
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.reasons import FileReason


def rows_of_texts(texts: Sequence[str], kind: FileKind) -> Rows:
    """The fields of each object; a text that is not one object is a corrupt row."""
    aliases = {other: name for name, others in kind.aliases.items() for other in others}
    found = [_known_as(json_fields(text), aliases) for text in texts]
    objects = [fields or {} for fields in found]
    declared = frozenset(kind.columns)
    others = (
        [(name, text) for name, text in fields.items() if name not in declared and text is not None]
        for fields in objects
    )
    return Rows(
        [pa.array([fields.get(name) for fields in objects], TEXT) for name in kind.columns],
        texts_of(others),
        pa.array([text if fields is None else None for text, fields in zip(texts, found, strict=True)], TEXT),
    )


def _known_as(fields: dict[str, str | None] | None, aliases: Mapping[str, str]) -> dict[str, str | None] | None:
    """The fields under the names that are declared; None where two of them are the same column then."""
    if not aliases or fields is None:
        return fields
    named = {aliases.get(name, name): value for name, value in fields.items()}
    return named if len(named) == len(fields) else None


def check_objects(texts: Sequence[str], kind: FileKind, hint: str) -> None:
    """Raises RefusedError where none of the first texts is an object, or none of them has a declared column."""
    objects = [fields for text in texts if (fields := json_fields(text)) is not None]
    if texts and not objects:
        raise RefusedError(FileReason.NOT_JSON, f"None of the first lines is a JSON object; the file is {hint}")
    names = {name for fields in objects for name in fields}
    if objects and not names.intersection((*kind.columns, *other_names(kind))):
        check_names(sorted(names), kind)
