"""Which Java Spark will start, and one sentence for people who have none that is new enough."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

LEAST_JAVA = 17
ADVICE = (
    "apt-get install openjdk-17-jre-headless (Debian), dnf install java-21-openjdk-headless (Fedora), "
    "brew install openjdk@17 (macOS); JAVA_HOME names it where it is not the first on PATH"
)


class JavaMissing(Exception):
    """There is no Java that Spark can run on. The message says how to install one. Exit code 2."""

    exit_code = 2


def java_command() -> str:
    """What Spark's launcher starts: the Java of JAVA_HOME where that is set, else the first on PATH."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def java_major(said: str) -> int | None:
    """The major version from what `java -version` says: 17 of "17.0.2", 8 of "1.8.0_392"."""
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None


def java_says() -> str | None:
    """What `java -version` prints; None where it does not start."""
    try:
        done = subprocess.run([java_command(), "-version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stderr


def why_no_java() -> str:
    """Why Spark would not find Java 17 or newer, and what to do; empty where it would."""
    said = java_says()
    if said is None:
        return f"Java {LEAST_JAVA} or newer is needed and {java_command()} does not start: {ADVICE}"
    if (java_major(said) or 0) < LEAST_JAVA:
        first = said.split("\n")[0]
        return f"Java {LEAST_JAVA} or newer is needed and {java_command()} is {first!r}: {ADVICE}"
    return ""


def require_java() -> None:
    """Raises JavaMissing where Spark would not find Java 17 or newer."""
    if why := why_no_java():
        raise JavaMissing(why)
