"""Every check of every published table."""

from __future__ import annotations

from lakehouse.tables.registry import PUBLISHED
from quality.checks.business import Past, business_checks
from quality.checks.check import Check, declared_checks
from quality.thresholds import load_thresholds


def checks_by_table(past: Past) -> dict[str, list[Check]]:
    """Table -> everything that is measured of it, declared or of the business."""
    found = {table.name: declared_checks(table) for table in PUBLISHED}
    for check in business_checks(load_thresholds(), past):
        found[check.table.name].append(check)
    return found
