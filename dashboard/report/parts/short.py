"""The report in four points: what happened, why, what to do, how sure."""

from __future__ import annotations

from dashboard.report.desk import Desk
from dashboard.report.document import Points, Recommendations, Section
from dashboard.report.figures import Sentence, say
from dashboard.report.parts import advice, drivers, headline, sureness

MOST_TO_DO = 3


def why(desk: Desk) -> tuple[Sentence, ...]:
    said = drivers.bridge(desk)
    if said is None:
        return (say("Without a period to compare with, nothing is said of causes."),)
    return (said,)


def to_do(recommended: Recommendations) -> tuple[Sentence, ...]:
    """The first recommendations with their effect."""
    if not recommended.ranked:
        return (say(advice.NOTHING),)
    return tuple(
        say("{title} Expected: {effect}", title=one.title, effect=one.effect) for one in recommended.ranked[:MOST_TO_DO]
    )


def section(desk: Desk, recommended: Recommendations) -> Section:
    points = (
        ("What happened", (headline.revenue(desk),)),
        ("Why", why(desk)),
        ("What to do", to_do(recommended)),
        ("How sure", (sureness.brief(desk),)),
    )
    return Section("In short", (Points(points),))
