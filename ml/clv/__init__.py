"""Lifetime value: how many orders customers will place, and what these will bring."""
