"""What can be set about the marts: the sections of conf/analytics.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from lakehouse.settings.section import Section


def _odd(number: int) -> int:
    if number % 2 == 0:
        raise ValueError("must be odd")
    return number


Share = Annotated[float, Field(gt=0, lt=1)]
Span = tuple[int, int]
AttributionModel = Literal["last_touch", "first_touch", "linear", "position_based", "time_decay", "markov"]
Odd = Annotated[int, Field(ge=7), AfterValidator(_odd)]
ANY_SCORE: Span = (1, 5)
MOST_ORDERS = 1_000_000_000


class SegmentRule(Section):
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


class Rfm(Section):
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


class Products(Section):
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


class Returns(Section):
    confidence: Share
    """Level of the intervals of return rates."""


class Attribution(Section):
    """Which contacts an order is credited to."""

    window_days: int = Field(ge=1)
    """Days before an order in which a contact counts, and after a contact in which its outcome is measured."""
    half_life_days: float = Field(gt=0)
    """Days in which a contact loses half of its weight, by time decay."""
    default_model: AttributionModel
    """The model behind attributed orders, revenue, margin, ROAS and ROI of gold.campaign_roi."""


class Lift(Section):
    """What campaigns added, from customers held out at random."""

    pre_period_days: int = Field(ge=1)
    """Days before the contact whose spend makes the adjusted estimate tighter."""
    least_held_out: int = Field(ge=2)
    """Fewer held-out customers than these make no estimate."""


class Decomposition(Section):
    """How daily series are taken apart into trend, season and remainder."""

    trend_days: Odd
    """Days that the trend is smoothed over."""
    season_weeks: Odd
    """Weeks over which the pattern of the week may change."""
    anomaly_deviations: float = Field(gt=0)
    """Robust standard deviations of the remainder beyond which a day is an anomaly."""
    least_days: int = Field(ge=14)
    """Days that a series needs."""
    least_active_share: float = Field(ge=0, le=1)
    """Share of its days that must not be zero."""
    shift_days: int = Field(ge=7)
    """Least days between two change points."""


class Affinity(Section):
    """Which products are bought together more often than by chance."""

    least_orders: int = Field(ge=2)
    """Orders that a pair needs."""
    least_support: float = Field(ge=0, lt=1)
    """Share of all orders that a pair needs."""
    false_discovery_rate: Share
    """Share of the pairs called significant that may be there by chance."""
    price_classes: int = Field(ge=1)
    """Classes of products by price, at most, within which chance is worked out; 1 makes no difference of prices."""
    products_per_class: int = Field(ge=1)
    """Products that a class has at least, on average."""
    most_companions: int = Field(ge=1)
    """Companions kept of a product, the best ones."""


class Analytics(Section):
    """conf/analytics.toml."""

    rfm: Rfm
    products: Products
    returns: Returns
    attribution: Attribution
    lift: Lift
    decomposition: Decomposition
    affinity: Affinity
