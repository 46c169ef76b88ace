"""The entry: navigation on top, pages as files. Started by `lakehouse dashboard`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.shell.tile import OPEN

_ICON = Path(__file__).parent / "static" / "icon.svg"
"""A file: Streamlit would fetch an icon given by name from elsewhere."""
PAGES = {
    "overview": ("Overview", ":material/monitoring:"),
    "customers": ("Customers", ":material/group:"),
    "products": ("Products", ":material/inventory_2:"),
    "geography": ("Geography", ":material/public:"),
    "seasons": ("Trends & Seasonality", ":material/calendar_month:"),
    "marketing": ("Marketing", ":material/campaign:"),
    "models": ("Forecast & Models", ":material/insights:"),
    "quality": ("Data Quality", ":material/verified:"),
}
"""File below views/ -> title, icon."""


def main() -> None:
    st.set_page_config(page_title="Lakehouse", page_icon=str(_ICON), layout="wide")
    pages = {
        name: st.Page(f"views/{name}.py", title=title, icon=icon, default=name == "overview")
        for name, (title, icon) in PAGES.items()
    }
    chosen = st.navigation(list(pages.values()), position="top")
    if wanted := st.session_state.pop(OPEN, None):
        # Without parameters Streamlit would clear the address, which it refuses where widgets are written in it.
        st.switch_page(pages[wanted], query_params={})
    chosen.run()


if __name__ == "__main__":
    main()
