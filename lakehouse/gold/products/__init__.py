"""Marts of products: days, performance, return rates, and what is bought together."""
