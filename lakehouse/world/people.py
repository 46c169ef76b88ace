"""Names, addresses and e-mails: pools that Faker makes for each country, looked up by hash."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from faker import Faker
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.settings import conf_dir, read_toml
from lakehouse.world.chance import Chance, place_in

FIRST_NAMES, LAST_NAMES, STREETS, COMPANIES = 240, 400, 300, 60


class Country(BaseModel):
    """One country of conf/world/places.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    code: str
    locale: str
    weight: float
    postal: str
    phone: str
    mail: tuple[str, ...]
    cities: tuple[tuple[str, str, str, float], ...]


@dataclass(frozen=True)
class People:
    """Constant arrays of arrays: for each country, what its customers are called and where they live."""

    countries: tuple[Country, ...]
    first_names: list[list[str]]
    last_names: list[list[str]]
    streets: list[list[str]]
    companies: list[list[str]]

    def country(self, chance: Chance, customer: Column) -> Column:
        """Place of the customer's country."""
        return place_in(chance.uniform("country", customer), [one.weight for one in self.countries])

    def city(self, draw: Column, country: Column) -> Column:
        """A city as a struct of city, region and start of the postal code, by weight, for a uniform draw."""
        found = F.lit(None).cast("array<string>")
        for place, one in enumerate(self.countries):
            names = [[city, region, postal] for city, region, postal, _ in one.cities]
            there = F.get(_nested(names), place_in(draw, [weight for *_, weight in one.cities]))
            found = F.when(country == place, there).otherwise(found)
        return found

    def digits(
        self, pattern: Callable[[Country], str], chance: Chance, name: str, country: Column, *ids: Column
    ) -> Column:
        """The country's pattern with digits for # and letters for ?, the same for the same ids."""
        patterns = F.array(*(F.lit(pattern(one)) for one in self.countries))
        text = F.get(patterns, country)
        number = F.lpad((chance.uniform(name, *ids) * 10**12).cast("bigint").cast("string"), 12, "0")
        longest = max(len(pattern(one)) for one in self.countries)
        return F.concat_ws("", *(_letter(F.substring(text, at + 1, 1), number, at % 12) for at in range(longest)))


def _letter(mark: Column, number: Column, at: int) -> Column:
    digit = F.substring(number, at + 1, 1)
    letter = F.translate(digit, "0123456789", "ABDEFGHJLN")
    return F.when(mark == "#", digit).when(mark == "?", letter).otherwise(mark)


def looked_up(pools: list[list[str]], country: Column, draw: Column) -> Column:
    """An element of the country's pool, for a uniform draw."""
    pool = F.get(_nested(pools), country)
    return F.get(pool, F.floor(draw * F.size(pool)).cast("int"))


def _nested(values: list[list[str]]) -> Column:
    return F.from_json(F.lit(json.dumps(values, ensure_ascii=False)), "array<array<string>>")


@cache
def make_people() -> People:
    """The pools, the same each time for one version of Faker. They do not depend on the shop's seed."""
    values, _ = read_toml(conf_dir() / "world" / "places.toml")
    countries = tuple(TypeAdapter(list[Country]).validate_python(values["countries"]))
    fakers = [_faker(one.locale) for one in countries]
    return People(
        countries,
        [_pool(fake.first_name, FIRST_NAMES) for fake in fakers],
        [_pool(fake.last_name, LAST_NAMES) for fake in fakers],
        [_pool(fake.street_name, STREETS) for fake in fakers],
        [_pool(fake.company, COMPANIES) for fake in fakers],
    )


def _faker(locale: str) -> Faker:
    fake = Faker(locale)
    fake.seed_instance(f"pools of {locale}")
    return fake


def _pool(draw: Callable[[], str], size: int) -> list[str]:
    """Different values; fewer where the locale has not as many."""
    return list(dict.fromkeys(draw() for _ in range(4 * size)))[:size]
