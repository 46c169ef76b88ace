"""One page in a real browser, a click, and a page behind it: what of test_browser.py is run with every suite."""

from __future__ import annotations

from typing import Any

import pytest

from bench.browser import settle, watched
from tests.dashboard.browsing import browser, server

pytestmark = pytest.mark.filterwarnings("ignore")
__all__ = ["browser", "server"]


def test_pages_are_drawn_a_click_filters_them_and_nothing_leaves_the_machine(browser: Any, server: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900}, color_scheme="dark", is_mobile=True)
    seen = watched(page)
    page.goto(f"{server}/?period=All+days")
    settle(page)
    assert page.locator(".js-plotly-plot .main-svg").count() > 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator(".st-key-tile-by-country .bars .point path").first.click(force=True)
    settle(page)
    assert "country=" in page.url
    page.goto(page.url.replace("/?", "/geography?"))
    settle(page)
    assert page.locator(".choroplethlayer path").count() == 1
    assert page.get_by_text("could not be drawn").count() == 0
    assert (seen.errors, seen.outside) == ([], [])
