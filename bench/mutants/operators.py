"""Small changes of meaning: what a slip of a hand, or of an hour, would leave in the place of an expression."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from bench.mutants.syntax import called, tells

Change = tuple[str, str]
"""What was done, and the text that takes the place of the node's."""
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mult: ast.Add,
}  # fmt: skip
_NAMES = {
    "min": "max", "greatest": "least", "asc": "desc", "asc_nulls_first": "desc_nulls_first",
    "asc_nulls_last": "desc_nulls_last", "isNull": "isNotNull", "any": "all", "first": "last", "lead": "lag",
    "min_by": "max_by", "startswith": "endswith", "rowsBetween": "rangeBetween",
}  # fmt: skip
_OTHER_NAME = _NAMES | {other: name for name, other in _NAMES.items()}
_JOINS = {"left": "inner", "inner": "left", "left_anti": "left_semi", "left_semi": "left_anti", "full": "left"}
_FILTERS = frozenset({"filter", "where", "distinct", "dropDuplicates"})
_FIRST_OF = frozenset({"coalesce", "greatest", "least"})
_EMPTY = {"bool": "False", "str": "''", "int": "0", "list": "[]", "tuple": "()", "dict": "{}", "set": "set()"}


def changes(node: ast.AST) -> Iterator[Change]:
    """What may stand in the place of the node."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and, or", _text(ast.BoolOp(other, node.values))
        case ast.BinOp():
            yield from _binary(node)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield "negation dropped", _text(operand)
        case ast.Constant(value=value):
            yield from _constant(value)
        case ast.Call():
            yield from _call(node)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "condition negated", _text(ast.IfExp(_negated(test), body, orelse))
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            yield from _without_conditions(node)


def changes_of_statement(node: ast.stmt, returns: ast.expr | None) -> Iterator[tuple[ast.AST, str, str]]:
    """The part of a statement that changes, what was done, and the text in its place."""
    match node:
        case ast.If(test=test):
            yield test, "condition negated", _text(_negated(test))
        case ast.Expr(value=ast.Call()) if not tells(node):
            yield node, "call left out", "pass"
        case ast.Return(value=ast.expr() as value):
            empty = _EMPTY.get(_type_name(returns))
            if empty is not None and ast.unparse(value) != empty:
                yield value, "returns the default", empty
            if _type_name(returns) == "bool" and ast.unparse(value) != "True":
                yield value, "returns the default", "True"


def _comparisons(node: ast.Compare) -> Iterator[Change]:
    for place, operator in enumerate(node.ops):
        other = deepcopy(node)
        other.ops[place] = _COMPARISONS[type(operator)]()
        yield "comparison", _text(other)


def _binary(node: ast.BinOp) -> Iterator[Change]:
    texts = (ast.List, ast.Tuple, ast.JoinedStr, ast.ListComp, ast.Dict, ast.Set)
    sides = (node.left, node.right)
    if any(
        isinstance(side, texts) or (isinstance(side, ast.Constant) and isinstance(side.value, str)) for side in sides
    ):
        return  # joined together, not added up: every change is an error
    if other := _BINARY.get(type(node.op)):
        yield "arithmetic", _text(ast.BinOp(node.left, other(), node.right))


def _constant(value: object) -> Iterator[Change]:
    match value:
        case bool():
            yield "constant", repr(not value)
        case int():
            yield "constant", repr(value + 1)
            yield "constant", f"({value - 1})"
        case float():
            yield "constant", repr(value * 2 + 1)
        case str() if value in _JOINS:
            yield "kind of join", repr(_JOINS[value])


def _call(node: ast.Call) -> Iterator[Change]:
    name = called(node)
    if name in _OTHER_NAME:
        other = deepcopy(node)
        if isinstance(other.func, ast.Attribute):
            other.func.attr = _OTHER_NAME[name]
        elif isinstance(other.func, ast.Name):
            other.func.id = _OTHER_NAME[name]
        yield "its opposite", _text(other)
    if name in _FILTERS and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "F":
        yield "filter dropped", _text(node.func.value)
    if name in _FIRST_OF and len(node.args) > 1 and not any(isinstance(part, ast.Starred) for part in node.args):
        yield f"{name} dropped", _text(node.args[0])
        if name == "coalesce":
            yield "order of coalesce", _text(ast.Call(node.func, node.args[::-1], node.keywords))
    if name == "when" and len(node.args) == 2:
        condition = ast.UnaryOp(ast.Invert(), node.args[0])
        yield "condition negated", _text(ast.Call(node.func, [condition, node.args[1]], node.keywords))


def _without_conditions(node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp) -> Iterator[Change]:
    for place, part in enumerate(node.generators):
        for condition in range(len(part.ifs)):
            other = deepcopy(node)
            del other.generators[place].ifs[condition]
            yield "filter dropped", _text(other)


def _negated(test: ast.expr) -> ast.expr:
    return (
        test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)
    )


def _type_name(annotation: ast.expr | None) -> str:
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return annotation.id if isinstance(annotation, ast.Name) else ""


def _text(node: ast.expr) -> str:
    return f"({ast.unparse(ast.fix_missing_locations(node))})"
