"""Which campaigns a shop runs: when, by which channel, to what effect, at what cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lakehouse.world.chance import Chance
from lakehouse.world.profile import Profile

_CHANNELS = ("email", "sms", "post", "push")
_THEMES = ("Autumn edit", "Early gifts", "Winter warmers", "New year", "Spring refresh", "Garden days", "Summer sale",
           "Back to work", "Members' week", "Cyber preview", "Festive picks", "January clearance")  # fmt: skip
WAVES = 2
"""A list is contacted over this many days."""


@dataclass(frozen=True)
class Campaign:
    """One campaign."""

    place: int
    name: str
    channel: str
    starts: int
    """Day of the first contact."""
    effect: float
    """Extra purchase rate of the contacted, as a share of their own."""
    spend: float

    @property
    def code(self) -> str:
        return f"CMP{self.place + 1:02d}"


def make_campaigns(profile: Profile, chance: Chance) -> tuple[Campaign, ...]:
    """Campaigns evenly over the span, so that each has its days within it."""
    plan, draw = profile.campaigns, chance.generator("campaigns")
    if not plan.number:
        return ()
    room = profile.days - plan.days - WAVES - 20
    starts = 15 + np.floor((np.arange(plan.number) + draw.uniform(0, 0.3, plan.number)) * room / plan.number)
    weights = draw.uniform(0.6, 1.4, plan.number)
    spends = np.round(plan.spend * weights / weights.sum(), 2)
    spends[-1] = round(plan.spend - float(spends[:-1].sum()), 2)
    return tuple(
        Campaign(
            place,
            _THEMES[place % len(_THEMES)],
            _CHANNELS[place % len(_CHANNELS)],
            int(starts[place]),
            plan.effects[place % len(plan.effects)],
            float(spends[place]),
        )
        for place in range(plan.number)
    )
