"""What mutants are made of, and which tests are to notice them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bench.mutants import plan
from bench.mutants.mutant import mutants_of
from bench.mutants.plan import ROOT


def test_every_module_and_every_file_of_tests_that_is_named_is_there() -> None:
    for module, files in plan.modules().items():
        assert (ROOT / module).is_file(), module
        assert files, module
        assert all((ROOT / file).is_file() for file in files), files


def test_the_file_that_mirrors_a_module_comes_first() -> None:
    assert plan.modules()["lakehouse/gold/star/rates.py"][0] == "tests/gold/star/test_rates.py"
    assert plan.modules()["quality/gate.py"] == ("tests/quality/test_gate.py",)


@pytest.mark.parametrize("accepted", plan.equivalents(), ids=lambda one: f"{one.module}: {one.after}")
def test_an_accepted_equivalent_is_a_mutant_of_its_module_as_that_stands_and_has_a_reason(
    accepted: plan.Equivalent,
) -> None:
    made = mutants_of(accepted.module, (ROOT / accepted.module).read_text(encoding="utf-8"))
    assert (accepted.before, accepted.after) in {(mutant.before, mutant.after) for mutant in made}
    assert len(accepted.reason) > 20


@pytest.mark.parametrize("promise", plan.promises(), ids=lambda promise: f"{promise.name}: {promise.what}")
def test_a_promise_can_be_switched_off_and_names_a_test_that_is_there(promise: plan.Promise) -> None:
    without = plan.switched_off(promise)
    assert ast.dump(ast.parse(without)) != ast.dump(ast.parse((ROOT / promise.module).read_text(encoding="utf-8")))
    file, name = promise.test.split("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_promise_is_switched_off() -> None:
    names = {promise.name for promise in plan.promises()}
    assert names >= {f"P{number}" for number in range(1, 9)} | {"lease", "pinning", "gate", "quarantine", "waivers"}


def test_a_mechanism_that_stands_there_no_more_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("a\na\n")
    for before in ("b", "a"):
        with pytest.raises(LookupError, match="times, not once"):
            plan.switched_off(plan.Promise("P", "", "m.py", before, "", ""), tmp_path)


def test_changed_tests_have_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    before = plan.digest(("a.py",), tmp_path)
    assert plan.digest(("a.py::test_x",), tmp_path) == before
    (tmp_path / "a.py").write_text("2")
    assert plan.digest(("a.py",), tmp_path) != before
