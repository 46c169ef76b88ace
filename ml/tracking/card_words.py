"""What a model card says of a problem and of a measure, whatever was trained."""

from __future__ import annotations

from collections.abc import Mapping

from ml.training import Problem

PREDICTS: Mapping[Problem, str] = {
    "churn": "The probability that a customer who has ordered within the look-back places no completed order within "
    "the horizon after a given day. There is no contract that could end: churn is silence, by definition.",
    "clv": "How many orders each customer will place within the horizon, and what margin these will bring, discounted.",
    "demand": "Units and net revenue by week of each product, category and in total. Forecasts add up across levels; "
    "the bounds of their 80 and 95 % intervals do not, for errors cancel out.",
}
INTENDED: Mapping[Problem, str] = {
    "churn": "Choosing whom to write to, and how many will leave. Not for decisions that deny a person anything, and "
    "not as a cause: a feature that moves the prediction need not move the customer.",
    "clv": "Choosing how much a customer may cost, and what a cohort is worth. A single customer's value is uncertain; "
    "sums over many are not. Not for prices or terms of a single person.",
    "demand": "Ordering stock and planning sales for the weeks ahead. Not for what a price change or a campaign that "
    "was never tried would bring.",
}
PERSONAL: Mapping[Problem, str] = {
    "churn": "Features are counts, sums and days of a customer's orders, keyed by a surrogate key; no name, address or "
    "e-mail goes into the model. The example rows hold no key. Predictions are personal data wherever they are joined "
    "to a customer.",
    "clv": "Frequency, recency, age and mean margin by customer, keyed by a surrogate key; the fitted parameters "
    "describe all customers together. Predictions are personal data wherever they are joined to a customer.",
    "demand": "None: sales are summed by product and week before the model sees them.",
}
MEASURES: Mapping[str, str] = {
    "roc_auc": "how often who churned was given the higher probability than who did not; 0.5 is chance",
    "pr_auc": "mean precision over recall of those who churned; chance is their share",
    "accuracy": "share of customers that a cut at 0.5 puts on the right side",
    "brier": "mean squared error of the probability",
    "log_loss": "mean negative logarithm of the probability of what came",
    "top_decile_lift": "share who churned in the tenth with the highest probability, over the share of all",
    "rmse": "root of the mean squared error of a customer, in the unit that is predicted",
    "mae": "mean absolute error of a customer, in the unit that is predicted",
    "total_error": "sum of predictions over the sum of what came, less 1",
    "correlation": "Pearson's, of what was predicted and what came",
    "top_decile_share": "share of what came that came from the tenth of whom most was expected",
    "wape": "sum of absolute errors over the sum of what was sold",
    "bias": "sum of forecasts over the sum of what was sold, less 1",
    "mape": "mean absolute error as a share of each week's sales",
    "mase": "mean absolute error over that of seasonal naive within the past",
    "coverage_80": "share of weeks within the 80 % interval",
    "coverage_95": "share of weeks within the 95 % interval",
}
