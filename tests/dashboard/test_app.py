"""The entry: who may see what, and which page opens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.app import PAGES
from tests.dashboard.shop import shop

APP = str(Path(dashboard.__file__).parent / "app.py")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    shop(tmp_path)
    monkeypatch.setenv("LAKEHOUSE_LAKE", str(tmp_path))
    return AppTest.from_file(APP, default_timeout=120)


def test_the_overview_opens_first_and_nobody_has_to_sign_in_where_nothing_says_so(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    assert [one.value for one in app.header] == ["Overview"]


def test_where_signing_in_is_configured_nothing_is_shown_before(app: AppTest) -> None:
    app.secrets["auth"] = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x", "client_id": "x"}
    app.run()
    assert not app.exception
    assert [one.label for one in app.button] == ["Sign in"]
    assert not app.header
    assert not app.metric


def test_no_page_brings_spark_or_java_into_the_process() -> None:
    names = ", ".join(f"dashboard.views.{name}" for name in PAGES)
    code = (
        f"import sys; import dashboard.app, {names}; print([one for one in ('pyspark', 'py4j') if one in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(APP).parents[1]
    )
    assert ran.stdout.strip() == "[]"


def test_every_page_is_a_file_and_every_file_a_page() -> None:
    files = {path.stem for path in (Path(APP).parent / "views").glob("*.py")} - {"__init__"}
    assert files == set(PAGES)
    assert not (Path(APP).parent / "pages").exists()  # Streamlit would show such a folder without the entry's leave
