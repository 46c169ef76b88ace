"""What is wrong with a declaration is said in the words of declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakehouse.settings import ConfigurationError
from lakehouse.sources.load import read_source

HEAD = 'currency = "EUR"\ntime_zone = "UTC"\n'
FILES = '[files.sales]\npattern = "*.csv"\ncolumns = ["a"]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + FILES, r"feeds: no feed is declared yet: write \[feeds\.order_lines\]"),
        (HEAD + FILES + "[feeds]\n", r"feeds: no feed is declared yet"),
        (HEAD + "[files.sales]\ncolumns = ['a']\n[feeds]\n", r"files\.sales\.pattern: is needed, and is not there"),
        (HEAD + "[files.sales]\npattern = 'a'\ncolumns = []\n", r"files\.sales\.columns: is needed, and is empty"),
        (HEAD + FILES + "seperator = ';'\n", r"files\.sales\.seperator: there is no such key here"),
        (HEAD + FILES + "multiline = 'perhaps'\n", r"files\.sales\.multiline: must be true or false"),
        (HEAD + FILES + "trusted_columns = 'x'\n", r"files\.sales\.trusted_columns: must be a whole number"),
        (HEAD + FILES + "quote = 1\n", r"files\.sales\.quote: must be a text, in quotes"),
        (HEAD + "files = 'x'\n", r"files: must be a table"),
        (HEAD + FILES + "encoding = 'utf-9'\n", r"files\.sales\.encoding: no such encoding"),
    ],
)
def test_what_is_wrong_is_said_in_words_of_declarations(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=words) as found:
        read_source(tmp_path / "shop.toml")
    assert "Field required" not in str(found.value)
