"""How far can these numbers be trusted? Gates, quarantine, files, freshness, publications."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, stacks
from dashboard.charts.base import Chart, records
from dashboard.data import trust
from dashboard.formats import NOTHING, plural
from dashboard.shell import kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

VERDICTS = ("passed", "waived", "warned", "failed")


def kpis(page: Page) -> list[Kpi]:
    formats, source = page.look.formats, page.filters.source
    judged = trust.verdicts(page.answers)
    total = {name: int(judged.total(name)) for name in VERDICTS}
    met = f"{formats.count(total['passed'])} of {formats.count(sum(total.values()))}"
    waiting = trust.outcomes(page.answers, source).frame()
    rows = int(waiting["rows"].sum()) if len(waiting) else 0
    held = int(waiting[waiting["outcome"] == "quarantined"]["rows"].sum()) if len(waiting) else 0
    fresh = {row["source_system"]: row["days"] for row in trust.freshness(page.answers).table.to_pylist()}
    days = fresh.get(source)
    published = page.answers.publication
    return [
        Kpi("Expectations met", "verdicts", met),
        Kpi("Rows in quarantine", "quarantine", formats.count(held),
            note=f"{formats.percent(held / rows if rows else None, 2)} of all rows."),
        Kpi("Last order before as-of", "freshness", NOTHING if days is None else f"{days} {plural(days, 'day')}"),
        Kpi("Published", "freshness", formats.day(published.published_at) if published else "–"),
    ]  # fmt: skip


def verdicts(page: Page, frame: pd.DataFrame) -> Chart:
    """One bar per table, split by how its expectations came out."""
    palette = page.look.palette
    colours = (palette.better, palette.waived, palette.warned, palette.worse)
    return stacks.stacked(page.look, frame, name="table_name", parts=dict(zip(VERDICTS, colours, strict=True)),
                        text=page.look.formats.count, of="expectations")  # fmt: skip


def reasons(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    names = [row["reason"].replace("_", " ").replace(":", ": ") for row in records(frame)]
    sentences = [
        f"{name}: {formats.count(row['rows'])} rows of {row['feed'].replace('_', ' ')}"
        for name, row in zip(names, records(frame), strict=True)
    ]
    return bars.named(page.look, names, list(frame["rows"]), text=formats.count, sentences=sentences, longest=34)


def files(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    names = [str(one) for one in frame["file"]]
    sentences = [f"{row['file']}: {formats.count(row['rows'])} rows wait in quarantine" for row in records(frame)]
    return bars.named(page.look, names, list(frame["rows"]), text=formats.count, sentences=sentences, longest=40)


def outcomes(page: Page, frame: pd.DataFrame) -> Chart:
    """One bar per feed, split by what became of its rows."""
    formats = page.look.formats
    table = frame.pivot_table(index="feed", columns="outcome", values="rows", aggfunc="sum", fill_value=0).reset_index()
    kinds = list(frame.groupby("outcome")["rows"].sum().sort_values(ascending=False).index)
    shares = table.assign(**{kind: table[kind] / table[kinds].sum(axis=1) for kind in kinds})
    shares["feed"] = [str(one).replace("_", " ") for one in shares["feed"]]
    colours = dict(zip(kinds, page.look.palette.categories, strict=False))
    return stacks.stacked(page.look, shares, name="feed", parts=colours, text=formats.percent, of="of the rows")


def broken(page: Page, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    names = {"verdict": "Verdict", "severity": "Severity", "expectation": "What is expected",
             "observed": "What was found", "threshold": "What it may be", "rule": "Rule"}  # fmt: skip
    return frame[list(names)].rename(columns=names), {}


def deliveries(page: Page, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    formats = page.look.formats
    counts = {"loaded": "Files loaded", "duplicates": "Duplicates", "rejected": "Rejected", "rows": "Rows"}
    shown = pd.DataFrame({"Kind of file": [str(one).replace("_", " ") for one in frame["file_kind"]]})
    for column, name in counts.items():
        shown[name] = [formats.count(one) for one in frame[column]]
    shown["Last loaded"] = ["–" if pd.isna(one) else formats.instant(one) for one in frame["last_loaded"]]
    right = st.column_config.TextColumn
    return shown, {name: right(name, alignment="right") for name in counts.values()}


def publications(page: Page, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    formats = page.look.formats
    shown = pd.DataFrame(
        {
            "Publication": [str(one) for one in frame["publication"]],
            "Kind": list(frame["kind"]),
            "Published": [formats.instant(one) for one in frame["published_at"]],
            "As of": [formats.day(one) for one in frame["as_of"]],
            "New batches": [formats.count(one) for one in frame["batches"]],
            "Files": [formats.count(one) for one in frame["files"]],
            "Rows": [formats.count(one) for one in frame["rows"]],
        }
    )
    right = st.column_config.TextColumn
    return shown, {name: right(name, alignment="right") for name in ("New batches", "Files", "Rows")}


def draw(page: Page) -> None:
    answers, source = page.answers, page.filters.source
    kpi.row(page, kpis(page))
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("verdicts", "Expectations, table by table", "verdicts", "Latest judgement of each table",
                              "Expectations"),
                   lambda: trust.verdicts(answers), lambda frame: verdicts(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("outcomes", "What became of every row", "row outcomes", f"All files of {source}",
                              "Share of rows"),
                   lambda: trust.outcomes(answers, source), lambda frame: outcomes(page, frame))  # fmt: skip
        tile.chart(page, Tile("reasons", "Why rows wait in quarantine", "quarantine", f"All files of {source}", "Rows",
                              empty=words.NO_QUARANTINE),
                   lambda: trust.reasons(answers, source), lambda frame: reasons(page, frame))  # fmt: skip
    tile.table(page, Tile("broken", "Expectations that were not met", "verdicts", "Latest judgement of each table",
                          empty=words.ALL_PASSED),
               lambda: trust.broken_rules(answers), lambda frame: broken(page, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("files", "Files with most rows in quarantine", "quarantine", f"All files of {source}",
                              "Rows", empty=words.NO_QUARANTINE),
                   lambda: trust.files(answers, source), lambda frame: files(page, frame))  # fmt: skip
    with right:
        tile.table(page, Tile("deliveries", "Files that came in", "row outcomes", f"All files of {source}"),
                   lambda: trust.deliveries(answers, source), lambda frame: deliveries(page, frame))  # fmt: skip
        tile.table(page, Tile("publications", "What each publication brought", "row outcomes",
                              "All publications"),
                   lambda: trust.publications(answers), lambda frame: publications(page, frame))  # fmt: skip
    st.caption("Every tile of every page names its tables and its query under *Data*.")


if __name__ == "__main__":
    draw(open_page("Data Quality"))
