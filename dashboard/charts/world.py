"""The map of the world. Its shapes are served by the dashboard itself: nothing is fetched from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pycountry

from dashboard.charts.base import SENTENCE, Chart, Look, blank, listed, marks
from dashboard.themes.plotly import scale

CONFIG = {"topojsonURL": "./app/static/"}
"""Where Plotly takes the shapes from; relative, so that it holds behind a proxy and a path as well."""


_EUROPE_TEXT = """
    ALB AND AUT BEL BGR BIH BLR CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GGY GIB GRC HRV HUN IMN IRL ISL ITA JEY LIE LTU
    LUX LVA MCO MDA MKD MLT MNE NLD NOR POL PRT ROU SMR SRB SVK SVN SWE UKR VAT XKX
"""
_EUROPE = frozenset(_EUROPE_TEXT.split())
_OF_EUROPE = {"lonaxis": {"range": [-25, 42]}, "lataxis": {"range": [34, 70]}, "projection": {"type": "mercator"}}
_OF_THE_WORLD = {"lataxis": {"range": [-56, 82]}, "projection": {"type": "natural earth"}}


def _within(threes: Sequence[str]) -> dict[str, object]:
    """What of the world is shown: Europe where nothing was sold outside it: its countries are small on the globe."""
    return dict(_OF_EUROPE if threes and _EUROPE.issuperset(threes) else _OF_THE_WORLD)


def world(look: Look, names: Sequence[str], codes: Sequence[str | None], values: Sequence[float], of: str) -> Chart:
    """Countries coloured by value (money); those of no ISO code are not on the map. A click gives the name."""
    placed = [
        (name, three, value) for name, code, value in zip(names, codes, values, strict=True) if (three := alpha3(code))
    ]
    sentences = [f"{name}: {look.money_full(value)} {of}" for name, _, value in placed]
    amounts = [value for *_, value in placed]
    figure = blank(look, 220 if look.is_narrow else 380, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.add_choropleth(
        locations=[three for _, three, _ in placed],
        z=[_root(value) for value in amounts],  # by area of colour: one great country leaves the others their shades
        zmin=0,
        colorscale=scale(look.palette.one_way[1:]),
        showscale=False,
        marker={"line": {"color": look.palette.card, "width": 0.5}},
        customdata=marks([name for name, *_ in placed], sentences),
        hovertemplate=SENTENCE,
    )
    figure.update_geos(
        showframe=False,
        showcoastlines=False,
        showland=True,
        showcountries=True,
        **_within([three for _, three, _ in placed]),
    )
    return Chart(figure, f"Map of {len(placed)} countries; {listed(sentences)}.")


def _root(value: float) -> float:
    return math.sqrt(max(value, 0.0))


def alpha3(code: str | None) -> str | None:
    """The ISO 3166-1 code of three letters for one of two."""
    found = pycountry.countries.get(alpha_2=code) if code else None
    return str(found.alpha_3) if found else None
