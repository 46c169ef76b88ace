"""Unicode normal form C, as far as it can be told from the letters alone."""

from __future__ import annotations

import re

# Texts made of anything else are in normal form already: NFC only ever changes or joins these.
NOT_SURELY_NFC = (
    r"[\u0300-\u036F\u0340-\u0374\u037E\u0387\u0483-\u0489\u0591-\u0E4F\u0EB1-\u109D\u1100-\u11FF\u135D-\u1FFF"
    r"\u2000-\u2001\u20D0-\u20FF\u2126\u212A\u212B\u2329\u232A\u2ADC\u302A-\u30FF\uA66F-\uABFF\uF900-\uFAFF"
    r"\uFB1D-\uFB4F\uFE20-\uFE2F]|[^\u0000-\uFFFF]"
)
_SUSPECT = re.compile(NOT_SURELY_NFC)
_ASCII = bytes(range(128))


def is_surely_nfc(text: str) -> bool:
    """False where the text may not be in normal form C, or where a text that begins with it or ends in it may not."""
    if text.isascii():
        return True
    # The pattern looks at each letter by itself and is dear: most are ASCII, and those are taken away at once.
    others = text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")
    return not _SUSPECT.search(others)
