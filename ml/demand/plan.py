"""What is forecast how: the method of each level and measure, how levels are made to add up, how wide intervals are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ml.demand.coherence import Way
from ml.demand.intervals import Widths
from ml.demand.panel import Level
from ml.training import Files

PLAN, BOOSTER = "demand.json", "booster.ubj"


@dataclass(frozen=True)
class Choice:
    """Of one measure in one currency."""

    methods: Mapping[Level, str]
    way: Way
    widths: Mapping[Level, Widths] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Currency -> measure -> what was chosen."""

    name: str
    """Of the candidate."""
    main: str
    """The currency with the most lines; others that are not named follow it."""
    choices: Mapping[str, Mapping[str, Choice]]

    def choice(self, currency: str, measure: str) -> Choice:
        return self.choices.get(currency, self.choices[self.main])[measure]

    @property
    def methods(self) -> set[str]:
        """Names of all methods in it."""
        every = (choice for by_measure in self.choices.values() for choice in by_measure.values())
        return {method for choice in every for method in choice.methods.values()}


def to_files(plan: Plan, booster: bytes | None) -> Files:
    """The plan as JSON, and the booster where a method needs it."""
    text = json.dumps(asdict(plan), sort_keys=True, indent=1)
    files = {PLAN: text.encode()}
    if booster is not None and plan.methods & {"xgboost", "combination"}:
        files[BOOSTER] = booster
    return files


def from_files(files: Files) -> Plan:
    """Raises KeyError where there is no plan among the files."""
    raw: dict[str, Any] = json.loads(files[PLAN])
    choices = {
        currency: {measure: _choice(values) for measure, values in by_measure.items()}
        for currency, by_measure in raw["choices"].items()
    }
    return Plan(raw["name"], raw["main"], choices)


def _choice(values: dict[str, Any]) -> Choice:
    widths = {level: Widths(**one) for level, one in values["widths"].items()}
    return Choice(values["methods"], values["way"], widths)
