"""Gold: the star schema, and the marts that are worked out of it."""

from lakehouse.gold.steps import STEPS

__all__ = ["STEPS"]
