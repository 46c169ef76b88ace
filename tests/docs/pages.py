"""What README and docs tell a newcomer to type."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BEGINS = re.compile(r"(lakehouse|make|mkdir|cat|cp|uv|spark-submit|pip|python|git|source|export|\.venv/bin/\S+) ")


@dataclass(frozen=True)
class Block:
    """One block of a page that is meant to be typed, and the block of output after it, where there is one."""

    page: str
    text: str
    output: str

    @property
    def key(self) -> tuple[str, str]:
        """Page and beginning of the first line: what lists of blocks call it by."""
        return self.page, self.text.split("\n", 1)[0][:50].strip()

    @property
    def commands(self) -> list[str]:
        """Each command with what it spans: lines that go on after a backslash, texts that end in END."""
        whole = re.sub(r"\\\n\s*", "", self.text)
        return re.findall(r"^[^\n]*<<'END'\n.*?^END$|^[^\n]+$", whole, re.DOTALL | re.MULTILINE)


def blocks() -> list[Block]:
    """The blocks of all pages that begin with a command."""
    found = []
    for page in PAGES:
        fenced = _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
        after = [*fenced, ("", "")][1:]
        for (language, text), (kind, output) in zip(fenced, after, strict=True):
            if language in ("", "sh") and _BEGINS.match(text):
                found.append(Block(page, text, output if kind == "text" else ""))
    return found


def block(page: str, begins: str) -> Block:
    """The one block of a page that begins so."""
    [found] = [one for one in blocks() if one.page == page and one.text.startswith(begins)]
    return found


def words(command: str) -> list[str]:
    """A command as the shell splits it, without comment."""
    return shlex.split(command, comments=True)
