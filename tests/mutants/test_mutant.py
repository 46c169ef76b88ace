"""Mutants: small faults that are put into code on purpose."""

from __future__ import annotations

import ast

import pytest

from bench.mutants.mutant import Mutant, mutants_of, sample

CODE = '''"""What a module says about itself > nothing."""
LIMIT: int = 7


def late(days: int, text: str = "a < b") -> bool:
    """Whether it is > 3."""
    if days < 0:
        raise ValueError(f"{days} < 0 and {text} is 5")
    log.info("days", 3 > 2)
    note(days)
    return days > LIMIT
'''


def changes(code: str) -> set[tuple[str, str]]:
    return {(mutant.before, mutant.after) for mutant in mutants_of("m.py", code)}


def test_what_a_module_does_is_changed() -> None:
    assert changes(CODE) == {
        ("LIMIT: int = 7", "LIMIT: int = 8"),
        ("LIMIT: int = 7", "LIMIT: int = (6)"),
        ("if days < 0:", "if (not days < 0):"),
        ("if days < 0:", "if (days <= 0):"),
        ("if days < 0:", "if days < 1:"),
        ("if days < 0:", "if days < (-1):"),
        ("note(days)", "pass"),
        ("return days > LIMIT", "return False"),
        ("return days > LIMIT", "return True"),
        ("return days > LIMIT", "return (days >= LIMIT)"),
    }


def test_types_documentation_messages_and_what_is_told_stay() -> None:
    for mutant in mutants_of("m.py", CODE):
        for kept in (
            "LIMIT: int",
            '"""Whether it is > 3."""',
            '{days} < 0 and {text} is 5"',
            '"days", 3 > 2',
            "-> bool",
        ):
            assert kept in mutant.source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = a == b", "x = (a != b)"),
        ("x = a and b", "x = (a or b)"),
        ("x = a & b", "x = (a | b)"),
        ("x = a + b", "x = (a - b)"),
        ("x = ~a", "x = (a)"),
        ("x = True", "x = False"),
        ("x = F.coalesce(a, b)", "x = (a)"),
        ("x = F.coalesce(a, b)", "x = (F.coalesce(b, a))"),
        ("x = F.greatest(a, b)", "x = (F.least(a, b))"),
        ("x = F.min(a)", "x = (F.max(a))"),
        ("x = a.desc()", "x = (a.asc())"),
        ("x = a.filter(b).c()", "x = (a).c()"),
        ("x = a.join(b, k, 'left')", "x = a.join(b, k, 'inner')"),
        ("x = F.when(a, b)", "x = (F.when(~a, b))"),
        ("x = [i for i in a if i]", "x = ([i for i in a])"),
        ("x = a if b else c", "x = (a if not b else c)"),
        ('x = "a IS NULL AND b"', 'x = "a IS NOT NULL AND b"'),
        ('x = "a IS NULL AND b"', 'x = "a IS NULL OR b"'),
        ('x = f"WHERE {a} <= b"', 'x = f"WHERE {a} < b"'),
    ],
)
def test_each_slip_is_made(before: str, after: str) -> None:
    assert (before, after) in changes(before)


@pytest.mark.parametrize(
    "code",
    ["x = 'a' + b", "x = [a] + b", "x: int", "x = 'some words, and more'", "def f() -> int | None: ...", "import a"],
)
def test_what_only_breaks_or_says_nothing_is_no_mutant(code: str) -> None:
    assert changes(code) == set()


def test_values_within_a_text_of_sql_stay() -> None:
    assert changes("x = f\"WHERE {names[' AND ']}\"") == set()


def test_no_two_mutants_say_the_same_and_none_says_what_was_there() -> None:
    code = "def f(a: int) -> bool:\n    if a is None:\n        return False\n    return bool(a)\n"
    meanings = [ast.dump(ast.parse(mutant.source)) for mutant in mutants_of("m.py", code)]
    assert len(meanings) == len(set(meanings))
    assert ast.dump(ast.parse(code)) not in meanings


def test_letters_of_two_bytes_before_a_change_do_not_move_it() -> None:
    assert ("x = {'ü': a < b}", "x = {'ü': (a <= b)}") in changes("x = {'ü': a < b}")


def keys(mutants: list[Mutant]) -> set[str]:
    return {mutant.key for mutant in mutants}


def test_a_mutant_is_known_again_as_long_as_its_function_is_the_same() -> None:
    own = "def f(a):\n    return a > 1\n"
    assert keys(mutants_of("m.py", own)) <= keys(mutants_of("m.py", "y = 2\n\n" + own))
    assert not keys(mutants_of("m.py", own)) & keys(mutants_of("m.py", own.replace("a", "b")))


def test_equal_changes_of_equal_lines_are_two_mutants() -> None:
    assert len(keys(mutants_of("m.py", "def f(a):\n    g(a)\n    g(a)\n"))) == 2


def test_a_sample_is_the_same_for_a_seed_and_another_for_another() -> None:
    code = "\n".join(f"x{i} = a{i} < {i}" for i in range(20))
    assert sample("m.py", code, 9, 1) == sample("m.py", code, 9, 1)
    assert sample("m.py", code, 9, 1) != sample("m.py", code, 9, 2)
    assert keys(sample("m.py", code, 5, 1)) < keys(sample("m.py", code, 9, 1))
    assert keys(sample("m.py", code, 10_000, 1)) == keys(mutants_of("m.py", code))
    assert len(sample("m.py", code, 9, 1)) == 9


def test_what_is_new_to_a_module_takes_no_other_mutant_of_it() -> None:
    before, new = "def f(a):\n    return a > 1\n", "def g(b):\n    return b > 1\n"
    taken = keys(sample("m.py", before + new, 6, 1))
    assert taken <= keys(mutants_of("m.py", before)) | keys(mutants_of("m.py", new))
    assert keys(sample("m.py", before, 10, 1)) <= keys(sample("m.py", before + new, 100, 1))
