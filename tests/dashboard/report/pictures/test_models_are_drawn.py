"""What the pictures of models show against the rows that were published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.formats import THIN
from dashboard.report.pictures import churn_risk, demand_forecast
from tests.dashboard.report.pictures import rows
from tests.dashboard.report.pictures.drawn import asked, bars, sheet_of
from tests.dashboard.shop import FIRST


def test_a_forecast_is_of_revenue_and_compared_with_the_same_weeks_a_year_before(sheet):
    found = demand_forecast.figures(sheet)
    assert (found.measure, found.method, found.total) == ("revenue", "theta", 903.0)
    then = asked(
        sheet.answers,
        "SELECT sum(net_revenue) AS revenue FROM gold.daily_sales"
        " WHERE full_date BETWEEN DATE '2023-04-03' AND DATE '2023-04-23'",
    )
    assert sum(found.former) == pytest.approx(float(then[0]["revenue"]))
    assert found.change == pytest.approx(903 / float(then[0]["revenue"]) - 1)
    assert [week for week, _ in found.before] == [rows.FIRST_WEEK - timedelta(weeks=back) for back in range(52, 0, -1)]
    assert [(one.name, one.forecast) for one in found.parts] == [("Plates", 451.5), ("Cups", pytest.approx(90.3))]


def test_bands_and_lines_of_a_forecast_are_those_of_the_mart(sheet):
    found = demand_forecast.figures(sheet)
    fan, parts = demand_forecast.paint(sheet, found).figure.axes
    for band, share in zip(fan.collections, (0.4, 0.2), strict=True):
        heights = sorted({round(float(y), 6) for _, y in band.get_paths()[0].vertices})
        assert heights == pytest.approx(
            sorted(round((300 + at) * (1 + way * share), 6) for at in range(3) for way in (-1, 1))
        )
    assert list(fan.lines[-1].get_ydata()) == [300, 301, 302]
    assert bars(parts) == [one.forecast for one in found.parts]


def test_a_forecast_of_units_alone_is_said_in_units_and_not_compared_where_the_year_before_is_not_known(tmp_path):
    units = [row for row in rows.forecast(40)["demand_forecast"] if row["measure"] == "units"]
    early = [row | {"week_start": FIRST + timedelta(days=1 + 7 * row["horizon_week"])} for row in units]
    sheet = sheet_of(tmp_path, {"demand_forecast": early})
    found, drawn = demand_forecast.figures(sheet), demand_forecast.draw(sheet)
    assert ([week for week, _ in found.before], found.former) == ([date(2023, 1, 2)], ())
    assert drawn.title == f"12.8{THIN}k of units to be expected in the next 40 weeks"
    assert "£" not in drawn.alt


def test_customers_and_their_value_stand_in_the_tenth_of_their_risk(sheet):
    found = churn_risk.figures(sheet)
    assert found.customers == (1,) * 10
    assert found.values == tuple(10.0 * (at + 1) for at in range(10))
    assert (found.basis, found.months, found.days, found.model) == ("margin", 12, 90, "xgboost")
    assert found.calibration == tuple((at / 4, at / 5) for at in range(5))
    customers, values, trust = churn_risk.paint(sheet, found).figure.axes
    assert bars(customers) == [1] * 10
    assert bars(values) == [10.0 * (at + 1) for at in reversed(range(10))]
    assert list(trust.lines[1].get_ydata()) == [at / 5 for at in range(5)]
    assert churn_risk.draw(sheet).title == (
        "5 of 10 customers will more likely than not stay away for 90 days; £400 of £550 expected margin is theirs"
    )


def test_without_value_and_test_of_the_model_the_panels_say_so(tmp_path):
    people = [row | {"clv": None, "clv_months": None, "clv_basis": None}
              for row in rows.churn()["customer_predictions"]]  # fmt: skip
    sheet = sheet_of(tmp_path, {"customer_predictions": people})
    found = churn_risk.figures(sheet)
    assert (found.values, found.months, found.days, found.calibration) == (None, None, None, ())
    drawn = churn_risk.draw(sheet)
    assert drawn.title == "5 of 10 customers will more likely than not stay away"
    said = [text.get_text() for text in churn_risk.paint(sheet, found).figure.texts]
    assert "No lifetime value is published." in said
    assert "No test of the model" in said
