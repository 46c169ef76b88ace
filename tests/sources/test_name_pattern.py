"""What names of files say is found in bounded time, in the notation that Python has."""

from __future__ import annotations

import re
import time

import pytest

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.name_pattern import WrongPattern, groups, values


@pytest.mark.parametrize("pattern", [r"^(?P<x>(a+)+)\.csv$", r"^(?P<x>(a|a)*)$", r"(?P<x>.*a.*a.*a.*a.*a.*a.*a.*b)"])
def test_a_name_made_to_hang_a_pattern_is_answered_at_once(pattern: str) -> None:
    began = time.monotonic()
    assert values(pattern, "a" * 200 + "!.csv") is None
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "pattern",
    [
        r"_(?P<day>\d{8})(_(?P<part>\d))?\.",
        r"^(orders|lines)_(?P<day>[^_(]+)_",
        r"(?P<word>\w+)[(](?P<no>[\d\w-]*)\)",
        r"(?P<all>[]\w(]+)\Z",
        r"(?i)(?P<kind>ORDERS)(\.csv)?",
        r"\((?P<inside>[^)]*)\)(?:x|y)?",
        r"(?P<not>[^\d]+)",
        r"(?P<rest>\D+)$",
        r"no(?P<x>thing)",
    ],
)
@pytest.mark.parametrize(
    "name", ["orders_20240131_2.csv", "orders_a(b_12.csv", "größe_٣(x-1).csv", "lines_(z)y", "Ünï]", "nothing", ""]
)
def test_it_finds_what_python_finds(pattern: str, name: str) -> None:
    found = re.search(pattern, name)
    expected = None if found is None else {key: text for key, text in found.groupdict().items() if text}
    assert values(pattern, name) == expected
    assert groups(pattern) == tuple(re.compile(pattern).groupindex)


@pytest.mark.parametrize(
    "pattern", ["(", r"(?P<x>a)(?=b)", r"(?P<x>a)(?P=x)", r"(?P<x>(a{900}){900})", r"(?P<x>[^\W_]+)"]
)
def test_what_cannot_be_searched_in_bounded_time_is_refused(pattern: str) -> None:
    with pytest.raises(WrongPattern, match="known"):
        groups(pattern)
    with pytest.raises(ValueError, match="from_name"):
        FileKind(pattern="x", columns=("a",), from_name=pattern)  # type: ignore[arg-type]


def test_a_pattern_without_groups_only_asks_whether_the_name_fits() -> None:
    assert groups("orders") == ()
    assert values("orders", "orders.csv") == {}
    assert values("orders", "lines.csv") is None
