"""Texts that write numbers read in one way or not at all, by the marks of their file."""

from __future__ import annotations

from decimal import Decimal

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.numbers import ANY_CURRENCY, minor_sql, number_sql

ENGLISH = FileKind(pattern=("x",), columns=("t",), thousands_mark=",")
GERMAN = FileKind(pattern=("x",), columns=("t",), decimal_mark=",", thousands_mark=".")
FRENCH = FileKind(pattern=("x",), columns=("t",), decimal_mark=",", thousands_mark=" ")
SWISS = FileKind(pattern=("x",), columns=("t",), thousands_mark="'")
ANY = ANY_CURRENCY
TEXTS: list[tuple[str, FileKind, str, str | None]] = [
    # Signs and codes of the row's own currency, at either end.
    ("$1,250.00", ENGLISH, "USD", "1250"),
    ("-$4.00", ENGLISH, "USD", "-4"),
    ("$-4.00", ENGLISH, "USD", "-4"),
    ("US$ 4", ENGLISH, "USD", "4"),
    ("USD 4.50", ENGLISH, "USD", "4.5"),
    ("$5.00 USD", ENGLISH, "USD", "5"),
    ("$5.00", ENGLISH, "CAD", "5"),
    ("1.234,50 €", GERMAN, "EUR", "1234.5"),
    ("€ -1,50", GERMAN, "EUR", "-1.5"),
    ("12,00 zł", GERMAN, "PLN", "12"),
    ("Rs. 500.25", ENGLISH, "INR", "500.25"),
    ("499 kr.", ENGLISH, "SEK", "499"),
    ("R$ 1.000,00", GERMAN, "BRL", "1000"),
    # Of another one, of none, of nothing known, or of two.
    ("€5", ENGLISH, "USD", None),
    ("5 EUR", ENGLISH, "USD", None),
    ("$5.00 CAD", ENGLISH, "USD", None),
    ("5 PCS", ENGLISH, "USD", None),
    ("5 pcs", ENGLISH, ANY, None),
    ("€5", ENGLISH, ANY, "5"),
    ("5 EUR", ENGLISH, ANY, "5"),
    ("$5", ENGLISH, "", None),
    ("$ $5", ENGLISH, "USD", None),
    # Below zero.
    ("($125.00)", ENGLISH, "USD", "-125"),
    ("$(125.00)", ENGLISH, "USD", "-125"),
    ("( 1.250,00 ) €", GERMAN, "EUR", "-1250"),
    ("(5)", ENGLISH, "", "-5"),
    ("(-5)", ENGLISH, "", None),
    ("-(5)", ENGLISH, "", None),
    ("(5", ENGLISH, "", None),
    ("125.00-", ENGLISH, "", "-125"),
    ("125,00- €", GERMAN, "EUR", "-125"),
    ("125,00 €-", GERMAN, "EUR", "-125"),
    ("-5-", ENGLISH, "", None),
    ("--5", ENGLISH, "", None),
    ("5,-", GERMAN, "EUR", None),
    ("\u22125,00", GERMAN, "", "-5"),
    # An apostrophe that holds a text in a spreadsheet, and one between thousands.
    ("'-5.00", ENGLISH, "", "-5"),
    ("'5.00", SWISS, "", "5"),
    ("1'250.00", SWISS, "", "1250"),
    ("1\u2019250.00", SWISS, "", "1250"),
    ("5'", ENGLISH, "", None),
    # Groups of three alone; every blank of typesetters is one.
    ("1 234,5", FRENCH, "", "1234.5"),
    ("1\u202f234,5 €", FRENCH, "EUR", "1234.5"),
    ("1\u00a0234", FRENCH, "", "1234"),
    ("12 34", FRENCH, "", None),
    ("1,25", ENGLISH, "", None),
    ("1,25,000.00", ENGLISH, "", None),
    # Ends of lines around a text, as cells of a spreadsheet have them, are blanks; there are ten digits.
    ("5\n", ENGLISH, "", "5"),
    ("5\r\n", ENGLISH, "", "5"),
    ("\n\t5.25 ", ENGLISH, "", "5.25"),
    ("$5\n", ENGLISH, "USD", "5"),
    ("5\n6", ENGLISH, "", None),
    ("5\u2028", ENGLISH, "", None),
    ("\u0663", ENGLISH, "", None),
    # Per cent.
    ("12.5%", ENGLISH, "", "0.125"),
    ("-5 %", ENGLISH, "", "-0.05"),
    ("$5%", ENGLISH, "USD", None),
    # No numbers.
    ("free", ENGLISH, "USD", None),
    ("1e3", ENGLISH, "USD", None),
    ("-", ENGLISH, "USD", None),
    ("", ENGLISH, "USD", None),
    ("$", ENGLISH, "USD", None),
    ("1.2.3", ENGLISH, "USD", None),
    ("5.", ENGLISH, "USD", None),
]


def read(spark: SparkSession, *numbers: str) -> list[Decimal | None]:
    row = spark.range(1).select(*(F.expr(sql).alias(f"n{place}") for place, sql in enumerate(numbers))).collect()[0]
    return list(row)


def test_a_text_reads_as_its_file_writes_numbers_or_not_at_all(spark: SparkSession) -> None:
    numbers = read(
        spark,
        *(
            number_sql(
                spark_literal(text), kind, per_cent=True, currency=code if code in ("", ANY) else spark_literal(code)
            )
            for text, kind, code, _ in TEXTS
        ),
    )
    found = [(case[0], case[2], number) for case, number in zip(TEXTS, numbers, strict=True)]
    assert found == [(text, code, None if number is None else Decimal(number)) for text, _, code, number in TEXTS]


def test_a_share_in_per_cent_is_no_amount(spark: SparkSession) -> None:
    assert read(spark, number_sql("'5%'", ENGLISH, currency="'USD'"), number_sql("'5%'", ENGLISH)) == [None, None]


def test_the_smallest_unit_is_that_of_the_currency(spark: SparkSession) -> None:
    cents = "CAST(12345 AS DECIMAL(38,12))"
    found = read(spark, *(minor_sql(cents, f"'{code}'") for code in ("USD", "JPY", "KWD", "CLF", "XYZ")))
    assert found == [Decimal(text) for text in ("123.45", "12345", "12.345", "1.2345", "123.45")]
