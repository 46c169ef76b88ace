"""The section of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from lakehouse.settings.section import Section

Day = Annotated[date, Field(ge=date(1583, 1, 1), le=date(9998, 12, 31))]
"""Of the Gregorian calendar, with room for the days before and after that tables speak of."""


class Calendar(Section):
    """The days that dim_date holds and what is said of them."""

    first_day: Day = date(1990, 1, 1)
    last_day: Day = date(2049, 12, 31)
    fiscal_year_starts_in: Annotated[int, Field(ge=1, le=12)] = 1
    holiday_countries: tuple[str, ...] = ("GB",)

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        """A calendar without days would leave all that happened without a day, and so out of every figure."""
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} is before first_day {self.first_day}")
        return self
