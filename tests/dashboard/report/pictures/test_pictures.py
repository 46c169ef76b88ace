"""What holds for every picture, whatever it shows."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

from dashboard.data.answers import opened
from dashboard.report.pictures import Picture, PicturesMissing, draw_pictures
from dashboard.report.pictures.canvas import WIDTH
from tests.dashboard.report.pictures import rows
from tests.dashboard.shop import shop

ALL = ["rfm_analysis", "cohort_heatmap", "sales_decomposition", "campaign_roi", "demand_forecast", "churn_risk"]
LONG = "A campaign of the spring with a name that is far longer than any column is wide, and says $5 to $6 off"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pictures")
    shop(made, more=rows.everything())
    return made


@pytest.fixture(scope="module")
def drawn(lake: Path) -> tuple[Picture, ...]:
    return draw_pictures(opened(lake), "shop")


def test_there_is_a_picture_of_everything_that_is_published_in_the_order_of_the_report(drawn):
    assert [one.name for one in drawn] == ALL


def test_the_same_figures_give_the_same_bytes_whatever_the_machine_has_set(drawn, lake):
    with matplotlib.rc_context({"font.size": 30, "axes.linewidth": 6, "svg.fonttype": "none"}):
        again = draw_pictures(opened(lake), "shop")
        assert matplotlib.rcParams["font.size"] == 30
    assert again == drawn


def test_a_png_is_twice_as_wide_as_it_is_shown_and_says_what_it_shows_but_not_when_or_by_what(drawn):
    for one in drawn:
        image = Image.open(io.BytesIO(one.png))
        assert image.width == 2 * WIDTH
        assert image.info["Title"] == one.title
        assert image.info["Description"] == one.alt
        assert not {"Software", "Creation Time"} & set(image.info)


def test_an_svg_refers_to_nothing_outside_and_carries_its_text(drawn):
    for one in drawn:
        root = ET.fromstring(one.svg)
        assert (root.get("role"), root.get("aria-label")) == ("img", one.alt)
        assert "<!DOCTYPE" not in one.svg
        named = set(re.findall(r'https?://[^"< ]+', one.svg))
        assert named <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        links = [value for part in root.iter() for name, value in part.attrib.items() if name.endswith("href")]
        assert links
        assert all(link.startswith("#") for link in links)
        assert not [part for part in root.iter() if part.tag.endswith(("}text", "}image", "}script"))]


def test_no_text_of_a_picture_holds_what_is_no_number(drawn):
    for one in drawn:
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b", f"{one.title} {one.alt}", re.IGNORECASE)
        assert one.alt.endswith(".")


def frame_is_empty(picture: Picture) -> bool:
    """Whether nothing touches the edge, where it would be cut."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("L"))
    edges = (pixels[:6], pixels[-6:], pixels[:, :6], pixels[:, -6:])
    return all((edge == 255).all() for edge in edges)


def renamed(found: rows.Rows, columns: set[str]) -> rows.Rows:
    """The same rows with long names."""
    return {
        table: [{key: LONG if key in columns and value != "(all)" else value for key, value in row.items()}
                for row in some]
        for table, some in found.items()
    }  # fmt: skip


def test_nothing_is_cut_at_the_edge_however_long_names_are(drawn, tmp_path):
    more = renamed(rows.campaigns(), {"campaign_name"}) | renamed(rows.forecast(), set())
    more |= {"customer_rfm": [
        rows.SHOP | {"customer_id": str(at), "customer_durable_key": at, "segment": f"{at} {LONG}", "monetary": 10**at,
                     "r_score": 1, "f_score": 1, "m_score": 1}
        for at in range(9)
    ]}  # fmt: skip
    shop(tmp_path, more=more)
    long = draw_pictures(opened(tmp_path), "shop")
    assert [one.name for one in long] == ["rfm_analysis", "campaign_roi", "demand_forecast"]
    assert all(frame_is_empty(one) for one in (*drawn, *long))


def test_a_source_without_customers_campaigns_and_models_has_its_sales_alone(tmp_path):
    shop(tmp_path, costs=False, customers=False, dimensions=False, more=rows.series())
    assert [one.name for one in draw_pictures(opened(tmp_path), "shop")] == ["sales_decomposition"]


def test_what_an_older_publication_lacks_is_left_out(tmp_path):
    lacking = ("gold.demand_forecast", "gold.customer_predictions", "gold.model_scores", "gold.model_curves",
               "gold.cohort_retention")  # fmt: skip
    shop(tmp_path, more=rows.campaigns(), without=lacking)
    assert [one.name for one in draw_pictures(opened(tmp_path), "shop")] == ["rfm_analysis", "campaign_roi"]


def test_a_source_that_sold_nothing_has_no_picture(lake):
    assert draw_pictures(opened(lake), "stall") == ()


def test_currencies_stay_apart_the_one_of_most_lines_is_drawn(tmp_path):
    champion = rows.SHOP | {"segment": "Champions", "r_score": 5, "f_score": 5, "m_score": 5}
    paid = [champion | {"customer_id": "P", "customer_durable_key": 1, "monetary": 7},
            champion | {"customer_id": "D", "customer_durable_key": 2, "monetary": 5, "currency": "USD"}]  # fmt: skip
    shop(tmp_path, more={"customer_rfm": paid})
    (picture,) = draw_pictures(opened(tmp_path), "shop")
    assert "Champions 1 customer, £7 (median £7)" in picture.alt
    assert "$" not in picture.alt


def test_without_matplotlib_the_message_says_what_to_type(lake, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PicturesMissing, match=r"pip install 'ecommerce-lakehouse\[images\]'"):
        draw_pictures(opened(lake), "shop")


def test_pictures_are_known_without_matplotlib_plotly_and_streamlit():
    code = (
        "import sys, dashboard.report.pictures;"
        " print(*{'matplotlib', 'plotly', 'streamlit', 'pyspark'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
