"""gold.dim_date: the calendar, with public holidays and the fiscal year, as conf [calendar] has it."""

from __future__ import annotations

from datetime import date

import holidays
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.gold.star.keys import date_key
from lakehouse.lake import Lake
from lakehouse.settings import Calendar, ConfigurationError, Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_DATE

LANGUAGE = "en_US"


def public_holidays(country: str, first: date, last: date) -> dict[date, str]:
    """Day -> English name, for a country (`GB`) or a part of one (`GB-SCT`).

    Raises ConfigurationError for a place that the package `holidays` does not know.
    """
    code, _, part = country.partition("-")
    years = range(first.year, last.year + 1)
    try:
        known = holidays.country_holidays(code, subdiv=part or None)
        language = LANGUAGE if LANGUAGE in known.supported_languages else known.default_language
        # Said, since the package would else take the language of the machine.
        found = holidays.country_holidays(code, subdiv=part or None, years=years, language=language)
    except NotImplementedError as error:
        raise ConfigurationError(
            f"[calendar] holiday_countries in conf/lakehouse.toml: {country}: {error}; "
            "write ISO codes such as GB, or GB-SCT for a part of a country"
        ) from error
    return {day: name for day, name in found.items() if first <= day <= last}


def holidays_by_day(calendar: Calendar) -> dict[date, dict[str, str]]:
    """Day -> country -> holiday."""
    by_day: dict[date, dict[str, str]] = {}
    for country in calendar.holiday_countries:
        for day, name in public_holidays(country, calendar.first_day, calendar.last_day).items():
            by_day.setdefault(day, {})[country] = name
    return by_day


def fiscal_month(month: Column, starts_in: int) -> Column:
    """Month of the fiscal year, 1 to 12."""
    return F.pmod(month - starts_in, F.lit(12)) + 1


def fiscal_year(year: Column, month: Column, starts_in: int) -> Column:
    """The calendar year in which the fiscal year ends."""
    return year + F.when((month >= starts_in) & F.lit(starts_in > 1), 1).otherwise(0)


def dim_date(spark: SparkSession, calendar: Calendar) -> DataFrame:
    """Grain: one day, from the first to the last of the calendar."""
    first, last = F.lit(calendar.first_day), F.lit(calendar.last_day)
    days = spark.range(1).select(F.explode(F.sequence(first, last)).alias("full_date"))
    # As entries: what order a map of Python's comes to have is another matter for each engine.
    entries = [(day, list(names.items())) for day, names in holidays_by_day(calendar).items()]
    named = spark.createDataFrame(entries, "full_date DATE, named ARRAY<STRUCT<country: STRING, name: STRING>>")
    named = named.withColumn("named", F.map_from_entries("named"))
    ruling = calendar.holiday_countries[0] if calendar.holiday_countries else ""
    day, nothing = F.col("full_date"), F.create_map().cast("MAP<STRING,STRING>")
    month, starts_in = F.month(day), calendar.fiscal_year_starts_in
    columns = {
        "date_key": date_key(day),
        "year": F.year(day),
        "quarter": F.quarter(day),
        "month": month,
        "month_name": F.date_format(day, "MMMM"),
        "month_start": F.trunc(day, "month"),
        "iso_year": F.extract(F.lit("YEAROFWEEK"), day),
        "iso_week": F.weekofyear(day),
        "week_start": F.trunc(day, "week"),
        "day_of_month": F.dayofmonth(day),
        "day_of_year": F.dayofyear(day),
        "day_of_week": F.weekday(day) + 1,
        "day_name": F.date_format(day, "EEEE"),
        "is_weekend": F.weekday(day) >= 5,
        "fiscal_year": fiscal_year(F.year(day), month, starts_in),
        "fiscal_quarter": F.ceil(fiscal_month(month, starts_in) / 3).cast("int"),
        "fiscal_month": fiscal_month(month, starts_in),
        "holidays": F.coalesce("named", nothing),
        "holiday_name": F.col("named")[ruling],
        "is_holiday": F.col("named")[ruling].isNotNull(),
    }
    return days.join(named, "full_date", "left").withColumns(columns).select(*DIM_DATE.column_names)


def build(lake: Lake, settings: Settings) -> None:
    lake.replace_all(DIM_DATE, dim_date(lake.spark, settings.calendar))


STEP = Step("dim_date", (), (DIM_DATE,), build)
