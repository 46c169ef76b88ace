"""Prints the cases as docs/files-and-bytes.md.

`python -m tests.files_and_bytes.page` writes the page.
"""

from __future__ import annotations

from pathlib import Path

from tests.files_and_bytes.cases import GROUPS
from tests.files_and_bytes.lines import SUPERSEDED, Case
from tests.files_and_bytes.parquet_cases import section

PAGE = Path(__file__).parents[2] / "docs" / "files-and-bytes.md"
INTRODUCTION = """\
What becomes of odd files and odd values, on their way from the landing folder into silver. The page is printed from a
list that the tests try row by row: `tests/files_and_bytes/cases.py`. A rejected file is in `ops.ingested_files`, a
quarantined row in `silver.quarantine` ([what to do](quality.md#rows-in-quarantine)); good rows of the same file go on.\
"""
NAMES = """\
## Names of columns

Any header comes in: blanks, commas, semicolons, brackets, equals signs, tabs, line breaks, dots, quotes and backticks
are parts of a name like any other letter, in CSV, JSON lines and Parquet. Case and blanks around a name tell no two
columns apart. Where Delta does not take a name, the column stands in Delta under one made of it, as
`unit_price_eur__xb5b4dcff7b` for `Unit Price (EUR)`, and its comment has the name as sent; a name that Delta takes
stays. The declaration, messages, the quarantine and `lakehouse sql` all use the name as sent:
[sources.md](sources.md#names-of-columns).\
"""


def outcome(case: Case) -> str:
    """What becomes of a case, in words."""
    if case.rejected:
        found = f"the file is rejected: `{case.rejected}`"
    elif not case.rows:
        found = "loaded"
    else:
        reasons = [row for row in case.rows if isinstance(row, str) and row != SUPERSEDED]
        refused = f"quarantined: {', '.join(f'`{one}`' for one in dict.fromkeys(reasons))}"
        some = ", the other rows accepted" if len(reasons) < len(case.rows) else ""
        found = refused + some if reasons else "accepted"
    return f"{found}; {case.says}" if case.says else found


def page() -> str:
    """The page of documentation."""
    parts = [
        "# Files and bytes",
        INTRODUCTION,
    ]
    for title, cases in GROUPS.items():
        rows = [f"| {case.what} | {outcome(case)} |" for case in cases]
        parts += [NAMES] if title == "Values" else []
        parts.append("\n".join([f"## {title}\n", "| what comes | what becomes of it |", "|---|---|", *rows]))
    return "\n\n".join([*parts, section()]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
