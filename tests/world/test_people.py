"""What customers are called and where they live."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.world.people import filled, in_mail


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("+44 7### ######", "+44 7567 998012"),
        (" #??", " 1DE"),
        ("###", "012"),
    ],
)
def test_marks_of_a_pattern_become_the_digits_at_their_places(spark: SparkSession, pattern: str, text: str) -> None:
    number = F.lit("012345678998")
    assert spark.range(1).select(filled(pattern, number)).first() == (text,)


def test_names_in_e_mails_have_small_letters_hyphens_and_no_apostrophes() -> None:
    assert in_mail([["Mary Jane", "O’Neill", "D'Árcy"]]) == [["mary-jane", "oneill", "dárcy"]]
