"""Churn of customers who are bound by no contract: who will not order within the horizon."""
