"""Rows of a kind of file that are no business of the lake, as a declaration names them."""

from __future__ import annotations

from pydantic import Field, field_validator

from lakehouse.settings import Section

LONGEST = 200


class LeaveOut(Section):
    """Rows that no feed reads: totals, fees, test orders. They are counted as left out."""

    where: str = Field(min_length=1)
    """SQL condition over the kind's own columns; a row for which it is NULL is not left out."""
    why: str = Field(min_length=1, max_length=LONGEST)
    """In words: what the counts of `reconcile`, summary and dashboard stand under."""

    @field_validator("where", "why")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not (text := value.strip()):
            raise ValueError("is blank")
        return text

    @field_validator("why")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("is one line of letters that can be shown")
        return value
