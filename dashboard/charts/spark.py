"""The small line beside a figure that says how it got there: no axes, drawn as SVG by hand.

A chart of Streamlit's own would bring a second library of charts into the browser for it, and draw it anew with every
change of a filter.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 120, 32, 2
"""Its own measure; the page stretches it over the card. The edge keeps half a line's width within."""


def sparkline(values: Sequence[float], colour: str) -> str:
    """An image of the values from left to right, lowest at the bottom; empty where there are fewer than two to join."""
    known = [float(one) for one in values if one is not None and math.isfinite(one)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step, scale = WIDTH / (len(known) - 1), (HEIGHT - 2 * EDGE) / (high - low or 1)
    points = [f"{at * step:.1f},{HEIGHT - EDGE - (one - low) * scale:.1f}" for at, one in enumerate(known)]
    line = " L".join(points)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<path d="M{line} L{WIDTH},{HEIGHT} L0,{HEIGHT} Z" fill="{colour}" fill-opacity="0.14"/>'
        f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"'
        ' vector-effect="non-scaling-stroke"/></svg>'
    )
    # As an image: Streamlit takes drawings out of HTML.
    return f'<img class="spark" alt="" src="data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}">'
