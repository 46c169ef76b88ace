"""What pictures show against the rows that were published: figures, and marks on the paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.formats import THIN
from dashboard.report.pictures import campaign_roi, cohort_heatmap, rfm_analysis, sales_decomposition
from tests.dashboard.report.pictures import rows
from tests.dashboard.report.pictures.drawn import asked, bars, sheet_of, texts


def test_cohorts_are_what_the_mart_says_and_what_is_not_known_is_not_there(sheet):
    found = cohort_heatmap.figures(sheet)
    known = asked(sheet.answers, "SELECT * FROM gold.cohort_retention WHERE retention IS NOT NULL AND month_number > 0")
    assert found.shares == {(row["cohort_month"], row["month_number"]): row["retention"] for row in known}
    assert found.partial == {(row["cohort_month"], row["month_number"]) for row in known if row["is_partial"]}
    assert found.sizes == {rows.MONTHS[at]: 100 * (at + 1) for at in range(3)}
    assert found.overall == {1: pytest.approx((11 + 21) / 300), 2: pytest.approx(12 / 100)}
    assert found.begins_with_data


def test_a_cohort_map_has_a_number_in_each_known_cell_and_none_elsewhere(sheet):
    canvas = cohort_heatmap.paint(sheet, cohort_heatmap.figures(sheet))
    (axes,) = canvas.figure.axes
    assert len(axes.patches) == 2 + 6
    white = [text.get_text() for text in axes.texts if text.get_fontstyle() == "italic"]
    assert white == ["13", "11", "10"]
    assert len([one for one in axes.patches if one.get_facecolor()[:3] == (1, 1, 1)]) == 3


def test_the_newest_eighteen_cohorts_are_shown(tmp_path):
    months = [date(2020 + at // 12, at % 12 + 1, 1) for at in range(24)]
    cell = rows.SHOP | {"month_number": 1, "cohort_size": 10, "customers": 5, "retention": 0.5}
    found = cohort_heatmap.figures(
        sheet_of(tmp_path, {"cohort_retention": [cell | {"cohort_month": one} for one in months]})
    )
    assert list(found.sizes) == months[-18:]
    assert not found.begins_with_data


def test_a_shop_of_one_month_has_no_cohort_map(tmp_path):
    assert cohort_heatmap.draw(sheet_of(tmp_path, rows.cohorts(1))) is None


def test_segments_are_those_of_the_customers_and_stand_from_best_to_worst(sheet):
    found = rfm_analysis.figures(sheet)
    asked_for = asked(
        sheet.answers,
        "SELECT segment, count(*) AS customers, sum(monetary) AS revenue, median(monetary) AS middle"
        " FROM gold.customer_rfm GROUP BY 1",
    )
    assert [one.name for one in found.segments] == ["Champions", "Loyal", "Lost"]
    assert {one.name: (one.customers, one.revenue, one.middle) for one in found.segments} == {
        row["segment"]: (row["customers"], pytest.approx(float(row["revenue"])), pytest.approx(float(row["middle"])))
        for row in asked_for
    }
    assert sum(found.cells.values()) == found.customers == 11
    assert all(one.low <= one.middle <= one.high for one in found.segments)


def test_bars_of_segments_are_as_long_as_their_customers_and_their_money(sheet):
    found = rfm_analysis.figures(sheet)
    sizes, money, cells, _ = rfm_analysis.paint(sheet, found).figure.axes
    assert bars(sizes) == [one.customers for one in found.segments]
    assert bars(money) == [one.revenue for one in found.segments]
    assert [text.get_text() for text in sizes.texts] == [
        f"{one.customers}  {sheet.formats.percent(one.customers / 11)}" for one in found.segments
    ]
    assert len(cells.patches) == len(found.cells)


def test_segments_that_brought_nothing_have_no_share_of_it(tmp_path):
    row = rows.SHOP | {"segment": "Own", "r_score": 1, "f_score": 1, "m_score": 1, "monetary": -5}
    (customer,) = [row | {"customer_id": "A", "customer_durable_key": 1}]
    drawn = rfm_analysis.draw(sheet_of(tmp_path, {"customer_rfm": [customer]}))
    assert drawn.title == f"Own: 100.0{THIN}% of the customers"
    assert "Own 1 customer, −£5 (median −£5)" in drawn.alt


def test_a_series_is_drawn_as_published_and_what_is_odd_is_marked_in_both_panels(sheet):
    found = sales_decomposition.figures(sheet)
    published = asked(sheet.answers, "SELECT * FROM gold.sales_decomposition ORDER BY full_date")
    assert list(found.values) == [row["value"] for row in published]
    assert list(found.parts) == ["trend", "weekly", "remainder"]
    first, week, left = sales_decomposition.paint(sheet, found).figure.axes
    assert list(first.lines[0].get_ydata()) == [row["value"] for row in published]
    assert list(week.lines[0].get_ydata()) == [row["weekly"] for row in published]
    assert list(left.lines[0].get_ydata()) == [row["remainder"] for row in published]
    for axes, column in ((first, "value"), (left, "remainder")):
        marked = [point[1] for point in axes.collections[0].get_offsets()]
        assert sorted(marked) == sorted(row[column] for row in published if row["is_anomaly"])
    assert [text.get_text() for text in left.texts] == ["10 Feb 2023", "21 Jan 2023"]
    assert found.levels == (date(2023, 1, 31),)


def test_the_title_of_a_series_says_the_year_where_there_is_one_and_else_the_growth(tmp_path, sheet):
    assert (
        sales_decomposition.draw(sheet).title == f"The trend of daily sales rose by 40.0{THIN}%; 2 of 60 days stand out"
    )
    more = rows.series()
    more["sales_series"][0] |= {"year_on_year": -0.1}
    drawn = sales_decomposition.draw(sheet_of(tmp_path, more))
    assert drawn.title.startswith(f"Sales are 10.0{THIN}% below the year before;")


def test_a_series_with_a_year_has_a_panel_for_it_and_one_too_short_none_at_all(tmp_path):
    more = rows.series()
    yearly = [row | {"yearly": 1.0} for row in more["sales_decomposition"]]
    whole = sheet_of(tmp_path / "whole", more | {"sales_decomposition": yearly})
    assert list(sales_decomposition.figures(whole).parts) == ["trend", "weekly", "yearly", "remainder"]
    assert len(sales_decomposition.paint(whole, sales_decomposition.figures(whole)).figure.axes) == 4
    more["sales_series"][0]["series_outcome"] = "too short"
    assert sales_decomposition.draw(sheet_of(tmp_path / "short", more)) is None


def test_names_of_days_do_not_lie_on_each_other():
    days = [(date(2024, 1, 1) + timedelta(days=at), 1.0) for at in (0, 3, 40, 80, 120)]
    assert [day.day for day, _ in sales_decomposition._apart(days, 30)] == [1, 10, 21]


def test_campaigns_stand_by_what_they_added_and_those_of_which_that_is_not_known_last(sheet):
    found = campaign_roi.figures(sheet)
    assert [(one.name, one.verdict) for one in found] == [
        ("Paid", "paid"), ("Open", "open"), ("Lost", "lost"), ("Without a held-out group", "open"),
    ]  # fmt: skip
    drawn = campaign_roi.draw(sheet)
    assert drawn.title == "1 of 3 campaigns surely paid off, 1 surely did not; by the naive figure 3 did"
    assert "Without a held-out group added not known, naive +200" in drawn.alt


def test_intervals_naive_figures_and_spend_are_drawn_as_published(sheet):
    found = campaign_roi.figures(sheet)
    added, naive, spend = campaign_roi.paint(sheet, found).figure.axes
    spans = [tuple(line.get_xdata()) for line in added.lines if len(set(line.get_xdata())) == 2]
    assert spans == [(0.4, 2.6), (-0.4, 0.8), (-0.9, -0.1)]
    assert [float(one.get_offsets()[0][0]) for one in added.collections] == [1.5, 0.2, -0.5]
    assert len({one.get_paths()[0].vertices.tobytes() for one in added.collections}) == 3  # no meaning by colour alone
    assert bars(naive) == [20, 9, 4, 2]
    assert bars(spend) == [100, 200, 300, 50]


def test_without_any_held_out_group_the_picture_says_so(tmp_path):
    more = {"campaign_roi": [row for row in rows.campaigns()["campaign_roi"] if "adjusted_roi" not in row]}
    sheet = sheet_of(tmp_path, more)
    canvas = campaign_roi.paint(sheet, campaign_roi.figures(sheet))
    assert any("held-out" in text for text in texts(canvas))
    axes = canvas.figure.axes[0]
    assert axes.axison
    assert [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()] == ["Without a held-out group"]
    assert campaign_roi.draw(sheet).title == "1 campaign, of none of which is known what it added"


def test_of_many_campaigns_those_of_most_spend_are_shown_and_the_others_counted(tmp_path):
    one = rows.campaigns()["campaign_roi"][0]
    more = {"campaign_roi": [one | {"campaign_id": str(at), "campaign_name": str(at), "spend": at} for at in range(30)]}
    sheet = sheet_of(tmp_path, more)
    assert {int(found.name) for found in campaign_roi.figures(sheet)} == set(range(6, 30))
    assert "24 of 30 campaigns" in campaign_roi._under(sheet, campaign_roi.figures(sheet))
