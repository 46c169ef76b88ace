"""Expressions and values as Spark has them, worked out without it: for the few rows that somebody looks at."""
