"""Small lines beside figures."""

from __future__ import annotations

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from dashboard.charts.spark import EDGE, HEIGHT, WIDTH, sparkline


def drawn(values: list[float]) -> list[tuple[float, float]]:
    """The points of the line, as a browser would read them."""
    [image] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', sparkline(values, "#123456"))
    [area, line] = ElementTree.fromstring(b64decode(image))
    assert area.get("fill") == line.get("stroke") == "#123456"
    found = [point.split(",") for point in str(line.get("d")).removeprefix("M").split(" L")]
    return [(float(x), float(y)) for x, y in found]


def test_values_stand_from_left_to_right_with_the_lowest_at_the_bottom():
    assert drawn([1, 3, 2]) == [(0, HEIGHT - EDGE), (WIDTH / 2, EDGE), (WIDTH, HEIGHT / 2)]


def test_a_line_of_equal_values_is_flat():
    assert {y for _, y in drawn([5, 5, 5])} == {HEIGHT - EDGE}


def test_values_below_zero_have_their_place():
    assert drawn([-2, 0]) == [(0, HEIGHT - EDGE), (WIDTH, EDGE)]


def test_what_is_not_known_is_passed_over():
    assert drawn([1, float("nan"), 3]) == drawn([1, 3])


@pytest.mark.parametrize("values", [[], [1], [1, float("nan")]])
def test_there_is_no_line_through_fewer_than_two_values(values):
    assert sparkline(values, "#123456") == ""
