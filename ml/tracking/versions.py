"""What the registry holds: versions of models, with what is known of each. Nothing here asks MLflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ml.training import PROBLEMS, Files, Problem

Role = Literal["champion", "challenger"]
CHAMPION: Role = "champion"
CHALLENGER: Role = "challenger"
TAKEN_UP = "taken_up"
"""Tag of a version: the publication, or the person, that made it champion or challenger for the first time."""
CARD = "model_card.md"
"""Name of the file, in a run, that holds the model card."""
MODEL_PART = "model:"
"""How the parts of a publication's configuration begin that name versions of models."""


@dataclass(frozen=True)
class Version:
    """One version of a registered model."""

    name: str
    """Of the model: `<problem>-<source>`."""
    version: int
    candidate: str
    """As in xgboost, recency."""
    tags: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    """champion, challenger, or none."""
    model_id: str = ""
    """Of the logged model that holds the files."""
    run_id: str = ""
    """Of MLflow: the candidate's run."""
    card: str = ""
    """The model card, as markdown."""

    @property
    def problem(self) -> Problem:
        return next(one for one in PROBLEMS if one == self.tags["problem"])

    @property
    def source(self) -> str:
        return self.tags["source"]

    @property
    def as_of(self) -> date:
        """The day that the lake was seen from when it was trained."""
        return date.fromisoformat(self.tags["as_of"])

    @property
    def was_taken_up(self) -> bool:
        """Whether it ever was champion or challenger; what a killed run left never was."""
        return TAKEN_UP in self.tags


@dataclass(frozen=True)
class Registered(Version):
    """A version with the files to score with."""

    files: Files = field(default_factory=dict)


def model_name(problem: Problem, source: str) -> str:
    """The registered model of a problem and a source."""
    return f"{problem}-{source}"


def configuration_of(used: Mapping[str, int]) -> dict[str, str]:
    """What a publication says of the models that it was scored with: model -> version as parts of a configuration."""
    return {f"{MODEL_PART}{name}": str(version) for name, version in used.items()}


def used_models(configuration: Mapping[str, str]) -> dict[str, int]:
    """Model -> version that a publication was scored with, out of its configuration."""
    parts = {part.removeprefix(MODEL_PART): text for part, text in configuration.items() if part.startswith(MODEL_PART)}
    return {name: int(text) for name, text in parts.items()}


def version_of(one: Any, aliases: Sequence[str]) -> Version:
    """What MLflow knows of a version, in our words."""
    return Version(
        name=one.name,
        version=int(one.version),
        candidate=one.tags.get("candidate", ""),
        tags=dict(one.tags),
        aliases=tuple(aliases),
        model_id=one.model_id or one.source.removeprefix("models:/"),
        run_id=one.run_id or "",
        card=one.description or "",
    )


def champions_until(history: str, present: int | None) -> list[int]:
    """The champions that there were, oldest first, up to the present one, out of a model's history.

    What the history has after the present one was meant when a run was killed, and never came to be.
    """
    past = [int(number) for number in history.split()]
    if present is None:
        return []
    if present not in past:  # Somebody moved the alias in MLflow itself.
        return [*past, present]
    return past[: len(past) - past[::-1].index(present)]
