"""Demand by week: for each product, each category and all, with intervals that add up."""
