"""Texts that write numbers, as SQL of Spark: read by the marks of their file, or NULL where they do not read.

A text reads in one way or not at all. Digits, the declared marks and a sign before them are the plain form; besides
it are known: a currency's sign or ISO code at either end, parentheses or a trailing minus for what is below zero, an
apostrophe at the front (as spreadsheets hold a text), blanks between these, and per cent where it is asked for.
"""

from __future__ import annotations

import re

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.currencies import MINOR_DIGITS, SIGNS, USUAL_DIGITS

WIDE = "DECIMAL(38,12)"
ANY_CURRENCY = "any"
LOOK_ALIKES = ("\u2212\u2019\u00a0\u202f\u2009\t\n\r", "-'" + " " * 6)
"""The minus, the apostrophe and the blanks of typesetters, ends of lines, and what they are written as here."""
END = "\\z"
"""The end of a text, in regular expressions. `$` is also in front of a last end of line, but not to all engines."""
_BLANKS, _SMALL_LETTER, _DIGIT = " *", "[a-zа-я]", "[0-9]"
NOT_BESIDE = "[-+(),.0-9% ']"
"""Regular expression of the signs that may stand in an amount and are no currency."""
_FORMS = (
    "[-+]?B{before}N{after}",  # -5   -$5   - 5,00 €
    "CB[-+]BN",  # $-5
    "{before}NB-{after}",  # 5-   5- €
    "NBCB-",  # 5 €-
    "{before}\\(B{before}N{after}B\\){after}",  # (5)   ($5)   $(5)
)
_PER_CENT = ("[-+]?BNB%", "\\(BNB%B\\)")


def number_sql(text: str, kind: FileKind, *, currency: str = "", per_cent: bool = False) -> str:
    """The number that a text writes, as DECIMAL(38,12); NULL where it does not read.

    `text` is SQL for a text. `currency` is SQL for the ISO code of its amount: only its own sign or code may stand
    beside it; every one where it is ANY_CURRENCY, none where it is empty. A per cent sign divides by 100.
    """
    group, mark = kind.thousands_mark, kind.decimal_mark
    plain = f"regexp_like({text}, {spark_literal(plain_shape(kind))})"
    digits = f"replace({text}, {spark_literal(group)}, '')" if group else text
    as_sent = _as_number(digits, mark)
    marked = _marked(text, kind, currency, per_cent)
    return f"CASE WHEN {plain} THEN {as_sent} WHEN {text} IS NOT NULL THEN {marked} END"


def minor_sql(number: str, currency: str) -> str:
    """A number of smallest units (cents) as an amount of its currency."""
    digits = {value: [code for code, one in MINOR_DIGITS.items() if one == value] for value in (0, 3, 4)}
    cases = " ".join(
        f"WHEN {currency} IN ({', '.join(map(spark_literal, codes))}) THEN {_scaled(number, places)}"
        for places, codes in digits.items()
    )
    return f"CASE {cases} ELSE {_scaled(number, USUAL_DIGITS)} END"


def plain_shape(kind: FileKind) -> str:
    """Regular expression of the numbers that are digits, the declared marks and a sign before them."""
    return f"^[+-]?(?:{_digits(kind)}){END}"


def marked_shape(kind: FileKind, *, with_currency: bool, per_cent: bool) -> str:
    """Regular expression of the numbers that are written with more than that, cleaned of look-alikes."""
    forms = [_pattern(form, kind, with_currency=with_currency) for form in _FORMS if with_currency or "C" not in form]
    forms += [_pattern(form, kind, with_currency=False) for form in _PER_CENT if per_cent]
    # Not the plain form once more: `'5`, `+ 5`, and the others.
    return f"^'?(?:{'|'.join(forms)}){END}"


def no_digits(kind: FileKind) -> str:
    """Regular expression of all that is neither a digit nor the decimal mark, the dot of an abbreviation with it."""
    return f"{_SMALL_LETTER}[.]|[^0-9{kind.decimal_mark}]"


def _digits(kind: FileKind) -> str:
    """Digits with the marks of the file, as a regular expression."""
    mark, group = re.escape(kind.decimal_mark), re.escape(kind.thousands_mark)
    whole = rf"{_DIGIT}{{1,3}}(?:{group}{_DIGIT}{{3}})+|{_DIGIT}+" if kind.thousands_mark else f"{_DIGIT}+"
    return rf"(?:{whole})(?:{mark}{_DIGIT}+)?|{mark}{_DIGIT}+"


def _as_number(digits: str, mark: str) -> str:
    """SQL for the number of a text of digits, a sign and a decimal mark."""
    pointed = digits if mark == "." else f"replace({digits}, {spark_literal(mark)}, '.')"
    return f"try_cast({pointed} AS {WIDE})"


def _scaled(number: str, places: int) -> str:
    # By a product: a quotient of decimals keeps as many of them as Spark likes.
    return f"try_cast({number} * {10**-places:.{places}f}BD AS {WIDE})" if places else number


def _marked(text: str, kind: FileKind, currency: str, per_cent: bool) -> str:
    """SQL for the number of a text that is more than digits; rare, so what it costs counts little."""
    clean = f"trim(translate({text}, {', '.join(map(spark_literal, LOOK_ALIKES))}))"
    shape = spark_literal(marked_shape(kind, with_currency=bool(currency), per_cent=per_cent))
    sign = f"CASE WHEN regexp_like({clean}, '[-(]') THEN '-' ELSE '' END"
    # The dot of an abbreviation (Rs. 500) is no mark.
    digits = f"regexp_replace({clean}, {spark_literal(no_digits(kind))}, '')"
    value = _as_number(f"concat({sign}, {digits})", kind.decimal_mark)
    if per_cent:
        value = f"CASE WHEN contains({clean}, '%') THEN {_scaled(value, 2)} ELSE {value} END"
    fits = f"regexp_like({clean}, {shape})"
    if currency and currency != ANY_CURRENCY:
        fits += f" AND {_is_its_own(clean, currency)}"
    return f"CASE WHEN {fits} THEN {value} END"


def _pattern(form: str, kind: FileKind, *, with_currency: bool) -> str:
    before, after = ("(?:CB)?", "(?:BC)?") if with_currency else ("", "")
    signs = sorted(SIGNS, key=len, reverse=True)
    # An abbreviation may have a dot: kr., руб. Not every engine can look back for the letter in front of it.
    dotted = (re.escape(sign) + (r"\.?" if re.search(f"{_SMALL_LETTER}$", sign) else "") for sign in signs)
    currency = f"(?:{'|'.join(dotted)}|[A-Z]{{3}})"
    parts = {"B": _BLANKS, "N": f"(?:{_digits(kind)})", "C": currency}
    filled = form.replace("{before}", before).replace("{after}", after)
    return "".join(parts.get(letter, letter) for letter in filled)


def said_of_currencies() -> list[str]:
    """What may stand beside an amount, with the code of a currency that it can mean: `$|USD`."""
    known = [f"{sign}|{code}" for sign, codes in SIGNS.items() for code in codes]
    # As in `$5.00 USD`.
    return known + [f"{sign}{code}|{code}" for sign, codes in SIGNS.items() for code in codes]


def _is_its_own(text: str, currency: str) -> str:
    """SQL that is true where what stands beside the digits is nothing, or means this currency."""
    beside = f"regexp_replace({text}, {spark_literal(NOT_BESIDE)}, '')"
    listed = ", ".join(map(spark_literal, said_of_currencies()))
    return f"({beside} IN ('', {currency}) OR concat({beside}, '|', {currency}) IN ({listed}))"
