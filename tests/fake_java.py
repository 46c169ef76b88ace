"""A Java that only says which one it is."""

from __future__ import annotations

from pathlib import Path


def a_java(folder: Path, says: str) -> Path:
    """A JAVA_HOME whose java says this for `-version`."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(0o755)
    return folder
