"""The parts of a module that decide what it does: all but types, documentation, messages and what is only told."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_TELLS = frozenset(
    {"print", "debug", "info", "warning", "error", "exception", "critical", "warn", "log", "Option", "Argument"}
)
"""Functions whose arguments people read."""
_FOR_PEOPLE = frozenset({"description", "help", "title", "label", "message", "reason"})
"""Keywords whose values people read."""
_TYPES = frozenset({"TypeVar", "cast", "NewType", "ParamSpec"})


def deciding(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement and expression that a change of would change what the module does, outermost first."""
    for child in _children(tree):
        yield child
        yield from deciding(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case (
            ast.FunctionDef(name="__str__" | "__repr__")
            | ast.Raise()
            | ast.JoinedStr()
            | ast.Import()
            | ast.ImportFrom()
        ):
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from node.args.defaults
            yield from (default for default in node.args.kw_defaults if default is not None)
            yield from _statements(node.body)
        case ast.ClassDef():
            yield from _statements(node.body)
        case ast.Module():
            yield from _statements(node.body)
        case ast.AnnAssign():
            if node.value is not None:
                yield node.value
        case ast.Assert():
            yield node.test
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.Call():
            yield from _parts_of_call(node)
        case _:
            yield from (child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr_context))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Without strings that stand alone: documentation."""
    for statement in body:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            yield statement


def _parts_of_call(call: ast.Call) -> Iterator[ast.AST]:
    name = called(call)
    if name in _TYPES:
        return
    yield call.func
    if name in _TELLS:
        return
    yield from call.args
    yield from (keyword.value for keyword in call.keywords if keyword.arg not in _FOR_PEOPLE)


def called(call: ast.Call) -> str:
    """The last name of what is called: `filter` of `frame.filter(...)`."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def tells(statement: ast.stmt) -> bool:
    """Whether the statement only tells people something."""
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and called(statement.value) in _TELLS
    )
