"""Looks at the machine and says what would keep the lakehouse from running, and what to do about it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from lakehouse.engine.sail import engine as sail
from lakehouse.engine.spark.jars import JarsMissing, verify_jars
from lakehouse.engine.spark.java import ADVICE as JAVA_ADVICE
from lakehouse.engine.spark.java import LEAST_JAVA, java_command, java_major, java_says
from lakehouse.settings import conf_dir, whose_conf

LEAST_FREE_GIGABYTES = 2
PORTS = {4040: "Spark's pages", 5000: "the MLflow pages", 8501: "the dashboard"}


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    may_be_bad: bool = False
    """Whether all works without it, or something else does instead."""


def examine(lake: Path, landing: Path) -> list[Check]:
    """All checks, in the order in which they matter."""
    java, jars = check_java(), check_jars()
    return [
        Check("configuration", True, f"{conf_dir()}, {whose_conf()}"),
        check_python(),
        check_engines(java, jars),
        *(replace(check, may_be_bad=sail.is_there()) for check in (java, jars)),
        *check_packages(),
        check_folder("lake", lake, to_write=True),
        check_folder("landing", landing, to_write=False),
        check_disk(lake),
        *(check_port(port, use) for port, use in PORTS.items()),
    ]


def check_python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", (3, 11) <= sys.version_info[:2] < (3, 13), found, "use Python 3.11 or 3.12")


def check_engines(java: Check, jars: Check) -> Check:
    """What can run frames here."""
    there = [*(["sail"] if sail.is_there() else []), *(["spark"] if java.ok and jars.ok else [])]
    return Check("engines", bool(there), ", ".join(there) or "none", "run `make setup`")


def check_java() -> Check:
    said = java_says()
    if said is None:
        return Check("Java", False, f"{java_command()} does not start", JAVA_ADVICE)
    return Check("Java", (java_major(said) or 0) >= LEAST_JAVA, said.split("\n")[0], JAVA_ADVICE)


def check_jars() -> Check:
    try:
        paths = verify_jars()
    except JarsMissing as error:
        return Check("Delta's JARs", False, str(error), "run `lakehouse setup`")
    return Check("Delta's JARs", True, str(paths[0].parent))


def check_packages() -> list[Check]:
    """The pinned packages that results depend on."""
    try:
        pinned = [text for text in requires("ecommerce-lakehouse") or [] if "==" in text.split(";")[0]]
    except PackageNotFoundError:
        return [Check("packages", False, "ecommerce-lakehouse is not installed", "run `make setup`")]
    checks = []
    for text in pinned:
        name, wanted = re.split("==", text.split(";")[0].strip(), maxsplit=1)
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        checks.append(Check(name, found == wanted, found, f"{wanted} is needed: run `make setup`"))
    return checks


def check_folder(name: str, folder: Path, *, to_write: bool) -> Check:
    """A folder that is not there yet is well where it can be made."""
    there = folder if folder.exists() else _nearest(folder)
    right = os.W_OK if to_write or there != folder else os.R_OK
    ok = os.access(there, right | os.X_OK)
    state = str(folder) if folder.exists() else f"{folder} (not there yet)"
    return Check(name, ok, state, f"give this user the right to {'write' if to_write else 'read'} in {there}")


def check_disk(lake: Path) -> Check:
    free = shutil.disk_usage(_nearest(lake)).free / 1e9
    return Check("disk", free >= LEAST_FREE_GIGABYTES, f"{free:.0f} GB free", "free some space or name another lake")


def check_port(port: int, use: str) -> Check:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    return Check(f"port {port}", not taken, "taken" if taken else "free", f"{use} will need another port", True)


def all_well(checks: Iterable[Check]) -> bool:
    """Taken ports are advice, not an error, and so is what only Spark needs where Sail is there."""
    return all(check.ok or check.may_be_bad for check in checks)


def _nearest(path: Path) -> Path:
    path = path.resolve()
    while not path.exists():
        path = path.parent
    return path
