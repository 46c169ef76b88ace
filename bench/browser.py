"""Debian's Chromium, driven by Playwright, over the dashboard: what pictures, measures of pace and tests share."""

from __future__ import annotations

import io
import re
import shutil
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "apt-get install --no-install-recommends chromium fonts-dejavu-core"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
UNFINISHED = '[data-testid="stSkeleton"],[data-stale="true"]'
_HERE = re.compile(r"((https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:|file:|chrome)")
# Streamlit looks for its own base below the page that is opened first, before it looks at the root.
_PROBED = re.compile(r"/_stcore/(health|host-config)$")


class NoBrowser(Exception):
    """There is no Chromium, or nothing to drive it."""


@dataclass
class Seen:
    """What a page did besides being drawn."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    """Addresses on other machines that were asked for."""


def missing() -> str:
    """What to install, in a sentence; empty where everything is there."""
    if not _path():
        return f"there is no Chromium: {HOW} (Debian)"
    if find_spec("playwright") is None:
        return "playwright is not installed: make setup"
    return ""


def _path() -> str:
    return next((found for name in NAMES if (found := shutil.which(name))), "")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, with an empty profile. Raises NoBrowser, with what to type."""
    if said := missing():
        raise NoBrowser(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_path(), args=SWITCHES)
        yield browser
        browser.close()


def watched(page: Page) -> Seen:
    """What the page does from now on: errors of scripts and of the console, refused requests, requests elsewhere."""
    seen = Seen()
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: _heard(said, seen))
    page.on("request", lambda one: None if _HERE.match(one.url) else seen.outside.append(one.url))
    page.on("response", lambda one: _answered(one, seen))
    return seen


def _heard(said: Any, seen: Seen) -> None:
    """The console repeats a refused request as an error; the response has told it already."""
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        seen.errors.append(said.text)


def _answered(response: Any, seen: Seen) -> None:
    if response.status >= 400 and not _PROBED.search(response.url):
        seen.errors.append(f"{response.status} {response.url}")


def settle(page: Page, seconds: float = 0.4) -> None:
    """Waits until the page's script has run and everything that it gave is drawn, and so long besides."""
    page.wait_for_timeout(250)
    page.wait_for_selector(READY, timeout=120_000)
    page.wait_for_function(f"() => !document.querySelector(`{UNFINISHED}`)", timeout=120_000)
    page.wait_for_timeout(seconds * 1000)


def photograph(page: Page, image: Path) -> None:
    """What the window shows, as a PNG of at most 256 colours: a fifth of the size, and no difference to the eye."""
    from PIL import Image

    with Image.open(io.BytesIO(page.screenshot())) as taken:
        whole = taken.convert("RGB")
        # Large grounds keep their exact colour this way; other methods tint greys.
        whole.quantize(256, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE).save(image, optimize=True)
    print(f"{image}  {image.stat().st_size / 1000:.0f} kB", flush=True)


@contextmanager
def dashboard_of(lake: Path) -> Iterator[str]:
    """The address of a dashboard over the lake, in a process of its own that ends with the block."""
    port = free_port()
    running = serve.start(lake, port)
    address = f"http://{serve.ADDRESS}:{port}"
    try:
        answer(f"{address}/_stcore/health")
        yield address
    finally:
        running.terminate()
        running.wait(30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind((serve.ADDRESS, 0))
        return int(one.getsockname()[1])


def answer(address: str, seconds: float = 60) -> bytes:
    """What the address says once it says anything. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as found:
                return bytes(found.read())
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
