"""The dashboard in a real browser: pages, themes, widths, clicks, addresses, files, no outside request.

Skipped where there is no Chromium (Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core).
"""

from __future__ import annotations

import csv
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bench.browser import settle, watched
from dashboard.app import PAGES
from tests.dashboard.browsing import browser, server

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore")]
__all__ = ["browser", "server"]
WRONG = "could not be drawn"


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_every_page_is_drawn_without_an_error_an_outside_request_or_sideways_scrolling(
    server: str, browser: Any, width: int, theme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, is_mobile=width < 500)
    for name in PAGES:
        page = context.new_page()
        seen = watched(page)
        page.goto(f"{server}/{'' if name == 'overview' else name}")
        settle(page)
        assert page.locator("h2").first.inner_text() == PAGES[name][0]
        assert page.locator('[data-testid="stException"]').count() == 0
        assert page.get_by_text(WRONG).count() == 0
        assert page.locator(".js-plotly-plot .main-svg").count() > 0
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        ground = page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
        assert ground == ("rgb(15, 20, 27)" if theme == "dark" else "rgb(244, 246, 250)")
        assert (seen.errors, seen.outside) == ([], [])
        page.close()
    context.close()


def test_a_click_filters_everywhere_and_a_click_on_a_category_opens_its_products(server: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = watched(page)
    page.goto(f"{server}/?period=All+days&compare=Nothing")
    settle(page)
    page.locator(".st-key-tile-by-country .bars .point path").first.click(force=True)
    settle(page)
    assert "country=" in page.url
    page.locator(".st-key-tile-by-category .bars .point path").first.click(force=True)
    settle(page)
    assert "/products?" in page.url
    assert "category=" in page.url
    assert "country=" in page.url
    page.get_by_role("link", name="Geography").first.click()
    settle(page)
    assert "category=" in page.url
    assert page.locator(".choroplethlayer path").count() >= 1
    page.locator(".st-key-reset button").click()
    settle(page)
    assert "category=" not in page.url
    assert "country=" not in page.url
    assert (seen.errors, seen.outside) == ([], [])


def test_a_file_holds_what_the_tile_shows_and_says_which_filters_were_in_force(
    server: str, browser: Any, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.goto(f"{server}/geography?category=Cups&period=All+days")
    settle(page)
    found = {}
    for kind in ("CSV", "Parquet"):
        page.locator(".st-key-tile-countries").get_by_role("button", name="Data").click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind, exact=True).click()
        found[kind] = tmp_path / kind
        waiting.value.save_as(found[kind])
        page.keyboard.press("Escape")
    text = found["CSV"].read_text(encoding="utf-8-sig").splitlines()
    table = pq.read_table(found["Parquet"])
    assert "# Filters: source shop; currency GBP; category Cups" in text
    assert any(line.startswith("# Publication: 1, as of 2024-04-01") for line in text)
    rows = list(csv.DictReader(line for line in text if not line.startswith("#")))
    assert list(rows[0]) == table.column_names
    assert rows == [{name: "" if one is None else str(one) for name, one in row.items()} for row in table.to_pylist()]
    assert b"category Cups" in table.schema.metadata[b"lakehouse.Filters"]


def test_filters_set_by_hand_stand_in_the_address_and_an_address_sets_them(server: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = watched(page)
    page.goto(f"{server}/geography")
    settle(page)
    page.locator(".st-key-period input").click()
    page.get_by_role("option", name="All days", exact=True).click()
    settle(page)
    page.locator(".st-key-more_filters button").first.click()
    page.locator(".st-key-category input").click()
    page.get_by_role("option", name="Cups", exact=True).click()
    settle(page)
    assert "period=All+days" in page.url
    assert "category=Cups" in page.url
    shown = page.locator(".st-key-kpis").inner_text()
    again = browser.new_page(viewport={"width": 1280, "height": 900})
    again.goto(page.url)
    settle(again)
    assert again.locator(".st-key-kpis").inner_text() == shown
    again.goto(f"{server}/geography?period=All+days")
    settle(again)
    assert again.locator(".st-key-kpis").inner_text() != shown
    assert (seen.errors, seen.outside) == ([], [])


def test_a_click_on_a_segment_shows_its_customers_alone(server: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = watched(page)
    page.goto(f"{server}/customers")
    settle(page)
    everybody = page.locator(".st-key-kpis").inner_text()
    page.locator(".st-key-tile-segments .bars .point path").first.click(force=True)
    settle(page)
    assert "rfm=" in page.url
    assert page.locator(".st-key-kpis").inner_text() != everybody
    assert (seen.errors, seen.outside) == ([], [])


def test_the_shapes_of_the_map_come_from_this_machine(server: str) -> None:
    with urllib.request.urlopen(f"{server}/app/static/world_110m.json") as found:
        assert found.status == 200
