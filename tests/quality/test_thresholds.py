"""Thresholds that cannot be meant are refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from quality.thresholds import History, MadeNothing, Quarantine, Stated

LEAST: dict[type, dict[str, Any]] = {
    Quarantine: {"max_share": 0, "max_share_of_a_file": 0, "min_rows": 0},
    History: {"max_fewer_rows": 0, "max_days_later": 0, "weeks": 2, "max_shift": 0.001, "min_lines": 1},
    Stated: {"max_share": 0, "rounding": 0, "rounding_of_a_unit": 0},
    MadeNothing: {"max_share": 0},
}
SHARES = [
    (Quarantine, "max_share"),
    (Quarantine, "max_share_of_a_file"),
    (History, "max_fewer_rows"),
    (Stated, "max_share"),
    (MadeNothing, "max_share"),
]


@pytest.mark.parametrize("section", LEAST)
def test_the_least_that_can_be_meant_is_taken(section: Any) -> None:
    found = section.model_validate(LEAST[section])
    assert {name: getattr(found, name) for name in LEAST[section]} == LEAST[section]


@pytest.mark.parametrize(("section", "name"), [(of, name) for of, values in LEAST.items() for name in values])
def test_what_is_less_is_refused(section: Any, name: str) -> None:
    less = 0 if name == "max_shift" else LEAST[section][name] - (1 if isinstance(LEAST[section][name], int) else 0.1)
    with pytest.raises(ValidationError, match=name):
        section.model_validate(LEAST[section] | {name: less})


@pytest.mark.parametrize(("section", "name"), SHARES)
def test_a_share_is_at_most_all(section: Any, name: str) -> None:
    section.model_validate(LEAST[section] | {name: 1})
    with pytest.raises(ValidationError, match=name):
        section.model_validate(LEAST[section] | {name: 1.01})
