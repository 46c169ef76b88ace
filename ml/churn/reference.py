"""How features were spread when a model was trained: what drift is measured against."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from ml.churn.inputs import ATTRIBUTES, NUMBERS, SEASON

FILE = "reference.json"
_BINS = 10
_DIGITS = 6


def reference(rows: pd.DataFrame) -> bytes:
    """JSON: of each number its inner edges (deciles; x belongs to the bin after the last edge <= x) and the share of
    each bin, of each attribute the share of each value; `missing`, the share of the rows where it is not known.

    The shares of a feature and `missing` add up to 1. The season is left out: it moves by itself.
    """
    numbers = {name: _of_number(rows[name].to_numpy(dtype="float64")) for name in NUMBERS if name not in SEASON}
    attributes = {name: _of_attribute(rows[name]) for name in ATTRIBUTES}
    kept = {"rows": len(rows), "numbers": numbers, "attributes": attributes}
    return json.dumps(kept, indent=1, sort_keys=True).encode()


def _of_number(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS)) if len(known) else np.zeros(0)
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    shares = [round(float(share), _DIGITS) for share in counts / max(len(values), 1)]
    return {"edges": [float(edge) for edge in edges], "shares": shares, "missing": _missing(len(known), len(values))}


def _of_attribute(values: pd.Series[Any]) -> dict[str, Any]:
    shares = values.value_counts() / max(len(values), 1)
    kept = {str(value): round(float(share), _DIGITS) for value, share in shares.items()}
    return {"shares": kept, "missing": _missing(int(values.notna().sum()), len(values))}


def _missing(known: int, rows: int) -> float:
    return round(1 - known / max(rows, 1), _DIGITS)
