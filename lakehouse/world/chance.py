"""Chance without a generator: every draw is a hash of the seed, a name and the ids it belongs to.

So a row is the same wherever and whenever it is made, and on any number of partitions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import numpy.typing as npt
from pyspark.sql import Column
from pyspark.sql import functions as F

Numbers = npt.NDArray[np.float64]
_BITS = 52
_DIMENSIONS = 5
_GOLDEN = float(np.max(np.roots([1, *[0] * (_DIMENSIONS - 1), -1, -1]).real))
_MASK = (1 << _BITS) - 1
WAIT_STEP = 0.02
LONGEST_WAIT = 24.0
"""A standard exponential variate beyond this comes once in 10^10 draws."""


@dataclass(frozen=True)
class Chance:
    """The draws of one seed."""

    seed: int

    def uniform(self, name: str, *ids: Column) -> Column:
        """Uniform between 0 and 1, both excluded. Ids are whole numbers."""
        return _as_uniform(F.xxhash64(F.lit(f"{self.seed}:{name}"), *(one.cast("bigint") for one in ids)))

    def wait(self, name: str, *ids: Column) -> Column:
        """Standard exponential variate: the wait for the first event of a process of rate 1."""
        return -F.log(self.uniform(name, *ids))

    def spread(self, dimension: int, number: Column) -> Column:
        """Uniform like `uniform`, but evenly spread over consecutive numbers, also jointly over several dimensions.

        An additive recurrence whose steps are powers of 1 / g, where g^(d + 1) = g + 1 (Roberts 2018, R_d sequence):
        totals over many numbers scatter less from seed to seed than with independent draws.
        """
        start = np.random.default_rng([self.seed, dimension]).random()
        place = number.cast("double") * _GOLDEN**-dimension + float(start)
        return F.greatest(place - F.floor(place), F.lit(1e-15))

    def generator(self, name: str) -> np.random.Generator:
        """Draws for small tables that the driver makes: products, campaigns."""
        return np.random.default_rng([self.seed, *name.encode()])


def _as_uniform(hashed: Column) -> Column:
    return (hashed.bitwiseAND(F.lit(_MASK)).cast("double") + F.lit(0.5)) * F.lit(2.0**-_BITS)


def numbers(values: Sequence[float] | npt.NDArray[Any], kind: str = "double") -> Column:
    """A table as a constant array, for look-ups by place. Nine digits count: plans carry these tables around."""
    items = [float(f"{one:.9g}") if isinstance(one, float) else one for one in np.asarray(values).tolist()]
    return F.from_json(F.lit(json.dumps(items)), f"array<{kind}>")


def texts(values: Sequence[str]) -> Column:
    """A list of texts as a constant array."""
    return F.from_json(F.lit(json.dumps(list(values), ensure_ascii=False)), "array<string>")


def chosen(values: Column, uniform: Column, size: int) -> Column:
    """One element of a constant array of `size` elements, each as likely."""
    return F.get(values, F.floor(uniform * size).cast("int"))


def place_in(uniform: Column, weights: Sequence[float]) -> Column:
    """A place from 0 with the given weights (few of them: it becomes a chain of comparisons)."""
    bounds = np.cumsum(weights) / np.sum(weights)
    return reduce(add, ((uniform >= float(bound)).cast("int") for bound in bounds[:-1]), F.lit(0))


def count_of(uniform: Column, probabilities: Numbers) -> Column:
    """A whole number from 0 with the given probabilities."""
    return place_in(uniform, probabilities.tolist())


def interpolated(table: Numbers, step: float, at: Column) -> Column:
    """Value of a function that is given at 0, step, 2·step, …; straight lines between, constant outside."""
    last = len(table) - 1
    values = numbers(table)
    place = F.greatest(F.lit(0.0), F.least(at / step, F.lit(float(last))))
    below = F.least(F.floor(place).cast("int"), F.lit(last - 1))
    low, high = F.get(values, below), F.get(values, below + 1)
    return low + (place - below) * (high - low)


def waits() -> Numbers:
    """The standard exponential variates at which `by_wait` tables are given."""
    return np.arange(0.0, LONGEST_WAIT + WAIT_STEP, WAIT_STEP)


def by_wait(upper_quantiles: Numbers, wait: Column) -> Column:
    """A variate of any distribution from a standard exponential one.

    The table holds the value that is exceeded with probability exp(-w), at the `waits()`: so tails are fine-grained.
    """
    return interpolated(upper_quantiles, WAIT_STEP, wait)
