"""What test_cases.py tries by Spark, by Sail: no odd value of a row stops it, and each comes to the same."""

from tests.files_and_bytes.test_cases import (
    became,
    files,
    lake,
    test_a_file_comes_to_what_the_page_says,
    test_every_row_is_accounted_for,
)

__all__ = [
    "became",
    "files",
    "lake",
    "test_a_file_comes_to_what_the_page_says",
    "test_every_row_is_accounted_for",
]
