"""The values of a JSON array, or of a text of objects one after the other, as they stand: some text at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lakehouse.bronze.files import RefusedError
from lakehouse.tables.reasons import FileReason

LARGEST = 1 << 26
"""Letters of one value at most."""
_SPACE = " \t\r\n"
_BLANKS = re.compile(r"[ \t\r\n]*")
_OF_A_NUMBER = re.compile(r"[0-9.eE+-]*\Z")
"""What may still belong to the number before it when more of the text comes: `1` and `e1` are one of ten."""
_NEAR = 64
"""So close to the end of what is there yet, a value that does not read may still go on."""
_decoder = json.JSONDecoder(object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str)


def is_one_value_over_lines(text: str) -> bool:
    """Whether a text begins with an array, or with an object that does not end on its line."""
    begins = text.lstrip(_SPACE)
    if not begins.startswith("{"):
        return begins.startswith("[")
    line = begins.split("\n", 1)[0].rstrip()
    try:
        _, end = _decoder.raw_decode(begins)
    except (ValueError, RecursionError):
        return line.rstrip(_SPACE) == "{"  # it does not end in what is there of it
    return end > len(line)


def elements(texts: Iterator[str]) -> Iterator[str]:
    """Each value of the array, or of the sequence, just as it is written.

    Raises RefusedError where the text is neither: what follows the place cannot be told apart any more.
    """
    text = _Text(texts)
    is_array = text.takes("[")
    is_first, is_closed = True, False
    while text.has_more():
        if is_closed:
            raise text.broken("something follows after the array")
        if is_array and text.takes("]"):
            is_closed = True
            continue
        if not is_first and not text.takes(",") and is_array:
            raise text.broken("there is no comma between two values")
        is_first = False
        yield text.value()
    if is_array and not is_closed:
        raise text.broken("the array does not end: the file came only in part, send it again")


class _Text:
    """A text as it flows by, of which only what is being read is held."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._text = ""
        self._place = 0
        self._line = 1

    def has_more(self) -> bool:
        """Whether anything but white space follows; it is skipped."""
        while True:
            end = _BLANKS.match(self._text, self._place).end()  # type: ignore[union-attr]  # it takes nothing, too
            self._pass(end)
            if end < len(self._text):
                return True
            if not self._grow():
                return False

    def takes(self, letter: str) -> bool:
        """Whether the letter is what follows; it is taken then."""
        found = self.has_more() and self._text.startswith(letter, self._place)
        self._place += found
        return found

    def value(self) -> str:
        """The value that follows."""
        if not self.has_more():
            raise self.broken("nothing comes after a comma; the file may have come only in part")
        tried, is_end = 0, False
        while True:
            held = len(self._text) - self._place
            if is_end or held >= 2 * tried:  # what is long is looked through again only when there is twice as much
                tried = held
                end = self._end(is_end=is_end)
                if end and (is_end or not self._may_go_on(end, held)):
                    value = self._text[self._place : end]
                    self._pass(end)
                    return value
            is_end = not self._grow()

    def broken(self, what: str, lines: int = 0) -> RefusedError:
        line = self._line + lines
        detail = f"The text is no JSON from line {line} on ({what}): have it exported again"
        return RefusedError(FileReason.NOT_JSON, detail)

    def _end(self, *, is_end: bool) -> int:
        """Where the value ends; 0 where it is not whole yet. Raises RefusedError where it is none."""
        try:
            return _decoder.raw_decode(self._text, self._place)[1]
        except json.JSONDecodeError as error:
            goes_on = error.pos > len(self._text) - _NEAR or error.msg.startswith("Unterminated string")
            if not is_end and goes_on and len(self._text) - self._place <= LARGEST:
                return 0
            lines = self._text.count("\n", self._place, error.pos)
            raise self.broken(f"{error.msg}{'; the file may have come only in part' * is_end}", lines) from error
        except RecursionError as error:
            raise self.broken("a value is nested too deeply") from error

    def _may_go_on(self, end: int, held: int) -> bool:
        """Whether the value that ends there is a number, of which the rest may not have come yet."""
        is_number = self._text[self._place] in "-0123456789"
        if is_number and held > LARGEST:
            raise self.broken("a number does not end")
        return is_number and _OF_A_NUMBER.match(self._text, end) is not None

    def _pass(self, end: int) -> None:
        self._line += self._text.count("\n", self._place, end)
        self._place = end

    def _grow(self) -> bool:
        more = next(self._texts, None)
        if more is not None:
            self._text, self._place = self._text[self._place :] + more, 0
        return more is not None
