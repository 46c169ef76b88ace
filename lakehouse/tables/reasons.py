"""What the reasons of the quarantine mean, for people. Those of business rules are said by the rules themselves."""

from __future__ import annotations

REASONS = {
    "missing": "The value is empty, and the row needs it.",
    "unparsable": "The value does not read as its type.",
    "excess_scale": "The number has more decimals than the lake keeps.",
    "too_large": "The amount is larger than the lake keeps.",
    "in_future": "The row tells of a day after the one that the lake is seen from; it comes in by itself.",
    "outside_calendar": "The day lies outside the calendar of conf/lakehouse.toml.",
    "ambiguous_version": "Another row of the same key and version says something else, and nothing orders the two.",
    "too_few_fields": "The row has fewer fields than the header.",
    "too_many_fields": "The row has more fields than the header.",
    "unreadable_row": "The row cannot be split into its fields.",
    "discarded": "A person decided that the row never comes in.",
}


def meaning(reason: str, of_rules: dict[str, str]) -> str:
    """One sentence on a reason; `of_rules` has those of the business rules of the row's feed, by code."""
    code = reason.split(":")[0]
    return REASONS.get(code) or of_rules.get(code) or "A rule of the business does not hold."
