"""Signing in by OpenID Connect, from the button to the pages, in a real browser against an issuer on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard import serve
from tests.cli.test_dashboard import answer, free_port
from tests.dashboard.shop import shop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a dashboard that is started in a folder with the secrets of docs/dashboard.md."""
    pytest.importorskip("authlib", reason="signing in needs streamlit[auth]")
    from tests.dashboard.issuer import CLIENT, SECRET, issuer

    shop(tmp_path / "lake")
    port = free_port()
    with issuer() as at:
        (tmp_path / ".streamlit").mkdir()
        (tmp_path / ".streamlit" / "secrets.toml").write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"c" * 32}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{at}/.well-known/openid-configuration"\n'
        )
        monkeypatch.chdir(tmp_path)
        running = serve.start(tmp_path / "lake", port)
        answer(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
        running.terminate()
        running.wait(30)


def test_a_reader_sees_nothing_before_signing_in_and_the_pages_after(closed: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page()
        page.goto(f"{closed}/customers")
        button = page.get_by_role("button", name="Sign in")
        button.wait_for(timeout=120_000)
        assert page.locator('[data-testid="stMetric"]').count() == 0
        assert page.locator("h2").count() == 0
        button.click()
        page.locator('[data-testid="stMetric"]').first.wait_for(timeout=120_000)
        assert page.locator("h2").first.inner_text() == "Overview"
        assert page.get_by_role("button", name="Sign in").count() == 0
        stranger: Any = browser.new_context().new_page()
        stranger.goto(closed)
        stranger.get_by_role("button", name="Sign in").wait_for(timeout=120_000)
        assert stranger.locator('[data-testid="stMetric"]').count() == 0
        browser.close()
