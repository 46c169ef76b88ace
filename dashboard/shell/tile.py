"""A tile: title, what it shows and when, the drawing, its publication, and its rows to take away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts.base import Chart, Listing
from dashboard.data import downloads
from dashboard.data.answers import Answer
from dashboard.data.statement import statement
from dashboard.shell import bar
from dashboard.shell.page import Page
from lakehouse.published import UnknownTable

log = logging.getLogger(__name__)
MOST_ROWS = 11
"""A longer table scrolls within its card."""
_CONFIG: dict[str, Any] = {"displayModeBar": False}


@dataclass(frozen=True)
class Tile:
    """`key` is the tile's own on its page; `figure` names its definition; `applies`: the filters that it heeds."""

    key: str
    title: str
    figure: str
    period: str
    """The days it is about, or 'seen from …'."""
    unit: str = ""
    applies: Sequence[str] = ()
    empty: str = words.NOTHING_CHOSEN
    needs: tuple[str, str] = ("", "")
    """A column that must be known somewhere, and what to say where it is not."""
    click: str = ""
    """The filter that a click on a mark sets."""
    opens: str = ""
    """The page that a click opens, besides setting the filter."""


def chart(
    page: Page, tile: Tile, ask: Callable[[], Answer], draw: Callable[[pd.DataFrame], Chart], **config: Any
) -> None:
    """A tile with a figure; a sentence where the publication cannot answer or there is nothing to draw."""

    def body(answer: Answer) -> None:
        drawn = draw(answer.frame())
        key = f"chart-{tile.key}-{st.session_state.get(_turn(tile), 0)}"
        st.plotly_chart(
            drawn.figure,
            theme=None,
            key=key,
            config=_CONFIG | config,
            alt=f"{tile.title}. {drawn.alt}",
            selection_mode="points",
            on_select=(lambda: _clicked(tile, key)) if tile.click else "ignore",
        )

    _framed(page, tile, ask, body)


def table(
    page: Page,
    tile: Tile,
    ask: Callable[[], Answer],
    show: Callable[[pd.DataFrame], Listing],
) -> None:
    """A tile with a table of texts."""

    def body(answer: Answer) -> None:
        shown = show(answer.frame())
        st.dataframe(
            shown.frame,
            hide_index=True,
            column_config={name: st.column_config.TextColumn(name, alignment="right") for name in shown.numbers}
            | {name: st.column_config.TextColumn(name, width="large") for name in shown.wide},
            height="content" if len(shown.frame) <= MOST_ROWS else 420,
            alt=tile.title,
        )

    _framed(page, tile, ask, body)


def sentence(page: Page, tile: Tile, said: str) -> None:
    """A tile that can only say why there is nothing."""
    with st.container(key=f"tile-{tile.key}"):
        st.markdown(f"**{tile.title}**", help=str(words.definition(tile.figure)))
        _say(said)


def _framed(page: Page, tile: Tile, ask: Callable[[], Answer], body: Callable[[Answer], None]) -> None:
    with st.container(key=f"tile-{tile.key}"):
        about = words.definition(tile.figure)
        st.markdown(f"**{tile.title}**", help=str(about))
        said = ". ".join(filter(None, (tile.period, page.in_force(*tile.applies), tile.unit)))
        st.caption(said)
        answer = _asked(tile, ask)
        if answer is None:
            return
        _shown(tile, answer, body)
        _foot(page, tile, answer, about)


def _shown(tile: Tile, answer: Answer, body: Callable[[Answer], None]) -> None:
    column, sentence = tile.needs
    if answer.is_empty:
        _say(tile.empty)
    elif column and not answer.knows(column):
        _say(sentence)
    else:
        try:
            body(answer)
        except Exception:
            log.exception("the tile %s could not be drawn", tile.key)
            _say(words.WENT_WRONG)


def _asked(tile: Tile, ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except UnknownTable as error:
        named = words.tables_in(str(error))
        _say(words.not_in_publication(named))
    except Exception:
        log.exception("the question of tile %s failed", tile.key)
        _say(words.WENT_WRONG)
    return None


def _say(sentence: str) -> None:
    st.info(sentence, icon=":material/info:")


def _foot(page: Page, tile: Tile, answer: Answer, about: words.Definition) -> None:
    number = page.number
    with st.container(horizontal=True, key=f"foot-{tile.key}", vertical_alignment="center"):
        st.caption(f"Publication {number}, as of {page.seen_from}", width="content")
        with st.popover("Data", type="tertiary", icon=":material/download:", key=f"data-{tile.key}"):
            facts = _facts(page, tile, answer, about)
            for name, kind, make in (
                ("CSV", "text/csv", downloads.as_csv),
                ("Parquet", "application/vnd.apache.parquet", downloads.as_parquet),
            ):
                st.download_button(
                    name,
                    data=partial(make, answer.table, facts),
                    file_name=f"{tile.key}_publication_{number}.{name.lower()}",
                    mime=kind,
                    key=f"{name.lower()}-{tile.key}",
                    on_click="ignore",
                    disabled=answer.is_empty,
                )
            _trace(page, tile, answer)
            st.caption(f"From {', '.join(answer.tables)}, as `lakehouse sql` answers too:")
            st.code(statement(answer), language="sql", wrap_lines=True)


def _trace(page: Page, tile: Tile, answer: Answer) -> None:
    """The way to the tables and files behind the tile; none where it reads what the lake notes of its own doings."""
    names = [name for name in answer.tables if page.answers.has(name)]
    if names:
        st.button("Trace it back to files", key=f"trace-{tile.key}", icon=":material/account_tree:",
                  on_click=_lead_to, args=(names,))  # fmt: skip


def _lead_to(names: list[str]) -> None:
    """To the tile of Data Quality that traces tables back to their files."""
    st.session_state[LINEAGE] = names
    st.session_state[TRACED] = True
    st.session_state[OPEN] = "quality"


def _facts(page: Page, tile: Tile, answer: Answer, about: words.Definition) -> dict[str, str]:
    """What a file says of itself."""
    published = page.answers.publication
    filters = [f"source {page.filters.source}", f"currency {page.filters.currency}"]
    if chosen := page.in_force(*tile.applies):
        filters.append(chosen)
    return {
        "Title": tile.title,
        "Period": tile.period,
        "Filters": "; ".join(filters),
        "Definition": f"{about.figure}: {about}",
        "Publication": f"{published.publication}, as of {published.as_of.isoformat()}" if published else "none",
        "Tables": ", ".join(answer.tables),
        "Query": statement(answer),
    }


def _turn(tile: Tile) -> str:
    return f"_turn-{tile.key}"


def _clicked(tile: Tile, key: str) -> None:
    """Sets the filter to the id of the mark; the chart gets a new key, or it would keep the mark selected."""
    points = st.session_state[key].selection.points if key in st.session_state else []
    st.session_state[_turn(tile)] = int(st.session_state.get(_turn(tile), 0)) + 1
    found = [point["customdata"] for point in points if point.get("customdata")]
    if not found:
        return
    first = found[0]
    value = first[0] if isinstance(first, list) else first.get("0") if isinstance(first, dict) else first
    if value:
        bar.toggle(tile.click, str(value))
        if tile.opens:
            st.session_state[OPEN] = tile.opens


LINEAGE = "lineage"
"""The tables that a reader traces back to their files."""
TRACED = "_traced"
"""Set once a reader has come from a tile: what stands behind it is then the first thing on the page."""
OPEN = "_open"
"""The page that a click asked for; the entry file opens it."""
