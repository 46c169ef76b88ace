"""The dashboard in a real browser: pages, themes, widths, clicks, addresses, files, no outside request.

Skipped where there is no Chromium (Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core).
"""

from __future__ import annotations

import re
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dashboard import serve
from dashboard.app import PAGES
from tests.cli.test_dashboard import answer, free_port
from tests.dashboard.extras import everything
from tests.dashboard.shop import shop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
UNFINISHED = '[data-testid="stSkeleton"],[data-stale="true"]'
HERE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:")
# Streamlit looks for its own base below the page that is opened first, before it looks at the root.
PROBED = re.compile(r"/_stcore/(health|host-config)$")


@dataclass
class Seen:
    """What a page did besides being drawn."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lake = tmp_path_factory.mktemp("browser")
    shop(lake, more=everything())
    port = free_port()
    running = serve.start(lake, port)
    address = f"http://127.0.0.1:{port}"
    answer(f"{address}/_stcore/health")
    yield address
    running.terminate()
    running.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def watched(context: Any) -> tuple[Any, Seen]:
    page, seen = context.new_page(), Seen()
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", lambda one: None if HERE.match(one.url) else seen.outside.append(one.url))
    page.on("response", lambda one: bad(one, seen))
    return page, seen


def bad(response: Any, seen: Seen) -> None:
    if response.status >= 400 and not PROBED.search(response.url):
        seen.errors.append(f"{response.status} {response.url}")


def wait(page: Any) -> None:
    """Until the script has run and everything that it gave is drawn."""
    page.wait_for_timeout(250)
    page.wait_for_selector(READY, timeout=120_000)
    page.wait_for_function(f"() => !document.querySelector('{UNFINISHED}')".replace("'[", "`[").replace("]'", "]`"))
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_every_page_is_drawn_without_an_error_an_outside_request_or_sideways_scrolling(
    server: str, browser: Any, width: int, theme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, is_mobile=width < 500)
    for name in PAGES:
        page, seen = watched(context)
        page.goto(f"{server}/{'' if name == 'overview' else name}")
        wait(page)
        assert page.locator("h2").first.inner_text() == PAGES[name][0]
        assert page.locator('[data-testid="stException"]').count() == 0
        assert page.locator(".js-plotly-plot .main-svg").count() > 0
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        ground = page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
        assert ground == ("rgb(15, 20, 27)" if theme == "dark" else "rgb(244, 246, 250)")
        assert (seen.errors, seen.outside) == ([], [])
        page.close()
    context.close()


def test_a_click_filters_everywhere_and_a_click_on_a_category_opens_its_products(server: str, browser: Any) -> None:
    page, seen = watched(browser.new_context(viewport={"width": 1280, "height": 900}))
    page.goto(f"{server}/?period=All+days&compare=Nothing")
    wait(page)
    page.locator(".st-key-tile-by-country .bars .point path").first.click(force=True)
    wait(page)
    assert "country=" in page.url
    page.locator(".st-key-tile-by-category .bars .point path").first.click(force=True)
    wait(page)
    assert "/products?" in page.url
    assert "category=" in page.url
    assert "country=" in page.url
    page.get_by_role("link", name="Geography").first.click()
    wait(page)
    assert "category=" in page.url
    assert page.locator(".choroplethlayer path").count() >= 1
    page.locator(".st-key-reset button").click()
    wait(page)
    assert "category=" not in page.url
    assert "country=" not in page.url
    assert (seen.errors, seen.outside) == ([], [])


def test_a_file_holds_what_the_tile_shows_and_says_which_filters_were_in_force(
    server: str, browser: Any, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    page, _ = watched(browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True))
    page.goto(f"{server}/geography?category=Cups&period=All+days")
    wait(page)
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
    rows = [line for line in text if not line.startswith("#")]
    assert rows[0].split(",") == table.column_names
    assert len(rows) - 1 == table.num_rows > 0
    assert b"category Cups" in table.schema.metadata[b"lakehouse.Filters"]


def test_the_shapes_of_the_map_come_from_this_machine(server: str) -> None:
    with urllib.request.urlopen(f"{server}/app/static/world_110m.json") as found:
        assert found.status == 200
