"""The reference that drift is measured against says how each feature was spread."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ml.churn.inputs import ATTRIBUTES, NUMBERS, SEASON
from ml.churn.reference import reference
from tests.ml.churn.rows import feature_rows

ROWS = feature_rows(500)
KEPT = json.loads(reference(ROWS))


def test_shares_and_what_is_missing_make_a_whole() -> None:
    assert set(KEPT["numbers"]) == {*NUMBERS} - {*SEASON}
    assert set(KEPT["attributes"]) == {*ATTRIBUTES}
    for one in KEPT["numbers"].values():
        assert len(one["shares"]) == len(one["edges"]) + 1
        assert sum(one["shares"]) + one["missing"] == pytest.approx(1, abs=1e-4)
    for one in KEPT["attributes"].values():
        assert sum(one["shares"].values()) + one["missing"] == pytest.approx(1, abs=1e-4)


def test_bins_hold_equal_shares_of_what_is_spread_evenly() -> None:
    assert KEPT["numbers"]["tenure_days"]["shares"] == pytest.approx([0.1] * 10, abs=0.01)
    assert KEPT["numbers"]["sd_gap_days"]["missing"] == pytest.approx(np.isnan(ROWS["sd_gap_days"]).mean(), abs=1e-5)


def test_a_value_on_an_edge_belongs_to_the_bin_after_it() -> None:
    rows = feature_rows(10, 1).assign(contacts_90d=[0.0] * 5 + [1.0] * 5)
    one = json.loads(reference(rows))["numbers"]["contacts_90d"]
    assert one == {"edges": [0.0, 0.5, 1.0], "shares": [0.0, 0.5, 0.0, 0.5], "missing": 0.0}


def test_a_feature_that_is_never_known_is_all_missing() -> None:
    one = json.loads(reference(ROWS.assign(discount_share=np.nan)))["numbers"]["discount_share"]
    assert one == {"edges": [], "shares": [0.0], "missing": 1.0}
