"""The steps of gold that models alone need."""

from __future__ import annotations

from lakehouse.step import Step
from ml.features.step import STEP

STEPS: tuple[Step, ...] = (STEP,)
