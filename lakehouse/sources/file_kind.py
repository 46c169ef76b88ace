"""One kind of a source's files: how they are called and how they are to be read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from lakehouse.settings import Section
from lakehouse.sources.file_marks import check_aliases, check_columns, check_marks
from lakehouse.sources.leave_out import LeaveOut
from lakehouse.sources.name_pattern import groups
from lakehouse.tables.bronze import RESERVED
from lakehouse.tables.column_names import folded

_PATTERN_LETTERS = "GyMdDaHhKkmsSVzOXxZ"


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Format = Literal["csv", "json", "jsonl", "parquet", "xlsx"]
TYPED_FORMATS = frozenset(("parquet", "xlsx"))
TYPED_TIMES = ("yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX", "yyyy-MM-dd")
"""How bronze writes the times that these formats hold as times: they read, whatever is declared of texts."""
TO_HEADER = "to_header"
BLANKS = "blanks"
"""Instead of a delimiter: any run of blanks and tabs, those at the ends of a line not counting."""
SUFFIXES: Mapping[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
}
"""What the end of a name says about the format, .gz left out; every other end is text with delimiters."""


def _as_steps(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class FillDown(Section):
    """Columns of which the first row of a group alone has values, which hold for the rows below it too."""

    within: Texts
    """The columns whose values name the group; none where a value holds until the next one in the file."""
    columns: tuple[str, ...] = Field(min_length=1)


class FileKind(Section):
    """One kind of raw file. Gzip is known by its first bytes and needs no word."""

    pattern: Texts
    """Shell patterns for the file's name, or for its path below landing/<source> where they hold a slash."""
    formats: Annotated[tuple[Format, ...], BeforeValidator(_as_list)] = Field(("csv",), alias="format", min_length=1)
    """One, or several of which each file's suffix names its own: whatever they are, the columns are the same."""
    columns: tuple[str, ...] = Field(min_length=1)
    optional: tuple[str, ...] = ()
    """Columns that a file may lack; they are NULL then."""
    ignored: bool = False
    """True where the file is known but no feed is meant to read it: it is loaded into bronze all the same."""
    delimiter: str = Field(",", min_length=1)
    """One letter or several, or `blanks`."""
    trailing_delimiter: bool = False
    """True where each line of CSV ends in a delimiter, after which there is no field."""
    leave_out: tuple[LeaveOut, ...] = ()
    """Rows that no feed is meant to read. Of several that hold for a row the first counts."""
    quote: str = Field('"', max_length=1)
    encoding: str = "utf-8"
    header: bool = True
    """False where CSV files do not name their columns: those declared are in the order of the files then."""
    skip_lines: Annotated[int, Field(ge=0)] | Literal["to_header"] = 0
    """How many lines stand above the header of CSV files, or `to_header`: all above the line that names the columns."""
    comment: str = ""
    """Lines of CSV that begin so are no rows, wherever they stand; none where empty."""
    footer_lines: int = Field(0, ge=0)
    """How many rows at the end of a file of CSV or of a sheet are none: totals, remarks. Blank lines do not count."""
    sheet: Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1)] = 1
    """The sheet of a workbook: its name, or its number from 1."""
    aliases: dict[str, Texts] = Field(default_factory=dict)
    """Declared column -> other names under which files have it."""
    multiline: bool = False
    """True where quoted values may hold line breaks. Such a file is read by one task."""
    null_values: tuple[str, ...] = ()
    """Texts that mean NULL besides the empty one."""
    decimal_mark: Literal[".", ","] = "."
    thousands_mark: Literal["", ".", ",", " ", "'"] = ""
    date_formats: Texts = ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd")
    """Spark datetime patterns, tried in order. One that reads an offset gives an instant; others are local time."""
    from_name: str = ""
    """Regular expression on the file's name; each named group is a column `_name_<group>` for expressions."""
    trusted_columns: int = Field(0, ge=0)
    """How many leading columns still hold in a row with too many fields; the others become NULL. 0: none."""
    fill_down: Annotated[tuple[FillDown, ...], BeforeValidator(_as_steps)] = ()
    """One after the other, within each file: an empty value takes that of the last row above it in its group."""
    same_as: str = ""
    """The kind whose rows these are, under another name; all else is as there (see `lakehouse.sources.same_rows`)."""

    @field_validator("encoding")
    @classmethod
    def _encoding_exists(cls, value: str) -> str:
        try:
            codecs.lookup(value)
        except LookupError as error:
            raise ValueError(f"no such encoding: {value}") from error
        return value

    @field_validator("date_formats")
    @classmethod
    def _dates_can_be_read(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in values:
            letters = set(re.sub(r"'[^']*'|[^A-Za-z]", "", pattern))
            if strange := letters - set(_PATTERN_LETTERS):
                raise ValueError(f"{pattern}: Spark reads no {', '.join(sorted(strange))} (years are y, days d)")
            if not {"y", "M"} <= letters or {"M", "D"} <= letters:
                raise ValueError(f"{pattern}: years are y, months M, days d, minutes m, days of the year D")
        return values

    @field_validator("from_name")
    @classmethod
    def _compiles(cls, value: str) -> str:
        groups(value)
        return value

    def read_as(self, name: str) -> Format:
        """The format of a file of this name."""
        if len(self.formats) == 1:
            return self.formats[0]
        plain = name.lower().removesuffix(".gz")
        named: Format = next((one for suffix, one in SUFFIXES.items() if plain.endswith(suffix)), "csv")
        if named == "jsonl" and "jsonl" not in self.formats and "json" in self.formats:
            named = "json"
        return named if named in self.formats else self.formats[0]

    @property
    def name_values(self) -> tuple[str, ...]:
        return groups(self.from_name) if self.from_name else ()

    @property
    def time_patterns(self) -> tuple[str, ...]:
        """The declared ones, and those of times that are none of the files' own writing."""
        typed = () if TYPED_FORMATS.isdisjoint(self.formats) else TYPED_TIMES
        return tuple(dict.fromkeys((*self.date_formats, *typed)))

    @property
    def pseudo_columns(self) -> tuple[str, ...]:
        """What expressions may use besides the file's own columns."""
        return ("_file_modified_at", "_position", *(f"_name_{name}" for name in self.name_values))

    @model_validator(mode="after")
    def _columns_fit(self) -> Self:
        if not all(name.strip() for name in self.columns):
            raise ValueError("columns: a name is empty; a column without a name is kept in `_rescued`: leave it out")
        check_columns(self.columns)
        if own := [name for name in self.columns if folded(name) in {*RESERVED, *self.pseudo_columns}]:
            raise ValueError(
                f"columns: {', '.join(own)}: the lake's own columns are called so; leave it out of `columns`, and what"
                " files have under it is kept in `_rescued`"
            )
        if unknown := set(self.optional) - set(self.columns):
            raise ValueError(f"optional: not among columns: {', '.join(sorted(unknown))}")
        check_aliases(self.aliases, self.columns)
        check_marks(self.delimiter, self.quote, self.comment)
        if self.delimiter == BLANKS and self.multiline:
            raise ValueError("multiline: a file split by blanks has no values over several lines")
        if self.ignored and self.leave_out:
            raise ValueError("leave_out: the kind is ignored, so no row of it is read anyway")
        if self.skip_lines == TO_HEADER and not self.header:
            raise ValueError("skip_lines: there is no header to look for (header = false): say how many lines")
        if self.thousands_mark and self.thousands_mark == self.decimal_mark:
            raise ValueError("thousands_mark and decimal_mark are the same")
        for step in self.fill_down:
            if strange := {*step.within, *step.columns} - set(self.columns):
                raise ValueError(f"fill_down: not among columns: {', '.join(sorted(strange))}")
            if both := set(step.within) & set(step.columns):
                raise ValueError(f"fill_down: {', '.join(sorted(both))} cannot both name the group and be filled in it")
        return self
