"""The model card: what a model predicts, what it was made from, how good it is, and where it ends. Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from ml.tracking.card_words import INTENDED, MEASURES, PERSONAL, PREDICTS
from ml.tracking.data_versions import DataVersions
from ml.tracking.decision import NO_DIFFERENCE, Decision, in_words
from ml.training import Candidate, CurvePoint, Score, Training


def model_card(training: Training, decision: Decision, data: DataVersions) -> str:
    """The card of a training, the same for each version that comes of it."""
    sections = {
        "What it predicts": [PREDICTS[training.problem]],
        "Decision": [decision.why],
        "Candidates": [_candidates(training, decision)],
        "Comparison": list(_comparison(training)),
        "Calibration": list(_calibration(training)),
        "Data": list(_data(training, data)),
        "Limits": [f"- {remark}" for remark in training.remarks] or ["None were noted in training."],
        "Intended use": [INTENDED[training.problem]],
        "Personal data": [PERSONAL[training.problem]],
    }
    heading = f"# {training.problem} of {training.source}, as of {data.as_of}\n\n"
    return heading + "\n".join(f"## {name}\n" + "\n".join(lines) + "\n" for name, lines in sections.items())


def _candidates(training: Training, decision: Decision) -> str:
    measures = _measures(training)
    lines = [
        "| candidate | becomes | " + " | ".join(measures) + " |",
        "|---|---|" + "---|" * len(measures),
    ]
    for one in _ordered(training):
        name = f"{one.name} (baseline)" if one.is_baseline else one.name
        found = {score.measure: score for score in _tested(one, training.level)}
        cells = [with_interval(found[measure]) if measure in found else "" for measure in measures]
        lines.append(f"| {name} | {decision.roles.get(one.name, '')} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", _how_to_read(training), "", *(_meaning(measure) for measure in measures)])


def _how_to_read(training: Training) -> str:
    has_intervals = any(score.low is not None for one in training.candidates for score in _tested(one, training.level))
    intervals = ", with 95 % intervals" if has_intervals else ""
    level = f", level {training.level}" if training.level else ""
    points = "higher" if training.higher_is_better else "lower"
    return f"On the test window{intervals}{level}. Compared by {training.measure}: {points} is better."


def _meaning(measure: str) -> str:
    return f"- {measure}: {MEASURES[measure]}"


def _ordered(training: Training) -> list[Candidate]:
    def value(one: Candidate) -> float:
        found = next((score for score in _tested(one, training.level) if score.measure == training.measure), None)
        if found is None:
            return float("inf")
        return -found.value if training.higher_is_better else found.value

    return sorted(training.candidates, key=value)


def _measures(training: Training) -> list[str]:
    """The measure of comparison first, then the others of the best one, as it names them."""
    of_best = [one.measure for one in _tested(training.candidate(training.best), training.level)]
    return list(dict.fromkeys([training.measure, *of_best]))


def _tested(candidate: Candidate, level: str) -> list[Score]:
    return [one for one in candidate.scores if one.fold is None and one.level == level]


def _comparison(training: Training) -> Iterable[str]:
    baseline = training.against_baseline
    yield f"- {training.best} against the best baseline, {baseline.than}, in {training.measure}: {in_words(baseline)}."
    if training.against_champion:
        yield (
            f"- {training.best} against the present champion, judged anew on the same test window: "
            f"{in_words(training.against_champion)}."
        )
    else:
        yield "- There was no champion to hold it against."
    yield from _as_good(training)


def _as_good(training: Training) -> Iterable[str]:
    """Models that the best one is not told from: their value lies within its interval."""
    best = training.candidate(training.best).score(training.measure, training.level)
    if best.low is None or best.high is None:
        return
    for one in _ordered(training):
        others = [score for score in _tested(one, training.level) if score.measure == training.measure]
        if one.is_baseline or one.name == training.best or not others:
            continue
        if best.low <= others[0].value <= best.high:
            yield (
                f"- {one.name} against {training.best}: {NO_DIFFERENCE}. Its {training.measure} of "
                f"{others[0].value:.4g} lies within {best.low:.4g} to {best.high:.4g}."
            )


def _calibration(training: Training) -> Iterable[str]:
    bins = [one for one in training.candidate(training.best).curves if one.curve == "calibration"]
    if not bins:
        yield "What is predicted is no probability: the measures say how far it is off in total."
        return
    yield "| predicted | came true | cases |\n|---|---|---|"
    yield from (_bin(one) for one in sorted(bins, key=lambda one: one.place))


def _bin(one: CurvePoint) -> str:
    return f"| {one.x or 0:.1%} | {one.y or 0:.1%} | {one.n or 0:,} |"


def _data(training: Training, data: DataVersions) -> Iterable[str]:
    window = training.window
    yield (
        f"- Trained on {window.trained_from} to {window.trained_until}, tested on {window.tested_from} to "
        f"{window.tested_until}; the last day of each is not included. Nothing of the test window was trained on."
    )
    yield f"- Publication {data.publication}, run {data.run_id}, code {data.code_version}, seed {training.seed}."
    tables = ", ".join(f"{name} {version}" for name, version in sorted(data.table_versions.items()))
    yield f"- Delta versions: {tables or 'none were given'}."


def with_interval(score: Score) -> str:
    """As in `0.744 (0.731 to 0.757)`."""
    if score.low is None or score.high is None:
        return f"{score.value:.4g}".replace("-", "−")
    return f"{score.value:.4g} ({score.low:.4g} to {score.high:.4g})".replace("-", "−")
