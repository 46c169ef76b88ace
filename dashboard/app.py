"""The entry: navigation on top, pages as files. Started by `lakehouse dashboard`."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import streamlit as st

from dashboard import words
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
SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
"""What st.login needs to be told."""


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
    keep_for_good()


@st.cache_resource(show_spinner=False)
def keep_for_good() -> None:
    """What is there after the first page (modules, templates, tables in memory) stays: the collector need not walk it.

    Streamlit collects garbage after every run of a page, which took a third of the time that a change of a filter cost
    the server.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries complain of what is left at the end


def signed_in() -> bool:
    """True where nobody has to sign in, or this reader has; else draws the way there. See docs/dashboard.md.

    Where the way is not wholly laid nobody gets in: a page that was meant to be closed is never open by mistake.
    """
    given = sign_in_settings()
    if given is None:
        return True
    if missing := [name for name in SIGN_IN if not given.get(name)]:
        st.error(words.sign_in_incomplete(missing), icon=":material/lock:")
        return False
    if any(find_spec(name) is None for name in ("authlib", "httpx")):
        st.error(words.SIGN_IN_EXTRA, icon=":material/lock:")
        return False
    if getattr(st.user, "is_logged_in", False):
        return True
    st.info("Sign in to see the dashboard.", icon=":material/lock:")
    st.button("Sign in", on_click=st.login)
    return False


def sign_in_settings() -> Mapping[str, object] | None:
    """The section `auth` of .streamlit/secrets.toml; None where there is no such file or no such section."""
    try:
        given = st.secrets.get("auth")
    except FileNotFoundError:
        return None
    return None if given is None else given if isinstance(given, Mapping) else {}


if __name__ == "__main__":
    main()
