"""The rows of gold.campaign_roi, from sums. Plain Python: there are as many as campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lakehouse.gold.campaigns import lift
from lakehouse.gold.campaigns.arms import COVARIATE, OUTCOMES
from lakehouse.settings.marts import Analytics
from lakehouse.tables.gold.campaigns import MODELS

HELD_OUT, NO_GROUP = "held-out group", "attributed, not causal"
TOO_FEW, OPEN = "attributed, not causal: too few held out", "attributed, not causal: windows are open"
Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
Key = tuple[str, str, str]
NO_CAMPAIGN = "(none)"
"""The row of orders that no campaign is credited with."""
CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Evidence:
    """All that is known of campaigns, as rows of the frames that campaign_roi collects."""

    campaigns: Rows
    spend: Rows
    attributed: Rows
    sizes: Rows
    sums: Rows
    orders: Rows
    effects: Mapping[str, Mapping[str, float]]


def campaign_rows(found: Evidence, rules: Analytics) -> list[Row]:
    """One row for each campaign and currency, and one for the orders of no campaign where a source has campaigns."""
    spend = {_key(row): row["spend"] for row in found.spend}
    credited = {_key(row): row for row in found.attributed}
    sums = {(*_key(row), row["is_holdout"]): row for row in found.sums}
    sizes = {
        (row["source_system"], row["campaign_id"], row["is_holdout"], row["is_over"]): row["customers"]
        for row in found.sizes
    }
    about = {(row["source_system"], row["campaign_id"]): row for row in found.campaigns}
    keys = {*spend, *credited, *(key[:3] for key in sums)}
    has_currency = {key[:2] for key in keys}
    # A campaign of which no money is known stands in its own currency, or in that of its source's orders.
    own = {row["source_system"]: row["currency"] for row in found.orders}
    for (source, campaign), one in about.items():
        if (source, campaign) not in has_currency:
            keys.add((source, campaign, one["currency"] or own.get(source, "XXX")))
    rows = []
    for key in sorted(keys):
        source, campaign, currency = key
        groups = {held: sizes.get((source, campaign, held, True), 0) for held in (False, True)}
        row: Row = {"source_system": source, "campaign_id": campaign, "currency": currency}
        row |= {name: about.get(key[:2], {}).get(name) for name in _ABOUT}
        row |= _counts(key, groups, sizes) | {"spend": spend.get(key, Decimal(0))}
        row |= _credited(credited.get(key, {}), row["spend"], rules.attribution.default_model)
        row["removal_effect"] = found.effects.get(source, {}).get(campaign)
        arms = {held: sums.get((*key, held), {}) for held in (False, True)}
        row |= _naive(arms[False], row["spend"]) | _caused(row, arms, rules.lift.least_held_out)
        rows.append(row)
    return [*_with_correlation(rows), *_of_no_campaign(rows, found, rules.attribution.default_model)]


_ABOUT = ("campaign_name", "campaign_channel", "started_on", "ended_on")


def _key(row: Mapping[str, Any]) -> Key:
    return row["source_system"], row["campaign_id"], row["currency"]


def _counts(key: Key, groups: Mapping[bool, int], sizes: Mapping[tuple[str, str, bool, bool], int]) -> Row:
    waiting = sum(sizes.get((key[0], key[1], held, False), 0) for held in (False, True))
    return {"contacted": groups[False], "held_out": groups[True], "open_windows": waiting}


def money(value: float) -> Decimal:
    """An estimate, to four places."""
    return Decimal(value).quantize(CENT)


def _money(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(CENT)


def _ratio(amount: Decimal | float | None, spend: Decimal) -> float | None:
    """amount / spend; NULL for no spend, never infinity."""
    return None if amount is None or spend <= 0 else float(amount) / float(spend)


def _less_one(ratio: float | None) -> float | None:
    return None if ratio is None else ratio - 1


def _credited(row: Mapping[str, Any], spend: Decimal, model: str) -> Row:
    names = ("attributed_revenue", *(f"{name}_revenue" for name in MODELS))
    money = {name: _money(row.get(name) or Decimal(0)) for name in names}
    orders, margin = row.get("attributed_orders") or Decimal(0), _money(row.get("attributed_margin"))
    if not orders:
        margin = Decimal(0)
    return money | {
        "attribution_model": model,
        "attributed_orders": float(orders),
        "attributed_margin": margin,
        "held_back_orders": round(row.get("held_back_orders") or 0),
        "roas": _ratio(money["attributed_revenue"], spend),
        "roi": _less_one(_ratio(margin, spend)),
    }


def _naive(contacted: Mapping[str, Any], spend: Decimal) -> Row:
    revenue = _money(contacted.get("revenue") or Decimal(0))
    return {
        "naive_orders": int(contacted.get("orders") or 0),
        "naive_revenue": revenue,
        "naive_roi": _less_one(_ratio(revenue, spend)),
    }


def _caused(row: Row, sums: Mapping[bool, Mapping[str, Any]], least: int) -> Row:
    """What the held-out group says; without one, why nothing is said."""
    held_out, contacted = row["held_out"], row["contacted"]
    if not held_out:
        return {"causal_basis": OPEN if row["open_windows"] else NO_GROUP}
    if held_out < least or contacted < 2:
        return {"causal_basis": TOO_FEW}
    found: Row = {"causal_basis": HELD_OUT}
    # A group that bought at costs that nobody knows has a margin that nobody knows; one that bought nothing has none.
    knows_margin = any(one.get("costed") for one in sums.values()) and all(
        one.get("costed") or not one.get("orders") for one in sums.values()
    )
    for name in OUTCOMES:
        if name == "margin" and not knows_margin:
            continue
        arms = [_arm(sums[held], name, row["held_out" if held else "contacted"]) for held in (False, True)]
        effects = {"incremental": lift.lift(*arms), "adjusted": lift.adjusted_lift(*arms)}
        for how, effect in effects.items():
            found |= _bounds(f"{how}_{name}", effect)
            if name == "margin" and row["spend"] > 0:
                spend = float(row["spend"])
                found |= _bounds(f"{how}_roi", effect.minus(spend).over(spend))
        tight = effects["adjusted"]
        if name == "revenue":
            found |= {"standard_error_revenue": tight.standard_error, "detectable_revenue": tight.detectable}
        if name == "margin":
            found["detectable_margin"] = tight.detectable
            found["power_at_break_even"] = tight.power_at(float(row["spend"])) if row["spend"] > 0 else None
    return found


def _bounds(name: str, effect: lift.Effect) -> Row:
    return {name: effect.estimate, f"{name}_low": effect.low, f"{name}_high": effect.high}


def _arm(sums: Mapping[str, Any], outcome: str, size: int) -> lift.Arm:
    names = {
        "y": outcome, "yy": f"{outcome}_2", "x": COVARIATE, "xx": f"{COVARIATE}_2", "xy": f"{outcome}_x",
    }  # fmt: skip
    return lift.arm({key: sums.get(name) or 0 for key, name in names.items()}, size)


def _with_correlation(rows: list[Row]) -> list[Row]:
    """Adds the correlation of spend and attributed revenue over the campaigns of a source, which its rows share."""
    for group in {(row["source_system"], row["currency"]) for row in rows}:
        mine = [row for row in rows if (row["source_system"], row["currency"]) == group]
        pairs = [(float(row["spend"]), float(row["attributed_revenue"])) for row in mine if row["spend"] > 0]
        found = lift.correlation([one for one, _ in pairs], [other for _, other in pairs])
        for row in mine if found else ():
            row |= dict(
                zip(("spend_correlation", "spend_correlation_low", "spend_correlation_high"), found or (), strict=True)
            )
    return rows


def _of_no_campaign(rows: Rows, found: Evidence, model: str) -> list[Row]:
    """The orders that no campaign is credited with, nor waits for: what is left of all."""
    made = []
    for whole in found.orders:
        group = (whole["source_system"], whole["currency"])
        if group[0] not in {row["source_system"] for row in rows}:
            continue
        mine = [row for row in found.attributed if (row["source_system"], row["currency"]) == group]

        def left(total: Decimal | int | None, *names: str, mine: Rows = mine) -> Decimal:
            taken = sum((row[name] or Decimal(0) for row in mine for name in names), Decimal(0))
            return (Decimal(total or 0) - taken).quantize(CENT)

        revenue = left(whole["revenue"], "last_touch_revenue", "held_back_revenue")
        orders = left(whole["orders"], "attributed_orders", "held_back_orders")
        margin = left(whole["margin"], "attributed_margin", "held_back_margin")
        knows_margin = not orders or left(whole["costed"], "attributed_costed", "held_back_costed")
        made.append(
            {
                "source_system": group[0], "campaign_id": NO_CAMPAIGN, "currency": group[1], "spend": Decimal(0),
                "contacted": 0, "held_out": 0, "open_windows": 0, "held_back_orders": 0, "attribution_model": model,
                "attributed_orders": float(orders), "attributed_revenue": revenue,
                "attributed_margin": margin if knows_margin else None,
                **{f"{name}_revenue": revenue for name in MODELS},
                "naive_orders": 0, "naive_revenue": Decimal(0), "causal_basis": NO_GROUP,
            }
        )  # fmt: skip
    return made
