"""How many customers are likely to stay away, what is expected of them, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.data import scores
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import points
from dashboard.report.pictures.marks import bars, name_rows, ticks_of
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import NOTE

NAME = "churn_risk"
_NAMES, _BETWEEN, _HEAD, _SQUARE, _ROW = 76, 24, 42, 190, 24
_TENTHS, _LIKELY = 10, 5
"""Tenths of the probability; from the sixth on a customer is more likely to stay away than not."""
_NOT_TESTED = "No test of the model\nis published."


@dataclass(frozen=True)
class Churn:
    customers: tuple[int, ...]
    """By tenth of the probability to stay away, the least first."""
    values: tuple[float, ...] | None
    """Lifetime value expected of them; None where no value is known."""
    basis: str
    """What the value is of: margin or revenue."""
    months: int | None
    days: int | None
    """How far ahead value and churn look."""
    calibration: tuple[tuple[float, float], ...]
    """Probability said and share that came true, on the test window of the model in use; empty where not published."""
    model: str

    @property
    def likely(self) -> int:
        return sum(self.customers[_LIKELY:])


def figures(sheet: Sheet) -> Churn | None:
    """None where no customer has a probability."""
    rows = scores.risk_and_value(sheet.answers, sheet.filters).table.to_pylist()
    if not rows:
        return None
    found = {row["tenth"]: row for row in rows}
    basis = scores.value_basis(sheet.answers, sheet.filters).first()
    has_value = any(row["clv"] is not None for row in rows)
    champion = _champion(sheet)
    return Churn(
        tuple(found[at]["customers"] if at in found else 0 for at in range(_TENTHS)),
        tuple(float(found[at]["clv"] or 0) if at in found else 0.0 for at in range(_TENTHS)) if has_value else None,
        str(basis["clv_basis"] or "value"),
        basis["months"] or None,
        (champion["tested_until"] - champion["tested_from"]).days if champion.get("tested_until") else None,
        _calibration(sheet, champion),
        str(champion.get("candidate", "")).replace("_", " "),
    )


def _champion(sheet: Sheet) -> Mapping[str, Any]:
    """A row of the scores of the model in use; empty where there is none."""
    if not sheet.answers.has("gold.model_scores"):
        return {}
    rows = scores.scores(sheet.answers, sheet.filters).table.to_pylist()
    return next((row for row in rows if row["problem"] == "churn" and row["candidate_role"] == "champion"), {})


def _calibration(sheet: Sheet, champion: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    if not champion or not sheet.answers.has("gold.model_curves"):
        return ()
    rows = scores.curve(sheet.answers, sheet.filters, "churn", "calibration").table.to_pylist()
    mine = [row for row in rows if row["candidate"] == champion["candidate"]]
    return tuple((row["x"], row["y"]) for row in mine if row["x"] is not None and row["y"] is not None)


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: Churn) -> Canvas:
    canvas = Canvas(sheet, _title(sheet, found), _under(sheet, found), _HEAD + _ROW * _TENTHS, _notes(found))
    wide = (BODY - _NAMES - _SQUARE - 20 - _BETWEEN * 2 - 30) / 2
    names = [f"{at * 10}–{at * 10 + 10} %" for at in reversed(range(_TENTHS))]
    canvas.panel_title(0, 0, "Risk", "")
    canvas.panel_title(_NAMES, 0, "Customers", "Blue: will rather stay away")
    counts = [sheet.formats.count(one) for one in found.customers]
    _bars(canvas, (_NAMES, wide), [float(one) for one in found.customers], counts, names)
    left = _NAMES + wide + _BETWEEN
    canvas.panel_title(left, 0, "What is expected of them", _basis(sheet, found))
    if found.values is None:
        canvas.text(left, _HEAD, "No lifetime value is published.")
    else:
        _bars(canvas, (left, wide), found.values, [sheet.money(one) for one in found.values], [""] * _TENTHS)
    _trust(canvas, found, BODY - _SQUARE - 20)
    return canvas


def _basis(sheet: Sheet, found: Churn) -> str:
    ahead = f", {found.months} months" if found.months else ""
    return f"{found.basis.capitalize()}{ahead}, {sheet.filters.currency}"


def _bars(
    canvas: Canvas, at: tuple[float, float], values: Sequence[float], texts: Sequence[str], names: Sequence[str]
) -> None:
    """From the greatest risk downwards; those more likely to stay away than not in the accent. `at`: left, width."""
    palette = canvas.sheet.palette
    axes = canvas.axes(at[0], _HEAD, at[1], _ROW * _TENTHS)
    colours = [palette.accent if tenth >= _LIKELY else palette.reference for tenth in range(_TENTHS)]
    bars(canvas, axes, values[::-1], texts[::-1], colours[::-1])
    name_rows(axes, canvas.sheet, names)


def _trust(canvas: Canvas, found: Churn, left: float) -> None:
    """What was said against what came true."""
    sheet = canvas.sheet
    canvas.panel_title(left, 0, "How far to trust it", "Came true, by risk said before")
    if not found.calibration:
        canvas.text(left, _HEAD, _NOT_TESTED)
        return
    axes = canvas.axes(left, _HEAD, _SQUARE, _SQUARE)
    axes.plot((0, 1), (0, 1), color=sheet.palette.reference, linewidth=1.2)
    said, came = [x for x, _ in found.calibration], [y for _, y in found.calibration]
    axes.plot(said, came, color=sheet.palette.accent, linewidth=1.2)
    axes.scatter(said, came, color=sheet.palette.accent, s=20, zorder=3)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    for along in ("x", "y"):
        ticks_of(axes, sheet, lambda share: sheet.formats.percent(share, 0), along=along, most=4)
    axes.grid(visible=True, axis="both")
    axes.set_xlabel("risk said", fontsize=points(NOTE))


def _title(sheet: Sheet, found: Churn) -> str:
    whole = sheet.counted(sum(found.customers), "customer")
    days = f" for {found.days} days" if found.days else ""
    said = f"{sheet.formats.count(found.likely)} of {whole} will more likely than not stay away{days}"
    if found.values is None:
        return said
    theirs, value = sum(found.values[_LIKELY:]), sum(found.values)
    return f"{said}; {sheet.money(theirs)} of {sheet.money(value)} expected {found.basis} is theirs"


def _under(sheet: Sheet, found: Churn) -> str:
    days = f"in the next {found.days} days" if found.days else "within the horizon of the model"
    return f"Chance that a customer places no completed order {days}"


def _notes(found: Churn) -> list[str]:
    if not found.calibration:
        return []
    return [
        f"Trust: {found.model}, on a test window after all that it learned from. On the grey line, what was said came"
        " true; below it, fewer stayed away than was said."
    ]


def _alt(sheet: Sheet, found: Churn) -> str:
    parts = []
    for at in reversed(range(_TENTHS)):
        if found.customers[at]:
            value = f", {sheet.money(found.values[at])}" if found.values is not None else ""
            parts.append(f"{at * 10}–{at * 10 + 10} % {sheet.counted(found.customers[at], 'customer')}{value}")
    return f"{_title(sheet, found)}. By risk: {'; '.join(parts)}."
