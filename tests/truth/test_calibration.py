"""Each figure of the shop is held against its target, and one that is out makes the command fail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.settings import ConfigurationError, conf_dir, read_toml
from lakehouse.truth import calibration
from lakehouse.truth.calibration import FROM_TRUTH, Figure, Made, figures, verdicts
from lakehouse.world.generate import MARK

SEED = Made("seed", 42, 1.0, clean=False, own_seed=True)


@pytest.fixture
def met() -> dict[str, Figure]:
    """A shop that meets every target to the last digit."""
    values, _ = read_toml(conf_dir() / "world" / "targets.toml")
    return {name: one["target"] for name, one in values["seed"].items()}


def out(found: Mapping[str, Figure], shop: Made = SEED) -> list[str]:
    return [one.title for one in verdicts(found, shop) if not one.holds]


def test_a_shop_that_meets_its_targets_holds(met: dict[str, Figure]) -> None:
    assert out(met) == []
    assert len(verdicts(met, SEED)) == 19


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("customers", 50_001, False),
        ("lines", 45_958 * 1.009, True),
        ("lines", 45_958 * 0.989, False),
        ("completed_share", 0.910, True),
        ("completed_share", 0.912, False),
        ("retention_1", 0.102 - 0.016, False),
        ("naive_revenue", 7_450_000 * 1.09, True),
        ("naive_revenue", 7_450_000 * 1.11, False),
        ("span", "2022-10 to 2024-02", False),
        ("retention_6", None, False),
    ],
)
def test_a_figure_beyond_its_tolerance_is_out(met: dict[str, Figure], name: str, value: Figure, holds: bool) -> None:
    assert (out({**met, name: value}) == []) == holds


def test_on_another_seed_order_lines_may_scatter_more(met: dict[str, Figure]) -> None:
    other = replace(SEED, seed=7, own_seed=False)
    assert out({**met, "lines": 45_958 * 1.025}, other) == []
    assert out({**met, "lines": 45_958 * 1.031}, other) == ["order lines"]
    assert out({**met, "buyers": 12_291 * 1.031}, other) == ["customers who bought"]


def test_counts_and_values_grow_with_the_scale_but_no_share_does(met: dict[str, Figure]) -> None:
    tenfold = {"customers", "lines", "gross_all", "gross_completed", "buyers", "returns", "naive_revenue"}
    grown = {name: value * 10 if name in tenfold else value for name, value in met.items()}  # type: ignore[operator]
    assert out(grown, replace(SEED, scale=10.0)) == []


def test_a_clean_shop_is_not_judged_by_its_missing_values(met: dict[str, Figure]) -> None:
    assert out({**met, "missing": 0.0}, replace(SEED, clean=True)) == []
    assert out({**met, "missing": 0.0}) == ["missing values over the nullable attributes"]


def test_a_profile_without_targets_says_so(met: dict[str, Figure]) -> None:
    with pytest.raises(ConfigurationError, match="profile tiny has no targets"):
        verdicts(met, replace(SEED, profile="tiny"))


@pytest.mark.parametrize(("buyers", "code"), [(12_291, 0), (11_000, 1)])
def test_the_command_fails_where_a_figure_is_out(
    met: dict[str, Figure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buyers: int, code: int
) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "truth").mkdir()
    identity = {"profile": "seed", "seed": 42, "scale": 1.0, "clean": False, "own_seed": True}
    (tmp_path / "truth" / MARK).write_text(json.dumps(identity))
    monkeypatch.setattr(calibration, "figures_of_truth", lambda _: {**met, "buyers": buyers})
    done = CliRunner().invoke(app, ["truth", "calibration", "--landing", str(tmp_path / "landing")])
    assert done.exit_code == code
    assert ("out" in done.stdout) == bool(code)


# Four buyers. Ada orders in January, February and July, touched before the first two; Bo in January, held out;
# Cy has one order completed and one not; Di comes in August, too late for a month 6 to be observed.
LINES = """
SELECT order_id, customer_id, ordered_at::TIMESTAMP AS ordered_at, ordered_at::DATE AS order_date,
    order_status, gross::DECIMAL(12, 2) AS gross
FROM (VALUES
    ('a1', 'ada', '2023-01-05 10:00', 'completed', 10), ('a1', 'ada', '2023-01-05 10:00', 'completed', 5),
    ('a2', 'ada', '2023-02-01 10:00', 'completed', 20), ('a3', 'ada', '2023-07-31 10:00', 'completed', 40),
    ('b1', 'bo', '2023-01-09 10:00', 'completed', 7), ('c1', 'cy', '2023-01-20 10:00', 'completed', 1),
    ('c2', 'cy', '2023-02-20 10:00', 'cancelled', 100), ('d1', 'di', '2023-08-31 10:00', 'completed', 3)
) AS v(order_id, customer_id, ordered_at, order_status, gross)
"""
TOUCHES = """
SELECT customer_id, touched_at::TIMESTAMP AS touched_at, is_holdout FROM (VALUES
    ('ada', '2023-01-04 06:00', false), ('ada', '2023-01-05 06:00', false), ('bo', '2023-01-08 06:00', true),
    ('cy', '2022-12-21 09:59', false), ('di', '2023-08-31 10:00', false)
) AS v(customer_id, touched_at, is_holdout)
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Figure]:
    relations = {**dict.fromkeys(FROM_TRUTH, "SELECT 1"), "lines": LINES, "touches": TOUCHES}
    with duckdb.connect() as connection:
        return figures(lambda sql: connection.sql(sql).fetchall()[0], relations)


def test_value_is_gross_and_buyers_have_a_completed_order(found: dict[str, Figure]) -> None:
    assert (found["lines"], found["gross_all"], found["gross_completed"]) == (8, 186.0, 86.0)
    assert (found["completed_share"], found["buyers"], found["span"]) == (7 / 8, 4, "2023-01 to 2023-08")


def test_retention_is_a_mean_over_cohorts_whose_month_six_is_observed(found: dict[str, Figure]) -> None:
    assert found["retention_1"] == pytest.approx(1 / 3)
    assert found["retention_6"] == pytest.approx(1 / 3)


def test_an_order_counts_once_for_campaigns_and_held_out_customers_never(found: dict[str, Figure]) -> None:
    # Ada's first two orders and Di's, in the minute of the contact; Cy's contact is thirty days and a minute old.
    assert found["naive_revenue"] == 15 + 20 + 3
