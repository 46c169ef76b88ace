"""Streamlit's own command, with what pages need imported first: else the first reader waits for it."""

from __future__ import annotations

import importlib
import sys

NEEDED = (
    "charts.world",
    "charts.season",
    "charts.stacks",
    "charts.points",
    "charts.heat",
    "data.customers",
    "data.trust",
)


def main() -> None:
    for name in NEEDED:
        importlib.import_module(f"dashboard.{name}")
    import plotly.graph_objects as go
    from streamlit.web.cli import main as streamlit

    go.Figure(layout={"template": "none"}).to_json()
    sys.argv[0] = "streamlit"
    streamlit()


if __name__ == "__main__":
    main()
