from pathlib import Path

import matplotlib
import plotly.graph_objects as go
import pytest
from matplotlib.colors import to_hex

import quality.report
from dashboard.themes import css
from dashboard.themes import matplotlib as for_matplotlib
from dashboard.themes import plotly as for_plotly
from dashboard.themes import streamlit as for_streamlit
from dashboard.tokens import DARK, LIGHT, OKABE_ITO, PALETTES, Palette, contrast, mixed, translucent

both = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())


def test_black_on_white_has_the_greatest_contrast_and_a_colour_none_with_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#2d5fb8", "#2d5fb8") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WebAIM's checker


@both
@pytest.mark.parametrize("text", ["ink", "soft", "accent", "better", "worse", "warned", "waived"])
@pytest.mark.parametrize("under", ["ground", "card"])
def test_text_can_be_read(palette: Palette, text: str, under: str):
    assert contrast(getattr(palette, text), getattr(palette, under)) >= 4.5


def test_categories_are_seen_on_the_dark_card_as_they_are():
    assert LIGHT.categories == DARK.categories == OKABE_ITO
    assert all(contrast(colour, DARK.card) >= 3 for colour in OKABE_ITO)


@both
def test_scales_go_from_near_the_card_to_far_from_it_and_stand_at_zero_in_the_middle(palette: Palette):
    away = [contrast(colour, palette.card) for colour in palette.one_way]
    assert away == sorted(away)
    assert away[0] < 1.2
    middle = contrast(palette.two_way[2], palette.card)
    assert middle < min(contrast(colour, palette.card) for colour in (palette.two_way[0], palette.two_way[4]))


def test_colours_are_mixed_and_made_translucent():
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert translucent("#2d5fb8", 0.25) == "rgba(45, 95, 184, 0.25)"


def test_pages_of_quality_begin_with_the_rules_made_from_the_tokens():
    style = (Path(quality.report.__file__).parent / "templates" / "base.css").read_text(encoding="utf-8")
    assert style.startswith(css.root_rules())
    assert style.count(":root") == 3


@both
def test_every_theme_shows_the_same_colours(palette: Palette):
    wanted = {palette.ground, palette.card, palette.ink, palette.soft, palette.accent, palette.better, palette.worse}
    assert wanted <= set(css.variables(palette).values())
    assert wanted <= set(for_streamlit.colours(palette.mode).values())
    assert set(for_streamlit.colours(palette.mode).items()) <= {
        (name.removeprefix(f"theme.{palette.mode}."), value) for name, value in for_streamlit.options().items()
    }


@both
def test_figures_of_plotly_take_the_tokens(palette: Palette):
    layout = go.Figure(layout={"template": for_plotly.template(palette)}).layout.template.layout
    assert (layout.font.color, layout.xaxis.tickfont.color) == (palette.ink, palette.soft)
    assert layout.colorway == palette.categories
    assert layout.colorscale.sequential[0] == (0, palette.one_way[0])
    assert layout.colorscale.diverging[2] == (0.5, palette.two_way[2])


@both
def test_matplotlib_knows_every_setting_and_takes_the_tokens(palette: Palette):
    with matplotlib.rc_context(for_matplotlib.style(palette)):
        assert to_hex(matplotlib.rcParams["text.color"]) == palette.ink
        assert to_hex(matplotlib.rcParams["figure.facecolor"]) == palette.card
        colours = [to_hex(one["color"]).lower() for one in matplotlib.rcParams["axes.prop_cycle"]]
        assert colours == [colour.lower() for colour in palette.categories]


def test_streamlit_knows_every_option_that_it_is_given():
    from streamlit import config

    config.get_config_options()
    assert set(for_streamlit.options()) <= set(config.get_config_options())
