import ast
import re
from pathlib import Path

import dashboard
from dashboard import words

ROOM = Path(dashboard.__file__).parent


def figures_named() -> set[str]:
    """Every text that stands where a tile or a KPI names its figure."""
    found = set()
    for path in (ROOM / "views").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Tile", "Kpi"):
                place = 2 if node.func.id == "Tile" else 1
                if len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    found.add(node.args[place].value)
    return found


def test_every_figure_of_every_page_is_defined_in_the_docs_and_every_definition_is_used():
    named = figures_named() | {"churn risk", "lifetime value"}  # these two are chosen by a condition
    assert named == set(words.definitions())


def test_a_definition_has_its_unit_and_ends_once():
    assert str(words.definition("orders")).endswith("each once. Unit: orders.")
    assert str(words.definition("segment")).endswith("seen from as-of.")
    assert words.definition("orders").figure == "orders"


def test_a_missing_table_is_named_in_the_sentence():
    named = words.tables_in("there is no table gold.demand_forecast in publication 1. Did you mean gold.dim_date?")
    assert named == ["gold.demand_forecast"]
    assert "gold.demand_forecast" in words.not_in_publication(named)


def test_every_sentence_says_something_whole():
    sentences = {name: text for name, text in vars(words).items() if name.isupper() and isinstance(text, str)}
    assert len(sentences) > 15
    for name, text in sentences.items():
        if not name.startswith("_"):
            assert re.fullmatch(r"[A-Z].*\.", text), name
