"""Whose figures are drawn, and how numbers are written."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data.answers import Answers
from dashboard.data.filters import Filters
from dashboard.formats import Formats, Number, plural
from dashboard.tokens import Palette


@dataclass(frozen=True)
class Sheet:
    """One source in one currency at one publication, for one reader."""

    answers: Answers
    filters: Filters
    formats: Formats
    palette: Palette

    def money(self, value: Number | None) -> str:
        """£34.5 k."""
        return self.formats.money(value, self.filters.currency)

    def counted(self, count: int, one: str) -> str:
        """2 072 customers."""
        return f"{self.formats.count(count)} {plural(count, one)}"

    @property
    def origin(self) -> str:
        """Source, publication and as-of: what stands at the foot of each picture."""
        publication = self.answers.publication
        parts = [self.filters.source]
        if publication is not None:
            parts += [f"publication {publication.publication}", f"as of {self.formats.day(publication.as_of)}"]
        return " · ".join(parts)


def listed(parts: list[str]) -> str:
    """'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
