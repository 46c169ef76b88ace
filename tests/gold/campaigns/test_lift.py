"""What a campaign added, held against scipy, statsmodels, and draws whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from lakehouse.gold.campaigns.lift import Arm, Effect, adjusted_lift, arm, correlation, lift

Group = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def of(y: Group, x: Group) -> Arm:
    sums = {"y": y.sum(), "yy": (y * y).sum(), "x": x.sum(), "xx": (x * x).sum(), "xy": (x * y).sum()}
    return arm({name: float(value) for name, value in sums.items()}, len(y))


def drawn(seed: int, *, added: float = 0.0) -> tuple[Group, Group, Group, Group]:
    """Outcome and covariate of 900 contacted and 250 held-out customers: most buy nothing, some much."""
    draw = np.random.default_rng(seed)
    rates = draw.gamma(0.5, 1, 1150)
    before, after = draw.poisson(rates * 3) * 100.0, draw.poisson(rates * 0.4) * draw.gamma(2, 50, 1150)
    after[:900] += (draw.uniform(size=900) < 0.1) * added / 0.1
    return after[:900], before[:900], after[900:], before[900:]


def test_the_plain_lift_is_welchs_interval_times_the_contacted() -> None:
    y1, x1, y0, x0 = drawn(1)
    theirs = stats.ttest_ind(y1, y0, equal_var=False)
    interval = theirs.confidence_interval(0.95)
    found = lift(of(y1, x1), of(y0, x0))
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (900 * (y1.mean() - y0.mean()), 900 * interval.low, 900 * interval.high)
    )


def test_the_adjusted_lift_is_that_of_a_regression_in_which_both_groups_weigh_alike() -> None:
    y1, x1, y0, x0 = drawn(2)
    contacted = np.concatenate([np.ones(900), np.zeros(250)])
    design = np.column_stack([np.ones(1150), contacted, np.concatenate([x1, x0])])
    weights = np.where(contacted == 1, 900.0**-2, 250.0**-2)
    fitted = sm.WLS(np.concatenate([y1, y0]), design, weights).fit()
    slope = fitted.params[2]
    residuals = [(y1 - slope * x1).var(ddof=1) / 900, (y0 - slope * x0).var(ddof=1) / 250]
    found = adjusted_lift(of(y1, x1), of(y0, x0))
    assert found.estimate == pytest.approx(900 * fitted.params[1], rel=1e-3)
    assert found.standard_error == pytest.approx(900 * np.sqrt(sum(residuals)), rel=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_the_adjusted_interval_is_never_wider(seed: int) -> None:
    y1, x1, y0, x0 = drawn(seed)
    small = of(y1[:5], x1[:5]), of(y0[:4], x0[:4])
    for contacted, held_out in ((of(y1, x1), of(y0, x0)), small):
        plain, adjusted = lift(contacted, held_out), adjusted_lift(contacted, held_out)
        assert adjusted.high - adjusted.low <= plain.high - plain.low


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = [[], []]  # type: list[list[bool]]
    for seed in range(300):
        y1, x1, y0, x0 = drawn(seed, added=12.0)
        for found, which in ((lift, 0), (adjusted_lift, 1)):
            effect = found(of(y1, x1), of(y0, x0))
            held[which].append(effect.low <= 900 * 12 <= effect.high)
    assert all(0.92 <= np.mean(one) <= 0.98 for one in held)


def test_a_constant_covariate_changes_nothing() -> None:
    y1, x1, y0, x0 = drawn(3)
    arms = of(y1, 0 * x1 + 5), of(y0, 0 * x0 + 5)
    assert adjusted_lift(*arms) == lift(*arms)


def test_power_and_detectable_effect_agree() -> None:
    effect = Effect(10.0, 4.0, 2.0, 18.0)
    power = effect.power_at(effect.detectable)
    assert power == pytest.approx(0.80, abs=1e-4)
    assert effect.power_at(0.0) == pytest.approx(0.05)
    assert Effect(1.0, 0.0, 1.0, 1.0).power_at(1.0) is None


def test_correlation_has_fishers_interval() -> None:
    draw = np.random.default_rng(4)
    xs = draw.normal(size=12)
    ys = xs + draw.normal(size=12)
    theirs = stats.pearsonr(xs, ys)
    interval = theirs.confidence_interval(0.95)
    assert correlation(list(xs), list(ys)) == pytest.approx((theirs.statistic, interval.low, interval.high))


def test_three_campaigns_or_one_spend_make_no_correlation() -> None:
    assert correlation([1, 2, 3], [1, 2, 4]) is None
    assert correlation([5, 5, 5, 5], [1, 2, 4, 3]) is None
