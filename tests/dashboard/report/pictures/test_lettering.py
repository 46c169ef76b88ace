import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.report.pictures.lettering import balanced, two_lines, wide, wrapped
from dashboard.report.pictures.marks import row_height

words = st.lists(st.text("abcmW", min_size=1, max_size=9), min_size=1, max_size=9).map(" ".join)


@given(words, st.integers(60, 300))
def test_no_word_is_lost_and_every_line_of_several_words_fits(text: str, room: int):
    lines = wrapped(text, room, 12)
    assert " ".join(lines) == text
    assert all(wide(line, 12) <= room for line in lines if " " in line)


@given(words, st.integers(60, 300))
def test_balanced_lines_are_as_few_as_needed_and_none_is_longer(text: str, room: int):
    lines, plain = balanced(text, room, 12), wrapped(text, room, 12, bold=True)
    assert len(lines) == len(plain)
    assert " ".join(lines) == text
    assert max(wide(one, 12, bold=True) for one in lines) <= max(wide(one, 12, bold=True) for one in plain)


@given(words, st.integers(40, 300))
def test_a_name_has_at_most_two_lines_and_both_fit(text: str, room: int):
    (name,) = two_lines([text], room)
    assert len(name.split("\n")) <= 2
    assert all(wide(line, 12) <= room for line in name.split("\n"))


@pytest.mark.parametrize(
    ("room", "shown"), [(300, "Kitchen appliances"), (80, "Kitchen\nappliances"), (52, "Kitchen\napplia…")]
)
def test_a_name_is_broken_before_it_is_cut(room: int, shown: str):
    assert two_lines(["Kitchen appliances"], room) == [shown]


def test_rows_are_higher_where_a_name_has_two_lines():
    assert row_height(["a", "b"]) < row_height(["a", "b\nc"])
