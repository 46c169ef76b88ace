"""What Streamlit's theme cannot say: cards, sizes of type, a bar that stays, one column on a narrow screen."""

from __future__ import annotations

import streamlit as st

from dashboard.tokens import GAP, INSIDE, KPI, NOTE, RADIUS, SECTION, STEP, TEXT, TITLE, Palette

_NARROW = f"""@media (max-width: 640px) {{
  [data-testid="stMainBlockContainer"] {{ padding: {STEP * 14}px 12px 32px; }}
  [class*="st-key-kpis"] {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }}
  [class*="st-key-filters"] {{ position: static; }}
  [class*="st-key-filters"] > * {{ flex: 1 1 140px !important; min-width: 0; }}
  [data-testid="stMetricValue"] {{ font-size: {KPI - 6}px; }}
}}
"""
"""One column, filters above it."""


def apply(palette: Palette) -> None:
    st.html(f"<style>{rules(palette)}</style>")


def rules(palette: Palette) -> str:
    """The style sheet; keys of containers become classes `st-key-…`."""
    card = f"background: {palette.card}; border: 1px solid {palette.line}; border-radius: {RADIUS}px;"
    return f"""
[data-testid="stAppViewContainer"], [data-testid="stApp"], [data-testid="stHeader"] {{
  background: {palette.ground}; }}
[data-testid="stMainBlockContainer"] {{ padding: {STEP * 14}px 24px 48px; max-width: 1280px; }}
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] {{ gap: {GAP}px; }}
[data-testid="stHorizontalBlock"] {{ gap: {GAP}px; }}
[data-testid="stColumn"] > [data-testid="stVerticalBlock"],
[data-testid="stColumn"] > div > [data-testid="stVerticalBlock"] {{ height: 100%; }}
[data-testid="stColumn"] [data-testid="stLayoutWrapper"]:has(> [class*="st-key-tile-"]) {{
  height: 100%; flex: 1 1 auto; }}
[class*="st-key-tile-"] > [data-testid="stLayoutWrapper"]:has(> [class*="st-key-foot-"]) {{ margin-top: auto; }}
h2 {{ font-size: {KPI - 4}px !important; font-weight: 650 !important; padding: 0 0 {STEP}px !important;
  line-height: 1.35 !important; }}
h3 {{ font-size: {SECTION}px !important; font-weight: 600 !important; padding: {STEP * 3}px 0 0 !important; }}
[class*="st-key-tile-"] {{ {card} padding: {INSIDE - 2}px {INSIDE}px {STEP * 2}px; gap: {STEP}px; height: 100%; }}
[class*="st-key-tile-"] [data-testid="stMarkdown"] p {{ font-size: {TITLE}px; }}
[class*="st-key-tile-"] [data-testid="stCaptionContainer"] p {{ font-size: {TEXT - 1}px; line-height: 1.4; }}
[class*="st-key-foot-"] {{ justify-content: space-between; gap: {STEP}px; min-height: 28px; }}
[class*="st-key-foot-"] [data-testid="stCaptionContainer"] p {{ font-size: {NOTE}px; }}
[class*="st-key-foot-"] [data-testid="stPopover"] > div > button, [class*="st-key-foot-"] button {{
  min-height: 24px; padding: 0 {STEP * 2}px; color: {palette.soft}; font-size: {NOTE}px; }}
[class*="st-key-foot-"] button p {{ font-size: {NOTE}px; }}
[class*="st-key-figure-"] {{ {card} padding: {GAP}px {INSIDE}px !important; height: 100%;
    justify-content: space-between; gap: {STEP}px !important; }}
[class*="st-key-figure-"] .spark {{ display: block; width: 100%; height: 40px; }}
[data-testid="stMetricValue"] {{ font-size: {KPI}px; font-weight: 650; font-variant-numeric: tabular-nums; }}
[data-testid="stMetricLabel"] p {{ font-size: {TEXT}px; color: {palette.soft}; white-space: normal; }}
[data-testid="stMetricDelta"] {{ font-size: {TEXT}px; font-variant-numeric: tabular-nums; flex-wrap: wrap; }}
[class*="st-key-kpis"] {{ display: grid !important; gap: {GAP}px;
  grid-template-columns: repeat(auto-fit, minmax(172px, 1fr)); align-items: stretch; }}
[class*="st-key-kpis"] > * {{ width: 100% !important; min-width: 0; }}
[class*="st-key-filters"] {{ position: sticky; top: {STEP * 14}px; z-index: 90; background: {palette.ground};
  padding: {STEP * 2}px 0; border-bottom: 1px solid {palette.line}; }}
[data-testid="stDataFrame"] {{ font-variant-numeric: tabular-nums; }}
{_NARROW}"""
