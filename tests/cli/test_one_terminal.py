"""One module alone speaks to terminals, and makes no styles of data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lakehouse.terminal as terminal

ROOT = Path(__file__).resolve().parents[2]


def _strange(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines that speak to a terminal by themselves, or make styles of data."""
    ours = {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names
            if node.module == terminal.__name__}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "rich.markup":
            yield node.lineno, "rich.markup"
        if isinstance(node, ast.ImportFrom) and node.module == "rich" and {one.name for one in node.names} & {"print"}:
            yield node.lineno, "rich.print"
        if not isinstance(node, ast.Call):
            continue
        said = ast.unparse(node.func)
        if said in ("print", "Console", "rich.console.Console", "typer.echo", "typer.secho", "click.echo") or (
            said.startswith(("sys.stdout.write", "sys.stderr.write", "traceback.print_")) or "from_markup" in said
        ):
            yield node.lineno, said
        if any(one.arg in ("markup", "emoji") and not _is(one.value, False) for one in node.keywords):
            yield node.lineno, "markup="
        if (
            said == "marked"
            and "marked" in ours
            and not all(isinstance(one, ast.Constant) for one in _templates(node.args[0]))
        ):
            yield node.lineno, "a template that is made"


def _templates(one: ast.expr) -> list[ast.expr]:
    return [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]


def _is(one: ast.expr, value: object) -> bool:
    return isinstance(one, ast.Constant) and one.value is value


def test_one_module_alone_speaks_to_terminals() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for room in ("dashboard", "jobs", "lakehouse", "ml", "quality")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != Path(terminal.__file__)
        for line, what in _strange(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "print(x)",
        "Console()",
        "typer.echo(x)",
        "from lakehouse.terminal import marked; marked(f'[red]{x}[/]')",
        "from rich.markup import escape",
        "console.print(x, markup=True)",
        "Text.from_markup(x)",
        "traceback.print_exc()",
        "sys.stderr.write(x)",
    ],
)
def test_the_look_at_the_source_sees(line: str) -> None:
    assert list(_strange(ast.parse(line)))
