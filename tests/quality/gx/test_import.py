"""What the import of Great Expectations leaves out, and leaves to others."""

from __future__ import annotations

import subprocess
import sys

from tests.docs.pages import ROOT

LOADED = """
import sys, quality.gx
assert "great_expectations" not in sys.modules
import quality.gx.suites, jsonschema
assert "rfc3987_syntax" not in sys.modules
assert jsonschema.FormatChecker().conforms("2024-02-30", "date") is False
import rfc3987_syntax
print(rfc3987_syntax.is_valid_syntax("iri", "https://example.org"))
"""


def test_no_parser_of_addresses_is_made_but_for_who_asks_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr[-2000:]
