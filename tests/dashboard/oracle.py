"""What the rows that were put in say of filters at random: that which pages are held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.data.answers import Answer
from dashboard.data.filters import Filters, Period
from tests.dashboard.random_marts import CLASSES, CURRENCIES, PLACES, SEGMENTS, SOURCES, Row

DAYS = Period(date(2023, 1, 1), date(2024, 3, 31))
some = settings(deadline=None, max_examples=15)


def subsets(values: Iterable[str | None]) -> st.SearchStrategy[tuple[str, ...]]:
    named = [value or "unknown" for value in values]
    return st.lists(st.sampled_from(named), unique=True, max_size=2).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    return Filters(
        draw(st.sampled_from(SOURCES)), draw(st.sampled_from(CURRENCIES)), DAYS, DAYS,
        category=draw(subsets(("Cups", "Plates", "unknown", "category 1"))), segment=draw(subsets(CLASSES)),
        country=draw(subsets(PLACES)), rfm=draw(subsets(SEGMENTS)),
    )  # fmt: skip


any_filters = given(chosen=filters())


def of_market(found: list[Row], chosen: Filters) -> list[Row]:
    return [one for one in found if (one["source_system"], one["currency"]) == (chosen.source, chosen.currency)]


def total(found: Iterable[Row], name: str) -> Any:
    """Sum of what is known; None where nothing is."""
    known = [one[name] for one in found if one[name] is not None]
    return sum(known) if known else None


def table(answer: Answer, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for one in answer.table.to_pylist()]


def named(found: Iterable[Row], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one.get(name) for name in names) for one in found]
