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


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("app")
    shop(made)
    return made


@pytest.fixture
def app(lake: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("LAKEHOUSE_LAKE", str(lake))
    return AppTest.from_file(APP, default_timeout=120)


def test_the_overview_opens_first_and_nobody_has_to_sign_in_where_nothing_says_so(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    assert [one.value for one in app.header] == ["Overview"]


WHOLE = {
    "redirect_uri": "http://127.0.0.1/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "x",
    "client_secret": "x",
    "server_metadata_url": "http://127.0.0.1/.well-known/openid-configuration",
}


def test_where_signing_in_is_configured_nothing_is_shown_before(app: AppTest) -> None:
    app.secrets["auth"] = WHOLE
    app.run()
    assert not app.exception
    assert [one.label for one in app.button] == ["Sign in"]
    assert not app.error
    assert not app.header
    assert not app.metric


@pytest.mark.parametrize("missing", [*WHOLE, "everything"])
@pytest.mark.parametrize("given", [{}, {"client_id": ""}], ids=["left out", "empty"])
def test_where_signing_in_is_configured_in_part_the_page_is_closed_and_says_what_is_missing(
    app: AppTest, missing: str, given: dict[str, str]
) -> None:
    parts = {name: value for name, value in WHOLE.items() if missing not in (name, "everything")} | given
    app.secrets["auth"] = parts
    app.run()
    assert not app.exception
    said = [one.value for one in app.error]
    assert len(said) == 1
    assert all((name in said[0]) is (not parts.get(name)) for name in WHOLE)
    assert not app.button
    assert not app.header
    assert not app.metric


def test_other_secrets_do_not_close_the_page(app: AppTest) -> None:
    app.secrets["other"] = {"key": "x"}
    app.run()
    assert [one.value for one in app.header] == ["Overview"]


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
