"""What an error says to people. Messages of engines quote rows, and terminals, mails of cron and logs of CI are read by
more people than the lake: their values are left out where nobody asks for all with --debug."""

from __future__ import annotations

import re
import traceback

_LONGEST = 4000
_ENGINES = ("pyspark", "py4j", "deltalake", "_internal", "duckdb", "_duckdb", "pyarrow")
_ROWS = re.compile(r"\s*(?:violated by (?:value in )?row|Values:| in row: | row with ).*", re.DOTALL | re.IGNORECASE)
_VALUE = re.compile(r"""'.*'|'.*$|".*"|".*$""")
"""From the first quote to the last: a value may hold quotes itself, and its end may be on another line."""
_CALL = re.compile(r"An error occurred while calling \S+\n: ")
_DETAILS = re.compile(r'details = "(.*?)"?$', re.MULTILINE)
"""Where an error that came over gRPC says what happened; its first line says only that it came."""
LEFT_OUT = "'…'"


def words_of(error: Exception, *, is_ours: bool, with_values: bool) -> str:
    """What an error says; of one that says nothing its kind and where it arose."""
    kind, message = type(error).__name__, str(error).split("\n\nJVM stacktrace")[0]
    if message.strip():
        if is_ours:
            return message[:_LONGEST]
        shown = message if with_values or not _may_quote(error) else _without_values(message)
        return f"{kind}: {shown}"[:_LONGEST]
    places = traceback.extract_tb(error.__traceback__)
    return f"{kind} without a word, at line {places[-1].lineno} of {places[-1].filename}" if places else kind


def _may_quote(error: Exception) -> bool:
    return any(base.__module__.split(".")[0] in _ENGINES for base in type(error).__mro__)


def _without_values(message: str) -> str:
    """The first line, without what is in quotes and without what it says of rows."""
    if message.startswith("<_") and (details := _DETAILS.search(message)):
        message = details[1]
    first = _CALL.sub("", message.strip(), 1).split("\n", 1)[0]
    return _VALUE.sub(LEFT_OUT, _ROWS.sub(" by rows of it", first, 1))
