"""How good a model was when it was tested, kept beside it: so gold can tell of the champion that it is used from.

A file of the model, evaluation.json, holds the measures and curves of all that was tried in its training.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from ml.training import Candidate, Files, Training

FILE = "evaluation.json"
Row = dict[str, Any]
NO_PARTS, TEST = "all", "test"


def with_evaluation(training: Training) -> Training:
    """The training with evaluation.json among the files of every candidate."""
    text = json.dumps(_evaluation(training), sort_keys=True).encode()
    kept = [replace(one, files={**one.files, FILE: text}) for one in training.candidates]
    return replace(training, candidates=kept)


def _evaluation(training: Training) -> Row:
    return {
        "problem": training.problem,
        "tested_from": training.window.tested_from.isoformat(),
        "tested_until": training.window.tested_until.isoformat(),
        "candidates": [_told(one) for one in training.candidates],
    }


def _told(one: Candidate) -> Row:
    return {
        "name": one.name,
        "is_baseline": one.is_baseline,
        "scores": [asdict(score) for score in one.scores],
        "curves": [asdict(point) for point in one.curves],
    }


def score_rows(files: Files, *, source: str, version: int, champion: str) -> Iterator[Row]:
    """Rows of gold.model_scores for a version of which `champion` is the candidate that is in use."""
    found = _read(files)
    for one in found.get("candidates", ()):
        role = "champion" if one["name"] == champion else "baseline" if one["is_baseline"] else "candidate"
        for score in one["scores"]:
            yield _head(found, source, version, one) | {
                "candidate_role": role,
                "score_measure": score["measure"],
                "score_level": score["level"] or NO_PARTS,
                "score_fold": TEST if score["fold"] is None else str(score["fold"]),
                "score": float(score["value"]),
                "score_low": score["low"],
                "score_high": score["high"],
                "tested_from": date.fromisoformat(found["tested_from"]),
                "tested_until": date.fromisoformat(found["tested_until"]),
            }


def curve_rows(files: Files, *, source: str, version: int) -> Iterator[Row]:
    """Rows of gold.model_curves."""
    found = _read(files)
    for one in found.get("candidates", ()):
        for point in one["curves"]:
            yield _head(found, source, version, one) | {
                **{name: point[name] for name in ("curve", "place", "label", "x", "y")},
                "cases": point["n"],
            }


def _head(found: Mapping[str, Any], source: str, version: int, one: Mapping[str, Any]) -> Row:
    return {
        "source_system": source,
        "problem": found["problem"],
        "model_version": version,
        "candidate": one["name"],
    }


def _read(files: Files) -> Row:
    found: Row = json.loads(files[FILE]) if FILE in files else {}
    return found
