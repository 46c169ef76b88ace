"""Words for people: definitions, from docs/metrics.md alone; sentences where there is nothing to show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

_PAGE = "metrics.md"
_HEADING = "## Figures of the dashboard"

NO_PUBLICATION = (
    "Nothing is published in this lake yet. Load files with `lakehouse run`, or open another lake with"
    " `lakehouse dashboard --lake DIR`."
)
NO_LAKE = "There is no lake in this folder. Make one with `lakehouse run`, or open another with `--lake DIR`."
NO_SALES = "No sale is published yet. Load orders with `lakehouse run`."
NOTHING_CHOSEN = "Nothing was sold and nothing came back with these filters. Take one away, or choose another period."
NOTHING_COMPARED = (
    "There is nothing to compare with: the period compared with is not wholly known, or none is chosen. Choose"
    " another under *Compare with*."
)
NO_COSTS = "Costs are not known, so there is no margin. Deliver products with a unit cost to see it."
NO_CUSTOMERS = "No customer is known: all orders are of guests. Deliver customers with the orders to see this."
NOBODY_THERE = "No customer is left with these filters. Take one away."
NO_CAMPAIGNS = "This source has no campaigns. Deliver campaigns, their spend and their contacts to see what they bring."
NO_HELD_OUT = (
    "No campaign has a held-out group of customers that is large enough, so nothing is said of causes: attributed, not"
    " causal."
)
NO_SPEND = "No spend is known: deliver the campaigns' spend."
NO_CITIES = "The orders name no cities."
NO_PAIRS = "No two products are bought together more often than by chance would be."
NO_RETURNS = "No return is known."
NO_REASONS = "The returns name no reasons."
NO_DIMENSION = "This source does not say it: every order line is of an unknown {dimension}."
NO_SERIES = "No daily series of this source can be taken apart: they are too short, too sparse or constant."
ONE_PUBLICATION = "There is one publication only. After the next one, this shows who moved from segment to segment."
NO_YEAR = "No day of these series has one a year before it that is known, so nothing is said of growth year on year."
NO_PREDICTIONS = (
    "This publication holds no predictions. `lakehouse train` trains models on this lake, the next `lakehouse run`"
    " scores with them and publishes what they say; a publication made before stays as it is."
)
NOT_TRAINED = "No model has been trained on this lake yet: `lakehouse train` trains, `lakehouse run` then scores."
NOTHING_TRACED = "Choose a table to see what it is made from."
NO_FILES_BEHIND = "No file of this source stands behind these tables."
NOTHING_LEFT_OUT = "The declaration of this source leaves no row out."
REFUSED_SOURCES = "The gate refused what {names} brought: of these sources an older state is shown."
NOT_TAKEN = "No feed takes some of the rows of {names}: of these sources an older state is shown."
LATER_RUN = (
    "The last run, of {when}, {how}: nothing of it is published, and these figures are those of publication {number}."
    " `lakehouse status` and its quality report say why."
)
NO_DRIFT = "No drift has been measured yet: the next `lakehouse run` that scores with a churn model measures it."
NOTHING_CAME_TRUE = (
    "No prediction is old enough to be judged: once the horizon of a published prediction is over, a run notes here"
    " what came true of it."
)
NO_DECISIONS = "No champion has been made yet: `lakehouse train` makes the first, `lakehouse models promote` another."
NOBODY_SCORED = "No customer with these filters was scored. Take one away."
NOT_FOLLOWED = "This page does not follow {filters}: what it shows is not kept by it."
NOT_IN_PUBLICATION = (
    "This publication has no {tables}: it was made before there was such a thing. Choose a newer publication, or make"
    " one with `lakehouse run`."
)
ALL_PASSED = "All expectations were met."
NO_QUARANTINE = "No row waits in quarantine."
WENT_WRONG = "This tile could not be drawn. The log of the dashboard says why; the other tiles are not touched by it."


SIGN_IN_EXTRA = (
    "This dashboard is closed: signing in is configured, but what it needs is not installed. Install it with"
    " `pip install 'streamlit[auth]'`."
)
SIGN_IN_INCOMPLETE = (
    "This dashboard is closed: signing in is configured in part. Add {missing} to [auth] in .streamlit/secrets.toml and"
    " start it again."
)


@dataclass(frozen=True)
class Definition:
    """What a figure means."""

    figure: str
    text: str
    unit: str

    def __str__(self) -> str:
        return f"{self.text}. Unit: {self.unit}." if self.unit else f"{self.text}."


@cache
def definitions() -> Mapping[str, Definition]:
    """Figure -> its definition, as docs/metrics.md states it."""
    lines = _page().split(_HEADING, 1)[1].split("\n## ", 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {name: Definition(name, text, unit) for name, text, unit in rows[1:]}


def definition(figure: str) -> Definition:
    """Raises KeyError where docs/metrics.md does not define the figure."""
    return definitions()[figure]


def _page() -> str:
    packaged = Path(str(files("dashboard") / "_docs" / _PAGE))
    checkout = Path(__file__).parents[1] / "docs" / _PAGE
    return (packaged if packaged.is_file() else checkout).read_text(encoding="utf-8")


def not_in_publication(tables: Iterable[str]) -> str:
    return NOT_IN_PUBLICATION.format(tables=", ".join(tables))


def not_followed(filters: str) -> str:
    """`filters`: those in force that a page leaves aside, in words."""
    return NOT_FOLLOWED.format(filters=filters)


def sign_in_incomplete(missing: Iterable[str]) -> str:
    return SIGN_IN_INCOMPLETE.format(missing=", ".join(missing))


def later_run(status: str, when: str, number: int) -> str:
    return LATER_RUN.format(when=when, how="was refused" if status == "refused" else "failed", number=number)


def left_behind(details: str | None) -> str:
    """What is said of the sources that a run left as they were; empty where it left none. `details` as ops has them."""
    found = json.loads(details or "{}")
    said = ((REFUSED_SOURCES, found.get("refused")), (NOT_TAKEN, found.get("not_taken")))
    return " ".join(words.format(names=", ".join(names)) for words, names in said if names)


def nobody_scored(is_filtered: bool) -> str:
    return NOBODY_SCORED if is_filtered else NOT_TRAINED


def tables_in(text: str) -> list[str]:
    """The table that a message about an unknown one names."""
    return re.findall(r"there is no table ((?:gold|silver|ops)\.[a-z_]+)", text)
