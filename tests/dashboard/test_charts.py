"""Figures: what a mark carries, what axes say, what hovering says."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts import bars, base, heat, lines, points, season, stacks, world
from dashboard.charts.base import Look
from dashboard.formats import THIN, Formats
from dashboard.tokens import DARK, LIGHT, between, contrast

LOOK = Look(LIGHT, Formats(), "GBP")
PARTS = pd.DataFrame({"value": ["Cups", "Plates"], "revenue": [1500.0, 500.0], "former_revenue": [1000.0, 1000.0]})


def ranked(**more: object) -> base.Chart:
    return bars.ranked(LOOK, PARTS, name="value", value="revenue", text=LOOK.money, full=LOOK.money_full,
                       of="net of returns", **more)  # fmt: skip


def test_a_bar_carries_its_id_and_a_sentence_and_stands_from_zero():
    drawn = ranked(former="former_revenue", against="the former year")
    former, bar, _ = drawn.figure.data
    assert (former.marker.color, former.width > bar.width) == (LIGHT.reference, True)
    assert [one[0] for one in bar.customdata] == ["Cups", "Plates"]
    assert bar.customdata[0][1] == f"Cups: £1,500.00 net of returns, 50.0{THIN}% above the former year"
    assert bar.customdata[1][1] == f"Plates: £500.00 net of returns, 50.0{THIN}% below the former year"
    assert drawn.figure.layout.xaxis.range[0] == 0
    assert "Cups: £1,500.00" in drawn.alt


def test_the_label_of_a_bar_stands_beyond_the_mark_of_the_former_period():
    labels = next(one for one in ranked(former="former_revenue", against="x").figure.data if one.type == "scatter")
    assert list(labels.x) == [1500, 1000]
    assert [one.strip() for one in labels.text] == [f"£1.5{THIN}k", "£500"]


def test_bars_that_a_filter_leaves_out_are_grey():
    assert list(ranked(chosen=("Cups",)).figure.data[0].marker.color) == [LIGHT.accent, LIGHT.reference]
    assert list(ranked().figure.data[0].marker.color) == [LIGHT.accent] * 2


def test_better_and_worse_are_told_by_an_arrow_too():
    frame = pd.DataFrame({"name": ["a", "b"], "value": [3.0, -2.0]})
    bar = bars.diverging(LOOK, frame, name="name", value="value", text=str, sentences=["A", "B"]).figure.data[0]
    assert [text[0] for text in bar.text] == ["▲", "▼"]
    assert list(bar.marker.color) == [LIGHT.better, LIGHT.worse]


def test_long_names_are_cut_and_still_differ():
    names = base.unlike_names(["A very long name of a product, red", "A very long name of a product, blue", "short"])
    assert len(set(names)) == 3
    assert names[2] == "short"
    assert all(len(name.replace("\u200b", "")) <= 24 for name in names)


@given(st.floats(-1e9, 1e9), st.floats(0.01, 1e9))
def test_ticks_are_few_evenly_apart_and_cover_the_values(low, size):
    high = low + size
    found = base.ticks(low, high)
    assert 2 <= len(found) <= 8
    assert found[0] <= low + size * 1e-6
    assert found[-1] >= high - size * 1e-6


def test_an_axis_begins_at_zero_and_says_money():
    found = base.axis([1200.0, 400.0, float("nan")], LOOK.money)
    assert found["range"][0] == 0
    assert found["ticktext"][-1].startswith("£1.")
    assert base.axis([], LOOK.money)["range"] == [0, 1]


def test_a_period_is_the_accent_over_a_grey_former_one_and_its_open_end_is_dotted():
    days = [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 15)]
    drawn = lines.trend(LOOK, days, [1.0, 2.0, 1.0], [1.0, None, 2.0], of="net of returns", against="former year",
                        label=LOOK.formats.day, tick=LOOK.formats.day, is_partial=True)  # fmt: skip
    former, whole, end = drawn.figure.data
    assert former.line.color == LIGHT.reference
    assert (whole.line.color, len(whole.x), end.line.dash) == (LIGHT.accent, 2, "dot")
    assert whole.customdata[0][1] == f"1 Jan 2024: £1.00 net of returns, 0.0{THIN}% above former year"
    assert end.customdata[1][1].endswith("(not over yet)")
    closed = lines.trend(LOOK, days, [1.0, 2.0, 1.0], [], of="x", against="y", label=LOOK.formats.day,
                         tick=LOOK.formats.day)  # fmt: skip
    assert [len(one.x) for one in closed.figure.data] == [3]


def grid(look: Look, values: list[list[float | None]]) -> base.Chart:
    return heat.grid(look, ["r"] * len(values), ["c"] * len(values[0]), values, text=str,
                     sentence=lambda at, across, value: f"{at} {across} {value}",
                     ids=[["id"] * 2] * len(values))  # fmt: skip


def test_what_is_not_known_is_blank_and_never_the_lowest_colour():
    drawn = grid(LOOK, [[1.0, None], [float("nan"), 0.0]])
    cells = drawn.figure.data[0]
    assert [list(row) for row in cells.z] == [[1.0, None], [None, 0.0]]
    assert cells.customdata[0][1][1] == ""
    assert tuple(cells.customdata[0][0]) == ("id", "0 0 1.0")
    assert list(drawn.figure.data[1].text) == ["1.0", "0.0"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@given(share=st.floats(0, 1))
@settings(deadline=None)
def test_the_number_of_a_cell_can_be_read_on_its_colour(palette, share):
    look = Look(palette, Formats(), "GBP")
    number = grid(look, [[1.0, share]]).figure.data[1]
    for at, value in enumerate((1.0, share)):
        assert contrast(number.textfont.color[at], between(palette.one_way, value)) >= 3.4


def test_a_calendar_has_a_cell_for_every_day_in_the_row_of_its_weekday():
    frame = pd.DataFrame({"full_date": pd.to_datetime(["2024-01-01", "2024-01-07"]), "v": [5.0, 7.0], "orders": [1, 2]})
    drawn = heat.year(LOOK, frame, date(2024, 1, 1), date(2024, 1, 9), value="v")
    cells = drawn.figure.data[0]
    assert (cells.z[0][0], cells.z[6][0], cells.z[1][1]) == (5.0, 7.0, None)
    assert cells.customdata[0][0][1] == "Mon 1 Jan 2024: £5.00 net of returns, 1 order"
    assert cells.customdata[6][0][1] == "Sun 7 Jan 2024: £7.00 net of returns, 2 orders"


def test_shares_of_a_month_add_up_to_the_whole_and_the_ninth_part_is_other():
    frame = pd.DataFrame([{"at": month, "part": f"p{at}", "v": 10.0 - at} for month in (1, 2) for at in range(10)])
    drawn = stacks.shares(LOOK, frame, at="at", part="part", value="v", full=LOOK.money_full, where=str)
    assert [one.name for one in drawn.figure.data] == [*(f"p{at}" for at in range(7)), "other"]
    assert sum(one.y[0] for one in drawn.figure.data) == pytest.approx(1)


def test_parts_of_nothing_are_left_out_of_a_stack():
    frame = pd.DataFrame({"name": ["a"], "passed": [3.0], "failed": [0.0]})
    drawn = stacks.stacked(LOOK, frame, name="name", parts={"passed": "#000000", "failed": "#ffffff"}, text=str, of="x")
    assert [one.name for one in drawn.figure.data] == ["passed"]


def test_the_map_draws_countries_that_have_a_code_and_a_click_gives_their_name():
    drawn = world.world(LOOK, ["France", "unknown"], ["FR", None], [10.0, 5.0], "net of returns")
    shape = drawn.figure.data[0]
    assert list(shape.locations) == ["FRA"]
    assert tuple(shape.customdata[0]) == ("France", "France: £10.00 net of returns")
    assert world.alpha3("GB") == "GBR"
    assert world.alpha3("??") is None


def test_an_estimate_without_an_interval_has_no_bar():
    frame = pd.DataFrame({"n": ["a", "b"], "v": [1.0, 2.0], "low": [0.5, None], "high": [1.5, None]})
    drawn = points.intervals(LOOK, frame, name="n", value="v", low="low", high="high", text=str, sentences=["A", "B"])
    assert [len(one.x) for one in drawn.figure.data if one.mode == "lines"] == [2]


def test_a_cloud_on_a_logarithmic_axis_has_powers_of_ten():
    frame = pd.DataFrame({"x": [5.0, 5000.0], "y": [0.1, 0.2]})
    drawn = points.cloud(LOOK, frame, x="x", y="y", x_text=LOOK.money, y_text=str, x_title="X", y_title="Y",
                         ids=["a", "b"], sentences=["A", "B"], logarithmic=True)  # fmt: skip
    assert drawn.figure.layout.xaxis.tickvals == (1, 10, 100, 1000, 10000)
    assert [one[0] for one in drawn.figure.data[0].customdata] == ["a", "b"]


def test_a_series_has_a_panel_for_each_part_that_it_has_and_marks_what_is_odd():
    days = pd.date_range("2024-01-01", periods=4)
    frame = pd.DataFrame({"full_date": days, "value": [1.0, 2.0, 9.0, 2.0], "trend": [2.0] * 4, "weekly": [0.1] * 4,
                          "yearly": [None] * 4, "remainder": [-1.0, 0.0, 7.0, 0.0],
                          "is_anomaly": [False, False, True, False],
                          "is_change_point": [False, True, False, False]})  # fmt: skip
    drawn = season.decomposition(LOOK, frame, text=str, full=str, of="orders")
    assert [one.text for one in drawn.figure.layout.annotations] == ["Trend over the days", "Week", "What is left"]
    odd = [one for one in drawn.figure.data if one.mode == "markers"]
    assert [list(one.y) for one in odd] == [[9.0], [7.0]]
    assert "7.0 more than trend and season explain" in odd[0].customdata[0][1]
    assert len(drawn.figure.layout.shapes) == 1


def test_a_forecast_has_its_two_intervals_as_bands():
    before = pd.DataFrame({"week_start": pd.to_datetime(["2024-01-01"]), "value": [5.0]})
    ahead = pd.DataFrame({"week_start": pd.to_datetime(["2024-01-08"]), "forecast": [6.0], "low_80": [5.0],
                          "high_80": [7.0], "low_95": [4.0], "high_95": [8.0]})  # fmt: skip
    drawn = lines.fan(LOOK, before, ahead, text=str, full=str, of="units")
    assert [list(one.y) for one in drawn.figure.data if one.fill == "toself"] == [[8.0, 4.0], [7.0, 5.0]]
    assert drawn.figure.data[3].customdata[0][1].endswith("6.0 units expected, with 80 % certainty 5.0 to 7.0")


def test_the_map_shows_europe_alone_where_nothing_was_sold_outside_it():
    def shown(*codes: str) -> str:
        values = [1.0] * len(codes)
        return world.world(LOOK, list(codes), list(codes), values, "sold").figure.layout.geo.projection.type

    assert [shown("GB", "FR"), shown("GB", "AU"), shown()] == ["mercator", "natural earth", "natural earth"]


def test_ticks_say_exactly_where_their_lines_are():
    for most in (1.04e6, 1.2e6, 6.6e5, 240.0, 37.0):
        line = base.axis([0.0, most], LOOK.money)
        digits = [text.strip("£").split(THIN) for text in line["ticktext"]]
        sizes = {"M": 1e6, "k": 1e3}
        told = [float(number) * sizes.get(unit[0] if unit else "", 1.0) for number, *unit in digits]
        assert told == pytest.approx(line["tickvals"])


def test_on_a_telephone_long_names_stand_in_two_lines_and_labels_left_of_zero_have_room():
    narrow = Look(LIGHT, Formats(), "GBP", is_narrow=True)
    [first, second] = base.row_names(narrow, ["Ashdown Parasol AE028 + Aster Chronograph SF740", "Cups"])
    assert first == "Ashdown Parasol AE0…<br>+ Aster Chronograph…"
    assert base.row_names(narrow, ["Halcyon Workbook 15 UX837"]) == ["Halcyon Workbook 15<br>UX837"]
    assert second == "Cups"
    assert base.row_names(LOOK, ["Ashdown Parasol AE028 + Aster"], 40) == ["Ashdown Parasol AE028 + Aster"]
    frame = pd.DataFrame({"name": ["a", "b"], "value": [60.0, -40.0]})
    for look, least in ((LOOK, 0.19), (narrow, 0.34)):
        drawn = bars.diverging(look, frame, name="name", value="value", text=str, sentences=["A", "B"])
        low, high = drawn.figure.layout.xaxis.range
        assert (-40 - low) / (high - low) >= least
        assert (high - 60) / (high - low) >= least


def test_names_below_upright_bars_are_left_out_where_there_is_no_room_for_all():
    names = [f"{at * 10}–{at * 10 + 10}" for at in range(9)]
    narrow = Look(LIGHT, Formats(), "GBP", is_narrow=True)
    few, all_of_them = (
        bars.columns(look, names, [1.0] * 9, text=str, sentences=names).figure.layout.xaxis.tickvals
        for look in (narrow, LOOK)
    )
    assert len(all_of_them) == 9
    assert len(few) < 9


def test_what_is_not_known_is_grey_among_parts():
    frame = pd.DataFrame({"at": [1, 1], "part": ["unknown", "card"], "value": [3.0, 1.0]})
    drawn = stacks.shares(LOOK, frame, at="at", part="part", value="value", full=str, where=str)
    assert {one.name: one.marker.color for one in drawn.figure.data} == {
        "unknown": LIGHT.reference,
        "card": LIGHT.categories[1],
    }


def test_long_names_above_a_grid_stand_upright_on_a_telephone():
    narrow = Look(LIGHT, Formats(), "GBP", is_narrow=True)

    def angle(look: Look, *columns: str) -> int:
        values = [[1.0] * len(columns)]
        drawn = heat.grid(look, ["a"], columns, values, text=str, sentence=lambda *_: "")
        return drawn.figure.layout.xaxis.tickangle

    assert [angle(narrow, "About to Sleep", "Lost"), angle(narrow, "Oct 2023"), angle(LOOK, "About to Sleep")] == [
        -90,
        0,
        0,
    ]
