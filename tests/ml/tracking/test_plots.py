"""Plots: one for each curve, and titles with the figures that their points hold."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ml.tracking.plots import draw
from ml.training import CurvePoint
from tests.ml.tracking.trainings import made_training


def drawn(folder: Path, points: Sequence[CurvePoint]) -> dict[str, str]:
    training = made_training()
    return draw(training, replace(training.candidate("xgboost"), curves=points), folder)


def test_every_curve_of_a_candidate_is_drawn_at_twice_its_size(tmp_path: Path) -> None:
    training = made_training()
    texts = draw(training, training.candidate("xgboost"), tmp_path)
    names = {f"{name}.png" for name in ("roc", "precision_recall", "calibration", "lift", "importance")}
    assert set(texts) == {path.name for path in tmp_path.iterdir()} == names
    for name in names:
        assert struct.unpack(">II", (tmp_path / name).read_bytes()[16:24]) == (1280, 800)


def test_the_text_of_a_plot_is_in_its_file_for_those_who_cannot_see_it(tmp_path: Path) -> None:
    training = made_training()
    area = training.candidate("xgboost").score("roc_auc").value
    texts = draw(training, training.candidate("xgboost"), tmp_path)
    assert texts["roc.png"] == f"{area:.1%} of pairs are put in the right order. ROC curve."
    assert texts["roc.png"].encode() in (tmp_path / "roc.png").read_bytes()


POINTS = [
    ("lift", [(1, 1.84), (2, 1.2)], "", "The first tenth leaves 1.8 times as often as all"),
    ("precision_recall", [(0.1, 0.9), (0.5, 0.62), (1, 0.4)], "", "found at a precision of 62%"),
    ("deciles", [(900, 600), (100, 200)], "value", "The first tenth brings 75% of all value"),
    ("importance", [(None, 0.1)], "days_since_last_order", "Days since last order moves the prediction most"),
    ("strange", [(0, 1), (1, 2)], "", "Strange"),
]


@pytest.mark.parametrize(("curve", "points", "label", "says"), POINTS, ids=[one[0] for one in POINTS])
def test_a_title_says_what_the_points_hold(
    tmp_path: Path, curve: str, points: list[tuple[float | None, float]], label: str, says: str
) -> None:
    made = [CurvePoint(curve, place, x, y, label=label) for place, (x, y) in enumerate(points)]
    assert says in drawn(tmp_path, made)[f"{curve}.png"]


def test_bins_count_by_their_cases_in_how_far_predictions_are_off(tmp_path: Path) -> None:
    bins = [CurvePoint("calibration", 0, 0.1, 0.2, 300), CurvePoint("calibration", 1, 0.8, 0.4, 100)]
    assert "off by 17.5 points" in drawn(tmp_path, bins)["calibration.png"]


def test_the_feature_that_moves_most_is_named_whether_its_size_is_x_or_y(tmp_path: Path) -> None:
    sizes = [CurvePoint("importance", 0, 0.1, label="small"), CurvePoint("importance", 1, 0.4, label="large")]
    assert drawn(tmp_path, sizes)["importance.png"].startswith("Large ")


def test_a_fan_counts_the_weeks_that_came_within_the_interval_of_its_first_series(tmp_path: Path) -> None:
    lines = {"fan actual": [10, 20, 30], "fan low 95": [5, 21, 5], "fan high 95": [15, 25, 29], "fan forecast": [9] * 3}
    points = [
        CurvePoint(curve, week, float(week), y, label=label)
        for label, shift in (("All revenue", 0), ("Hats", 100))
        for curve, ys in lines.items()
        for week, y in enumerate(ys if curve == "fan actual" else [y + shift for y in ys])
    ]
    assert drawn(tmp_path, points)["fan.png"].startswith("All revenue: 1 of 3 weeks came within the 95 % interval")
