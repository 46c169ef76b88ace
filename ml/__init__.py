"""Models of a shop: churn, lifetime value, demand. Trained on gold, tracked in MLflow, scored back into gold."""
