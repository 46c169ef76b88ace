"""How fast the dashboard is in the browser: first pages and changes of a filter, as medians.

    python -m bench.dashboard LAKE --rounds 5

A first page is timed from asking for the address until all of its tiles are drawn: cold is the first reader of a new
server, warm a later one with an empty browser. A change of a filter is timed in the browser, from the click until the
second frame after everything is drawn; no answer is at hand, for each sets a value that was not asked for before (but
`again`, which is kept). Beside each stand the seconds of the processor that the server spent, which say more on a busy
machine; the last lines are the server's memory as the kernel has it and the load of the machine. A lake of many lines
is made by bench/big_shop.py.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.browser import UNFINISHED, answer, chromium, free_port
from bench.driver_memory import peak
from dashboard import serve
from dashboard.app import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PERIODS = ("Last 30 days", "Last 12 months", "All days", "Last 90 days")
_DRAWN = f"""() => {{
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && document.querySelector('.js-plotly-plot .main-svg') && !document.querySelector(`{UNFINISHED}`);
}}"""
_TIMED = f"""() => {{ window.timed = new Promise(done => {{
    let began = null, ran = false;
    document.addEventListener('click', () => {{ began = performance.now(); }}, {{capture: true, once: true}});
    const look = () => {{
        const state = document.querySelector('[data-testid="stApp"]').dataset.testScriptState;
        ran = ran || (began !== null && state !== 'notRunning');
        if (ran && state === 'notRunning' && !document.querySelector(`{UNFINISHED}`))
            requestAnimationFrame(() => requestAnimationFrame(() => done((performance.now() - began) / 1000)));
        else requestAnimationFrame(look);
    }};
    look();
}}); }}"""


@dataclass
class Times:
    """Seconds on the clock, and seconds of the server's processor, of each time that something was done."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        middle, spent = statistics.median(self.clock), statistics.median(self.processor)
        ends = f"{min(self.clock):5.2f} to {max(self.clock):5.2f}"
        return f"{middle:6.2f} s   ({ends}, n = {len(self.clock)}; {spent:5.2f} s of the processor)"


def main(lake: Path, rounds: Annotated[int, typer.Option(min=1)] = 5) -> None:
    """Prints medians of first pages and changes of filters over the lake."""
    found: dict[str, Times] = {}
    before = os.getloadavg()[0]
    with chromium() as browser:
        for at in range(rounds):
            with _server(lake) as (address, pid):
                _first(browser, address, pid, found.setdefault("first page, cold", Times()))
                _first(browser, address, pid, found.setdefault("first page, warm", Times()))
                if at == rounds - 1:
                    _changes(browser, address, pid, found)
                    _pages(browser, address, pid, found)
                    memory = peak(pid)
    for name, times in found.items():
        print(f"{name:26}{times}")
    print(f"memory of the server at most {memory / 2**10:,.0f} MiB")
    print(f"load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} processors")


@contextmanager
def _server(lake: Path) -> Iterator[tuple[str, int]]:
    """The address of a new server that answers, and its process."""
    port = free_port()
    running = serve.start(lake, port)
    try:
        answer(f"http://{serve.ADDRESS}:{port}/_stcore/health")
        yield f"http://{serve.ADDRESS}:{port}", running.pid
    finally:
        running.terminate()
        running.wait(30)


def _spent(pid: int) -> float:
    """Seconds of the processor that the process has used so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _timed(times: Times, pid: int, act: Callable[[], float | None]) -> None:
    """Does it, and says how long that took; what it returns is the time of the browser, else its own time counts."""
    spent, began = _spent(pid), time.monotonic()
    seconds = act()
    times.clock.append(time.monotonic() - began if seconds is None else seconds)
    times.processor.append(_spent(pid) - spent)
    print(f"  {times.clock[-1]:.2f} s, {times.processor[-1]:.2f} of the processor", file=sys.stderr, flush=True)


def _drawn(page: Page) -> None:
    page.wait_for_function(_DRAWN, timeout=120_000)


def _first(browser: Browser, address: str, pid: int, times: Times) -> None:
    """The overview, for a reader whose browser has nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def act() -> None:
        page.goto(address, wait_until="commit")
        _drawn(page)

    _timed(times, pid, act)
    context.close()


def _changes(browser: Browser, address: str, pid: int, found: dict[str, Times]) -> None:
    """Filters of the overview: the period, and countries by clicks on their bars."""
    page = browser.new_page(viewport={"width": 1280, "height": 2600})
    page.goto(address)
    _drawn(page)
    for period in _PERIODS:
        page.locator(".st-key-period [role=combobox], .st-key-period input").first.click()
        _change(
            page,
            pid,
            found.setdefault("another period", Times()),
            page.get_by_role("option", name=period, exact=True).click,
        )
    bars = page.locator(".st-key-tile-by-country .barlayer .trace:last-child .point path")
    for at in range(min(bars.count(), 4)):
        _change(page, pid, found.setdefault("one country", Times()), bars.nth(at).click)
        _change(page, pid, found.setdefault("all countries again", Times()), bars.first.click)
    page.close()


def _change(page: Page, pid: int, times: Times, click: Callable[..., None]) -> None:
    def act() -> float:
        page.evaluate(_TIMED)
        click(force=True)
        return float(page.evaluate("window.timed"))

    _timed(times, pid, act)
    page.wait_for_timeout(300)


def _pages(browser: Browser, address: str, pid: int, found: dict[str, Times]) -> None:
    """Every other page, opened from the menu and so for the first time."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    _drawn(page)
    for title, _ in list(PAGES.values())[1:]:
        link = page.get_by_role("link", name=title).first
        _change(page, pid, found.setdefault(f"open {title}", Times()), link.click)
    page.close()


if __name__ == "__main__":
    typer.run(main)
