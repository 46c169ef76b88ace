"""Marts of sales: order totals, days, countries, payments, and daily series taken apart."""
