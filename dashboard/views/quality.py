"""How far can these numbers be trusted? Gates, quarantine, files, freshness, publications."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, stacks
from dashboard.charts import trust as charts
from dashboard.charts.base import Chart, Listing, records
from dashboard.data import lineage, trust
from dashboard.formats import NOTHING, plural
from dashboard.shell import bar, kpi, lake, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import LINEAGE, TRACED, Tile

FIRST_TRACED = "gold.daily_sales"
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


def broken(frame: pd.DataFrame) -> Listing:
    names = {"verdict": "Verdict", "severity": "Severity", "expectation": "What is expected",
             "observed": "What was found", "threshold": "What it may be", "rule": "Rule"}  # fmt: skip
    return Listing(frame[list(names)].rename(columns=names))


def deliveries(page: Page, frame: pd.DataFrame) -> Listing:
    formats = page.look.formats
    counts = {"loaded": "Files loaded", "duplicates": "Duplicates", "rejected": "Rejected", "rows": "Rows"}
    shown = pd.DataFrame({"Kind of file": [str(one).replace("_", " ") for one in frame["file_kind"]]})
    for column, name in counts.items():
        shown[name] = [formats.count(one) for one in frame[column]]
    shown["Last loaded"] = ["–" if pd.isna(one) else formats.instant(one) for one in frame["last_loaded"]]
    return Listing(shown, list(counts.values()))


def left_out(page: Page, frame: pd.DataFrame) -> Listing:
    count = page.look.formats.count
    shown = pd.DataFrame(
        {
            "Kind of file": [str(one).replace("_", " ") for one in frame["file_kind"]],
            "Why": list(frame["why"]),
            "Rows": [count(one) for one in frame["rows"]],
            "Files": [count(one) for one in frame["files"]],
        }
    )
    return Listing(shown, ("Rows", "Files"))


def publications(page: Page, frame: pd.DataFrame) -> Listing:
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
    return Listing(shown, ("New batches", "Files", "Rows"))


def draw(page: Page) -> None:
    answers, source = page.answers, page.filters.source
    if later := trust.later_refusal(answers).first():
        st.warning(words.later_run(later["status"], page.look.formats.instant(later["ended_at"]), page.number),
                   icon=":material/warning:")  # fmt: skip
    if behind_others := words.left_behind((trust.left_behind(answers).first() or {}).get("details")):
        st.warning(behind_others, icon=":material/warning:")
    kpi.row(page, kpis(page))
    if st.session_state.get(TRACED):
        behind(page)
    judged = f"Latest judgement of each table up to publication {page.number}"
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("verdicts", "Expectations, table by table", "verdicts", judged, "Expectations"),
                   lambda: trust.verdicts(answers), lambda frame: verdicts(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("outcomes", "What became of every row", "row outcomes", f"All files of {source}",
                              "Share of rows"),
                   lambda: trust.outcomes(answers, source), lambda frame: outcomes(page, frame))  # fmt: skip
        tile.chart(page, Tile("reasons", "Why rows wait in quarantine", "quarantine", f"All files of {source}", "Rows",
                              empty=words.NO_QUARANTINE),
                   lambda: trust.reasons(answers, source), lambda frame: reasons(page, frame))  # fmt: skip
    tile.table(page, Tile("broken", "Expectations that were not met", "verdicts", judged, empty=words.ALL_PASSED),
               lambda: trust.broken_rules(answers), broken)  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("files", "Files with most rows in quarantine", "quarantine", f"All files of {source}",
                              "Rows", empty=words.NO_QUARANTINE),
                   lambda: trust.files(answers, source), lambda frame: files(page, frame))  # fmt: skip
    with right:
        tile.table(page, Tile("deliveries", "Files that came in", "row outcomes", f"All files of {source}"),
                   lambda: trust.deliveries(answers, source), lambda frame: deliveries(page, frame))  # fmt: skip
        tile.table(page, Tile("left_out", "Rows that the declaration leaves out", "row outcomes",
                              f"All files of {source}", empty=words.NOTHING_LEFT_OUT),
                   lambda: trust.left_out(answers, source), lambda frame: left_out(page, frame))  # fmt: skip
    if not st.session_state.get(TRACED):
        behind(page)
    brought(page)


def behind(page: Page) -> None:
    """From figures back to their files: the tables that the reader chooses, or those of the tile that led here."""
    answers, source = page.answers, page.filters.source
    known = lineage.published_tables(answers)
    # A default beside a value that a tile has set would be one choice too many.
    first = None if LINEAGE in st.session_state else [name for name in known if name == FIRST_TRACED]
    chosen = st.multiselect("Tables to trace back", known, default=first, key=LINEAGE, **bar.KEPT)
    names = tuple(str(one) for one in chosen)
    named = " and ".join(names) or "nothing"
    tile.table(page, Tile("behind", "What the tables are made from", "lineage", f"Behind {named}",
                          empty=words.NOTHING_TRACED),
               lambda: lineage.behind(answers, names), partial(charts.behind, page.look))  # fmt: skip
    tile.table(page, Tile("traced", "Files behind the tables, and what became of their rows", "row outcomes",
                          f"Of {source}, behind {named}", f"At most {lineage.MOST_FILES}, the latest first",
                          empty=words.NO_FILES_BEHIND),
               lambda: lineage.files(answers, source, names), partial(charts.files, page.look))  # fmt: skip


def brought(page: Page) -> None:
    """What each publication brought, and how the tables of this one grew."""
    answers, published = page.answers, page.answers.publication
    parent = published.parent if published else None
    before = None if parent is None else lake.at(parent)
    against = "The first publication: all tables are new" if parent is None else f"Against publication {parent}"
    left, right = st.columns(2)
    with left:
        tile.table(page, Tile("publications", "What each publication brought", "row outcomes", "All publications"),
                   lambda: trust.publications(answers), lambda frame: publications(page, frame))  # fmt: skip
    with right:
        tile.table(page, Tile("growth", f"Rows of each table in publication {page.number}", "rows of a table", against,
                              "Rows"),
                   lambda: lineage.growth(before, answers), partial(charts.growth, page.look))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Data Quality"))
