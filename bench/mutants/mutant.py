"""The mutants of a module: its source, each with one small change of what it does."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bench.mutants.operators import changes, changes_of_statement
from bench.mutants.sql_texts import changed, is_sql
from bench.mutants.syntax import deciding

_Found = tuple[ast.AST, str, str]
"""A node, what was done, and the text in its place."""


@dataclass(frozen=True)
class Mutant:
    """One change. `key` is the same as long as the function or class around it is, wherever that stands."""

    module: str
    line: int
    operator: str
    before: str
    """The lines that change, as one line."""
    after: str
    key: str
    source: str
    """The whole module, changed."""


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Every mutant of the module. Each compiles, none leaves it as it was, and no two say the same."""
    return list(_apart(_all_of(module, source), source))


def sample(module: str, source: str, count: int, seed: int) -> list[Mutant]:
    """As many of them, the same for the same seed; what is new to a module does not change which others are taken."""
    found = sorted(
        _all_of(module, source), key=lambda mutant: hashlib.sha256(f"{seed}\0{mutant.key}".encode()).digest()
    )
    return sorted(islice(_apart(found, source), count), key=lambda mutant: mutant.line)


def _all_of(module: str, source: str) -> Iterator[Mutant]:
    tree, seen = ast.parse(source), Counter[str]()
    for top in tree.body:
        around = ast.get_source_segment(source, top) or ""
        for node, operator, text in _changes_within(top, source):
            yield _mutant(module, source, node, operator, text, around, seen)


def _apart(mutants: Iterable[Mutant], source: str) -> Iterator[Mutant]:
    """Those that compile and say neither what was there nor what one before says."""
    known = {ast.dump(ast.parse(source))}
    for mutant in mutants:
        if _compiles(mutant.source) and (meaning := ast.dump(ast.parse(mutant.source))) not in known:
            known.add(meaning)
            yield mutant


def _changes_within(top: ast.stmt, source: str) -> Iterator[_Found]:
    returns = {
        inner: function.returns
        for function in ast.walk(top)
        if isinstance(function, ast.FunctionDef)
        for inner in ast.walk(function)
    }
    for node in (part for part in deciding(ast.Module([top], [])) if hasattr(part, "lineno")):
        if isinstance(node, ast.stmt):
            yield from changes_of_statement(node, returns.get(node))
        elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            literal = ast.get_source_segment(source, node) or ""
            if is_sql(literal):
                yield from ((node, operator, text) for operator, text in changed(literal))
        yield from ((node, operator, text) for operator, text in changes(node))


def _mutant(
    module: str, source: str, node: ast.AST, operator: str, text: str, around: str, seen: Counter[str]
) -> Mutant:
    lines = source.splitlines(keepends=True)
    first, last = lines[node.lineno - 1], lines[node.end_lineno - 1]  # type: ignore[attr-defined]
    head = first.encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
    tail = last.encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
    above, below = lines[: node.lineno - 1], lines[node.end_lineno :]  # type: ignore[attr-defined]
    old = " ".join("".join(lines[node.lineno - 1 : node.end_lineno]).split())  # type: ignore[attr-defined]
    new = " ".join((head + text + tail).split())
    # What the same line has twice (`a < b and b < c`) differs by its text already; a line that stands twice does not.
    name = "\0".join((module, around, old, new))
    seen[name] += 1
    key = hashlib.sha256(f"{name}\0{seen[name]}".encode()).hexdigest()[:16]
    changed_source = "".join((*above, head, text, tail, *below))
    return Mutant(module, node.lineno, operator, old, new, key, changed_source)  # type: ignore[attr-defined]


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
