"""Oracles of churn mean what they say of customers who live by the shop's own story, told here by plain draws."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from lakehouse.world.clock import MONTH
from lakehouse.world.profile import Profile, load_profile
from ml.oracle.churn import ceilings, figures, quiet

CUSTOMERS, CUT_OFF, HORIZON = 3_000, 400, 90


@pytest.fixture(scope="module")
def profile() -> Profile:
    """A shop without growth or season: its clock runs by days."""
    shop = load_profile("stationary")
    season = shop.season.model_copy(update={"yearly_amplitude": 0.0, "weekly": (1.0,) * 7, "peaks": ()})
    return shop.model_copy(
        update={
            "season": season,
            "purchase": shop.purchase.model_copy(update={"growth": 0.0, "drop_a": 1.0, "drop_b": 3.0}),
        }
    )


@pytest.fixture(scope="module")
def lives(profile: Profile) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Completed orders, hidden truth, and segments by hidden worth."""
    random = np.random.default_rng(4)
    purchase, share = profile.purchase, profile.spend.completed
    orders, truth, segments = [], [], {}
    for number in range(CUSTOMERS):
        name = f"C{number}"
        rate = random.gamma(purchase.rate_shape, 1 / purchase.rate_months) / MONTH
        drop, day, left = random.beta(purchase.drop_a, purchase.drop_b), random.uniform(0, 300), None
        times = [day]
        while left is None and (day := day + random.exponential(1 / rate)) < CUT_OFF + HORIZON:
            times.append(day)
            left = day if random.random() < drop else None
        orders += [(name, time) for time in times if random.random() < share]
        truth.append((name, rate * MONTH, drop, left))
        shape = profile.spend.level_cv**-2
        worth = rate * 30.4 * random.gamma(shape, 1 / shape) * random.uniform(0.6, 1.4)
        segments[name] = "VIP" if worth > 0.30 else "Regular" if worth > 0.07 else "Occasional"
    known = pd.DataFrame(orders, columns=["customer_id", "day"])
    known["order_date"] = [profile.start + timedelta(days=int(day)) for day in known["day"]]
    hidden = pd.DataFrame(truth, columns=["customer_id", "orders_a_month", "drop_out_probability", "left"])
    hidden["dropped_out_at"] = pd.Timestamp(profile.start, tz="UTC") + pd.to_timedelta(hidden["left"], unit="D")
    return known, hidden, segments


@pytest.fixture(scope="module")
def found(profile: Profile, lives: tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]) -> pd.DataFrame:
    orders, truth, segments = lives
    return ceilings(
        orders, truth, profile, cut_off=_day(profile), horizon_days=HORIZON, look_back_days=365, segments=segments
    )


def _day(profile: Profile) -> date:
    return profile.start + timedelta(days=CUT_OFF)


@pytest.mark.parametrize("oracle", ["informed", "classed", "all_seeing"])
def test_oracles_are_calibrated(found: pd.DataFrame, oracle: str) -> None:
    error = 3 * 0.5 / np.sqrt(len(found) / 5)
    for _, part in found.groupby(pd.qcut(found[oracle].rank(method="first"), 5), observed=True):
        assert part[oracle].mean() == pytest.approx(part["churned"].mean(), abs=error)


def test_who_knows_more_foretells_better(found: pd.DataFrame) -> None:
    made = figures(found)
    for measure, better in (("roc_auc", 1), ("pr_auc", 1), ("brier", -1)):
        values = [better * made[name][measure] for name in ("majority", "informed", "classed", "all_seeing")]
        assert values == sorted(values)
    assert made["all_seeing"]["roc_auc"] > made["informed"]["roc_auc"] + 0.05


def test_nothing_after_the_cut_off_tells_an_oracle_anything(
    profile: Profile, lives: tuple[pd.DataFrame, pd.DataFrame, dict[str, str]], found: pd.DataFrame
) -> None:
    orders, truth, segments = lives
    before = orders[pd.to_datetime(orders["order_date"]) < pd.Timestamp(_day(profile))]
    later = truth.assign(dropped_out_at=truth["dropped_out_at"].where(truth["left"] < CUT_OFF))
    spans = {"cut_off": _day(profile), "horizon_days": HORIZON, "look_back_days": 365}
    blind = ceilings(before, later, profile, segments=segments, **spans)
    names = ["customer_id", "informed", "classed", "all_seeing"]
    pd.testing.assert_frame_equal(blind[names], found[names])
    assert blind["churned"].eq(1).all()


def test_without_segments_there_is_no_oracle_that_knows_them(
    profile: Profile, lives: tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]
) -> None:
    orders, truth, _ = lives
    spans = {"cut_off": _day(profile), "horizon_days": HORIZON, "look_back_days": 30}
    few = ceilings(orders, truth, profile, **spans)
    assert "classed" not in few
    assert "classed" not in figures(few)
    days = pd.to_datetime(orders["order_date"])
    lately = days.between(
        pd.Timestamp(_day(profile)) - pd.Timedelta(days=30), pd.Timestamp(_day(profile)), inclusive="left"
    )
    assert set(few["customer_id"]) == set(orders.loc[lately, "customer_id"])


def test_a_time_is_quiet_as_often_as_draws_say() -> None:
    random, rate, drop, share, time = np.random.default_rng(2), 0.05, 0.4, 0.7, 30.0
    quiet_lives = 0
    for _ in range(4_000):
        day, is_quiet, there = 0.0, True, True
        while there and is_quiet and (day := day + random.exponential(1 / rate)) < time:
            is_quiet = random.random() >= share
            there = random.random() >= drop
        quiet_lives += is_quiet
    assert float(quiet(np.array(rate), np.array(drop), share, time)) == pytest.approx(quiet_lives / 4_000, abs=0.025)
