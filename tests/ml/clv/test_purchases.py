import numpy as np
import pytest
from scipy import integrate, special

from ml.clv.maximum_likelihood import NotConverged
from ml.clv.purchases import PURCHASE_MODELS, Histories, PurchaseModel, PurchaseModelName, bootstrap, fit
from tests.ml.clv.simulated import customers

WITH_LEAVING: tuple[PurchaseModelName, ...] = ("bg_nbd", "mbg_nbd")
PLANTED = {name: PurchaseModel(name, 0.8, 6.0, 0.7, 3.0) for name in WITH_LEAVING} | {
    "nbd": PurchaseModel("nbd", 0.8, 6.0)
}
ONE = np.ones(1)


def by_day(single: Histories) -> Histories:
    """Whole days, and one element for customers who are alike."""
    days = np.stack([single.frequency, np.floor(single.recency), np.ceil(single.observed)])
    groups, count = np.unique(days, axis=1, return_counts=True)
    return Histories(*groups, count.astype(float))


def expected_by_integral(model: PurchaseModel, x: float, observed: float, ahead: float) -> float:
    """Expected purchases of one who is alive at T, from the story: rate and drop-out are integrated out by number."""
    later = model.leaves_at_once

    def of_both(p: float, rate: float) -> float:
        weight = rate ** (model.r + x - 1) * np.exp(-rate * (model.alpha + observed))
        weight *= p ** (model.a - 1) * (1 - p) ** (model.b + x + later - 1)
        return weight * -np.expm1(-rate * p * ahead) / p

    found, _ = integrate.dblquad(of_both, 0, np.inf, 0, 1, epsrel=1e-7)
    shape = model.r + x
    return found / (
        special.gamma(shape) / (model.alpha + observed) ** shape * special.beta(model.a, model.b + x + later)
    )


@pytest.mark.parametrize("name", WITH_LEAVING)
@pytest.mark.parametrize(("a", "b"), [(0.7, 3.0), (1.0, 2.4), (1.8, 2.4), (0.3, 0.7)])
def test_expected_purchases_are_the_integral_over_rate_and_drop_out(name, a, b):
    model = PurchaseModel(name, 0.8, 6.0, a, b)
    for x, observed, ahead in ((0.0, 12.0, 9.0), (3.0, 20.0, 40.0)):
        got = model.expected_if_alive(ONE * x, ONE * observed, ahead)[0]
        assert got == pytest.approx(expected_by_integral(model, x, observed, ahead), rel=2e-5)


@pytest.mark.parametrize("name", WITH_LEAVING)
def test_expected_purchases_of_very_busy_customers_stay_finite_and_grow_with_the_time_ahead(name):
    model = PurchaseModel(name, 0.8, 6.0, 0.7, 300.0)
    ahead = np.array([0.0, 1.0, 100.0, 10_000.0, 1_000_000.0])
    got = model.expected_purchases(ONE * 3_000, ONE * 499, ONE * 500, ahead)
    assert np.all(np.isfinite(got))
    assert np.all(np.diff(got) > 0)
    assert got[0] == pytest.approx(0, abs=1e-9)
    # Within one unit of time hardly anybody leaves: the rate itself.
    assert got[1] == pytest.approx(3_000.8 / 506 * model.p_alive(ONE * 3_000, ONE * 499, ONE * 500)[0], rel=0.01)


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_predictions_agree_with_simulated_customers(name):
    model = PLANTED[name]
    drawn = customers(model, 10_000, observed=40.0, ahead=30.0, seed=3)
    x, last, end = drawn.history.frequency, drawn.history.recency, drawn.history.observed
    for seen, said in (
        (drawn.later, model.expected_purchases(x, last, end, 30.0)),
        (drawn.alive, model.p_alive(x, last, end)),
        (drawn.later == 0, model.p_no_purchase(x, last, end, 30.0)),
    ):
        for some in (x == 0, x == 1, (x > 1) & (last < end / 2), (x > 1) & (last >= end / 2), x > 8):
            error = np.std(seen[some] - said[some]) / np.sqrt(some.sum())
            assert abs(np.mean(seen[some]) - np.mean(said[some])) < 4 * error + 1e-12


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_planted_parameters_are_recovered(name):
    found = fit(name, customers(PLANTED[name], 8_000, observed=60.0, ahead=0.0, seed=5).history)
    for place, one in enumerate(found.names):
        error = np.sqrt(found.covariance[place, place])
        assert abs(np.log(found[one] / getattr(PLANTED[name], one))) < 3 * error
        assert error < 0.35
        low, high = found.interval(one)
        assert (low, high) == pytest.approx(
            (found[one] * np.exp(-1.96 * error), found[one] * np.exp(1.96 * error)), rel=1e-4
        )


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_grouped_customers_have_the_likelihood_of_single_ones(name):
    whole = customers(PLANTED[name], 3_000, observed=40.0, ahead=0.0, seed=7).history
    days = np.stack([whole.frequency, np.floor(whole.recency), np.ceil(whole.observed)])
    single, grouped = Histories(*days, np.ones(days.shape[1])), by_day(whole)
    assert len(grouped.count) < 0.6 * len(single.count)
    one, other = fit(name, single), fit(name, grouped)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
    assert one.values == pytest.approx(other.values, rel=1e-4)
    assert one.customers == other.customers == 3_000
    assert np.allclose(one.covariance, other.covariance, rtol=1e-3)


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_the_unit_of_time_scales_alpha_alone(name):
    weeks = customers(PLANTED[name], 3_000, observed=40.0, ahead=0.0, seed=7).history
    days = Histories(weeks.frequency, weeks.recency * 7, weeks.observed * 7, weeks.count)
    one, other = fit(name, weeks), fit(name, days)
    for parameter in one.names:
        scale = 7 if parameter == "alpha" else 1
        assert other[parameter] == pytest.approx(one[parameter] * scale, rel=1e-3)
    # The likelihood that the fit names is that of the parameters in the unit of the data.
    assert PurchaseModel.of(name, other).log_likelihood(days) == pytest.approx(other.log_likelihood, rel=1e-9)


def test_intervals_are_as_wide_as_those_of_a_bootstrap():
    history = by_day(customers(PLANTED["bg_nbd"], 3_000, observed=40.0, ahead=0.0, seed=11).history)
    found = fit("bg_nbd", history)
    drawn = bootstrap("bg_nbd", history, draws=60, seed=1)
    errors = np.sqrt(np.diag(found.covariance))
    assert np.std(np.log(drawn), axis=0) == pytest.approx(errors, rel=0.3)


def test_customers_who_never_leave_are_told_from_those_who_do():
    history = customers(PLANTED["nbd"], 5_000, observed=60.0, ahead=0.0, seed=2).history
    with pytest.raises(NotConverged, match=r"a runs to 0|b runs to infinity"):
        fit("bg_nbd", history)
    stays = PurchaseModel.of("nbd", fit("nbd", history))
    assert np.all(stays.p_alive(history.frequency, history.recency, history.observed) == 1)
    rate = (stays.r + 3) / (stays.alpha + 20)
    assert stays.expected_purchases(ONE * 3, ONE, ONE * 20, 7.0)[0] == pytest.approx(rate * 7)


def test_customers_who_determine_nothing_end_in_a_sentence():
    nobody_again = Histories(np.zeros(5), np.zeros(5), np.arange(1.0, 6.0), np.full(5, 100.0))
    with pytest.raises(NotConverged, match=r"bg_nbd of 500 customers: .+"):
        fit("bg_nbd", nobody_again)
