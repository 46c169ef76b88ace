"""What is tried: the modules that carry promises, the tests that hold each, and what is known to change nothing."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.mutant import Mutant

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_SPARK = re.compile(r"\bspark\b|\bShop\b|\bCommand\b")
"""The session, and what is built upon it."""


@dataclass(frozen=True)
class Equivalent:
    """A mutant that does what the module did, and why."""

    module: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Promise:
    """A mechanism switched off, and the test that has to fail then."""

    name: str
    what: str
    module: str
    before: str
    after: str
    test: str


def modules(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """Module -> the files of tests that are run against its mutants: the one that mirrors it, then others named."""
    declared = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))["tests"]
    return {name: tuple(dict.fromkeys((*mirrors(name, root), *more))) for name, more in declared.items()}


def mirrors(module: str, root: Path = ROOT) -> list[str]:
    """lakehouse/gold/star/rates.py -> tests/gold/star/test_rates.py, quality/gate.py -> tests/quality/test_gate.py."""
    path = Path(module)
    folders = path.parts[1:-1] if path.parts[0] == "lakehouse" else path.parts[:-1]
    mirror = Path("tests", *folders, f"test_{path.name}")
    return [mirror.as_posix()] if (root / mirror).is_file() else []


def ask_for_spark(tests: tuple[str, ...], root: Path = ROOT) -> bool:
    """Whether files of tests seem to start Spark, which makes their mutants dear: they are tried last."""
    return any(_SPARK.search((root / path).read_text(encoding="utf-8")) for path in tests)


def equivalents() -> list[Equivalent]:
    declared = tomllib.loads((HERE / "equivalents.toml").read_text(encoding="utf-8"))
    return [Equivalent(**row) for row in declared.get("equivalent", ())]


def promises() -> list[Promise]:
    declared = tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))
    return [Promise(**row) for row in declared["promise"]]


def reason_of(mutant: Mutant, accepted: list[Equivalent]) -> str | None:
    """Why the mutant does what the module did, where that is known."""
    said = (mutant.module, mutant.before, mutant.after)
    return next((one.reason for one in accepted if (one.module, one.before, one.after) == said), None)


def switched_off(promise: Promise, root: Path = ROOT) -> str:
    """The module's source without the mechanism. Raises LookupError where the text stands there no more, or twice."""
    source = (root / promise.module).read_text(encoding="utf-8")
    if source.count(promise.before) != 1:
        count = source.count(promise.before)
        raise LookupError(f"{promise.name}: {promise.module} has this {count} times, not once: {promise.before}")
    return source.replace(promise.before, promise.after)


def digest(paths: tuple[str, ...], root: Path = ROOT) -> str:
    """What the files of tests say now: a mutant that survived is tried again when they say something else."""
    texts = ((root / path.split("::")[0]).read_bytes() for path in paths)
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]
