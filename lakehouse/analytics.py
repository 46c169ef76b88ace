"""What can be set about the marts: the sections of conf/analytics.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(gt=0, lt=1)]
Span = tuple[int, int]
ANY_SCORE: Span = (1, 5)
MOST_ORDERS = 1_000_000_000


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SegmentRule(_Section):
    """One segment: [least, most] of each score and of the number of orders."""

    name: str
    recency: Span = ANY_SCORE
    frequency: Span = ANY_SCORE
    monetary: Span = ANY_SCORE
    orders: Span = (1, MOST_ORDERS)

    @model_validator(mode="after")
    def _spans_hold_something(self) -> SegmentRule:
        for name in ("recency", "frequency", "monetary", "orders"):
            least, most = getattr(self, name)
            if least > most:
                raise ValueError(f"segment {self.name}: {name} = [{least}, {most}] holds nothing")
        return self


class Rfm(_Section):
    """Segments by recency, frequency and monetary value; the first rule that fits counts."""

    rest: str
    """The segment of customers whom no rule fits."""
    segments: tuple[SegmentRule, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Rfm:
        names = [self.rest, *(rule.name for rule in self.segments)]
        if len(set(names)) < len(names):
            raise ValueError(f"two segments of one name among {', '.join(names)}")
        return self


class Products(_Section):
    """Classes of products by what they bring, and their trend."""

    abc_a: Share
    """Share of net revenue that the products of class A bring together."""
    abc_b: Share
    """The same of classes A and B."""
    trend_days: int = Field(ge=1)
    """Length of each of the two periods that the trend compares, in days."""

    @model_validator(mode="after")
    def _a_comes_before_b(self) -> Products:
        if self.abc_a >= self.abc_b:
            raise ValueError("abc_a must be below abc_b")
        return self


class Returns(_Section):
    confidence: Share
    """Level of the intervals of return rates."""


class Analytics(_Section):
    """conf/analytics.toml."""

    rfm: Rfm
    products: Products
    returns: Returns
