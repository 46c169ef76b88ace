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
    if not signed_in():
        return
    chosen = st.navigation(list(pages.values()), position="top")
    if wanted := st.session_state.pop(OPEN, None):
        # Without parameters Streamlit would clear the address, which it refuses where widgets are written in it.
        st.switch_page(pages[wanted], query_params={})
    chosen.run()


def signed_in() -> bool:
    """True where nobody has to sign in, or this reader has; else draws the way there. See docs/dashboard.md."""
    if "auth" not in secrets() or getattr(st.user, "is_logged_in", False):
        return True
    st.info("Sign in to see the dashboard.", icon=":material/lock:")
    st.button("Sign in", on_click=st.login)
    return False


def secrets() -> set[str]:
    """The sections of .streamlit/secrets.toml; none where there is no such file."""
    try:
        return set(st.secrets)
    except FileNotFoundError:
        return set()


if __name__ == "__main__":
    main()
