"""What a shop is like, in numbers: conf/profiles/*.toml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from lakehouse.settings import ConfigurationError, Section, conf_dir, read_toml
from lakehouse.settings.words import said

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class Arrival(Section):
    """When customers order for the first time."""

    share: Share
    """Of all customers, those whose first order falls into the profile's span."""
    existing: float = Field(ge=0)
    """Density at the first day of those who bought before the span, against 1 for those who are new."""
    existing_days: Positive
    """Days in which that density falls to 1/e."""
    growth: float
    """Per year, as an exponent."""


class Purchase(Section):
    """Repeat purchases: the BG/NBD story on a clock that runs with season and growth."""

    rate_shape: Positive
    rate_months: Positive
    """Rate ~ Gamma(rate_shape, scale 1 / rate_months) orders a month on the first day, at mean season."""
    drop_a: Positive
    drop_b: Positive
    """Probability to drop out after a repeat purchase ~ Beta(drop_a, drop_b)."""
    growth: float
    """Of all rates, per year, as an exponent."""


class Peak(Section):
    """Days of a year on which sales are higher or lower."""

    name: str
    month: int | None = None
    day: int | None = None
    black_friday: int | None = None
    """Instead of month and day: days after Black Friday (negative: before) on which it starts."""
    days: int = Field(gt=0)
    factor: Positive


class Season(Section):
    yearly_amplitude: Share
    yearly_peak_day: int = Field(ge=1, le=366)
    weekly: tuple[float, ...] = Field(min_length=7, max_length=7)
    """Monday to Sunday, against a mean of 1."""
    peaks: tuple[Peak, ...]


class Spend(Section):
    """What a line is worth."""

    line_value: Positive
    """Mean gross value of a line (quantity x unit price)."""
    level_cv: Positive
    """Coefficient of variation of the customers' spend level (Gamma, mean 1)."""
    price_cv: Positive
    """Coefficient of variation of product prices within a category."""
    more_lines: float = Field(ge=0)
    """Mean of the Poisson number of lines beyond the first."""
    discount_share: Share
    completed: Share
    pending: Share
    cancelled: Share


class Campaigns(Section):
    number: int = Field(ge=0, le=60)
    ordinary_chance: Share
    """Probability to be on a list, for a registered customer who did not buy in the last `recent_days`."""
    recent_weight: Positive
    """How many times as likely buyers of the last `recent_days` are to be on it."""
    recent_days: int
    held_out: Share
    days: int
    """For how long a contact works."""
    effects: tuple[float, ...]
    """Extra purchase rate of the contacted, as a share of their own rate; taken in turn."""
    spend: float
    """Of all campaigns together."""
    coupon_of_extra: Share
    """Extra orders that name the campaign's code."""
    coupon_of_others: Share
    """Orders of contacted customers that name it though they would have come anyway: the halo."""


class Returns(Section):
    share: Share
    """Of completed lines, on average."""
    late_factor: Positive
    """How much likelier a return is where the delivery was late."""
    late_share: Share


class Files(Section):
    missing: Share
    """Share of empty values in the nullable attributes."""
    lines_per_file: int = Field(gt=0)
    """A day with more lines is cut into several files."""
    gzip_share: Share
    bulk_days: int = Field(ge=0)
    """The orders of the first days come in Parquet; 100,000: all of them."""


class Profile(Section):
    """One shop: its span, its size, its behaviour."""

    name: str
    title: str
    time_zone: str
    currency: str
    seed: int
    start: date
    end: date
    """The first day after the span."""
    customers: int = Field(gt=0, le=1_000_000_000)
    products: int = Field(gt=0, le=10_000_000)
    categories: int = Field(gt=0, le=100_000)
    affinity_pairs: int = Field(ge=0)
    affinity_among: int = Field(ge=0)
    """Companions are among this many of the most sold products."""
    arrival: Arrival
    purchase: Purchase
    season: Season
    spend: Spend
    campaigns: Campaigns
    returns: Returns
    files: Files
    defects: dict[str, dict[str, Share]]
    """Kind of file (`files`: whole files) -> kind of defect -> share of the rows or files that have it."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.end <= self.start:
            raise ValueError("end: must be after start")
        if self.campaigns.number and not self.campaigns.effects:
            raise ValueError("campaigns.effects: at least one is needed")
        return self

    @property
    def days(self) -> int:
        """Length of the span."""
        return (self.end - self.start).days


def load_profile(name: str) -> Profile:
    """conf/profiles/NAME.toml; with `extends` it says only what differs. Raises ConfigurationError."""
    path = conf_dir() / "profiles" / f"{name}.toml"
    if not path.is_file():
        raise ConfigurationError(f"there is no profile {name}; there are {', '.join(profile_names())}")
    try:
        return Profile(name=name, **_values(name))
    except ValidationError as error:
        raise ConfigurationError("\n".join(f"{path}: {one}" for one in said(error))) from error


def profile_names() -> list[str]:
    return sorted(path.stem for path in (conf_dir() / "profiles").glob("*.toml"))


def _values(name: str, above: tuple[str, ...] = ()) -> dict[str, Any]:
    path = conf_dir() / "profiles" / f"{name}.toml"
    if name in above:
        raise ConfigurationError(f"{path}: extends itself ({' → '.join((*above, name))})")
    if above and not path.is_file():
        raise ConfigurationError(f"{path.with_stem(above[-1])}: extends {name}, which there is no profile of")
    values, _ = read_toml(path)
    base = values.pop("extends", None)
    return _merged(_values(str(base), (*above, name)), values) if base else values


def _merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = {name: _merged(base[name], more[name]) for name in base.keys() & more.keys() if isinstance(base[name], dict)}
    return {**base, **more, **both}
