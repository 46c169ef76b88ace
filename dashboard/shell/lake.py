"""The lake that is open, at the publication that the reader chose. A new publication shows by itself."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st

from dashboard import words
from dashboard.data.answers import Answers, opened
from lakehouse.delta.log import head_version, table_path
from lakehouse.published import NothingPublished, Publication, publications
from lakehouse.settings import load_settings
from lakehouse.tables.ops import JOB_RUNS, PUBLICATIONS

NEWEST = "Newest"
KEY = "publication"
_MOST_OPEN = 4
_LOOK_EVERY = "60s"


def root() -> Path:
    return load_settings().lake.resolve()


def _state(lake: Path) -> tuple[int, int]:
    """Changes with every publication and every run."""
    found = []
    for table in (PUBLICATIONS, JOB_RUNS):
        path = table_path(lake, table)
        found.append(head_version(path) if (path / "_delta_log").is_dir() else -1)
    return found[0], found[1]


@st.cache_resource(max_entries=_MOST_OPEN, show_spinner=False)
def _published(lake: str, state: tuple[int, int]) -> list[Publication]:
    return publications(Path(lake))


@st.cache_resource(max_entries=_MOST_OPEN, show_spinner=False)
def _opened(lake: str, state: tuple[int, int], publication: int) -> Answers:
    return opened(Path(lake), publication)


def published() -> list[Publication]:
    """All publications of the lake, the newest first."""
    lake = root()
    return list(reversed(_published(str(lake), _state(lake))))


def at(publication: int) -> Answers:
    lake = root()
    return _opened(str(lake), _state(lake), publication)


def answers() -> Answers:
    """Of the publication chosen. Says so and stops the page where there is none."""
    lake = root()
    if not lake.is_dir():
        _stop(words.NO_LAKE)
    found = published()
    if not found:
        _stop(words.NO_PUBLICATION)
    chosen = str(st.session_state.get(KEY, NEWEST))
    numbers = {str(one.publication): one.publication for one in found}
    _watch(lake, _state(lake))
    try:
        return at(numbers.get(chosen, found[0].publication))
    except NothingPublished:
        _stop(words.NO_PUBLICATION)


@st.fragment(run_every=_LOOK_EVERY)
def _watch(lake: Path, seen: tuple[int, int]) -> None:
    if _state(lake) != seen:
        st.rerun(scope="app")


def _stop(sentence: str) -> NoReturn:
    st.info(sentence, icon=":material/info:")
    st.stop()
