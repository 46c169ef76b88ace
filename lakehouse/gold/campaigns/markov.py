"""Markov attribution: how many conversions would be lost without a campaign.

Paths are taken as walks of an absorbing chain: start, campaigns, then an order or nothing. The removal effect of a
campaign is the share of the chance of an order that goes when every step to the campaign ends in nothing instead
(Anderl, Becker, von Wangenheim and Schumann 2016, https://doi.org/10.1016/j.ijresmar.2016.03.001).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

START, ORDER, NOTHING = "(start)", "(order)", "(nothing)"
Transitions = Mapping[tuple[str, str], int]
"""(from, to) -> how often. Names in brackets are the ends of paths; all others are campaigns."""


def removal_effects(transitions: Transitions) -> dict[str, float]:
    """Removal effect of each campaign, 0 to 1; all 0 where no path leads to an order.

    A walk that avoids campaign c reaches an order with the chance of all walks, less the chance to ever come to c times
    that of an order from c. So the fundamental matrix of the whole chain (Kemeny and Snell 1976) gives all effects.
    """
    campaigns = sorted({name for step in transitions for name in step} - {START, ORDER, NOTHING})
    place = {name: number for number, name in enumerate((START, *campaigns))}
    counts = np.zeros((len(place), len(place)))
    orders, leaving = np.zeros(len(place)), np.zeros(len(place))
    for (source, target), count in transitions.items():
        leaving[place[source]] += count
        if target == ORDER:
            orders[place[source]] += count
        elif target != NOTHING:
            counts[place[source], place[target]] += count
    leaving[leaving == 0] = 1
    visits = np.linalg.inv(np.eye(len(place)) - counts / leaving[:, None])
    converts = visits @ (orders / leaving)
    if converts[0] <= 0:
        return dict.fromkeys(campaigns, 0.0)
    reaches = visits[0] / visits.diagonal()
    effects = reaches * converts / converts[0]
    return {name: float(effects[place[name]]) for name in campaigns}
