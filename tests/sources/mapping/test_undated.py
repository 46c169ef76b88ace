"""A text that says no day is not taken for a time of the day on which somebody runs it."""

from __future__ import annotations

import pytest

from lakehouse.sources.mapping.undated import problem_of_undated

DATED = [
    "price",
    "to_date(day)",
    "to_date(day, 'd/M/y')",
    "CAST(day AS DATE)",
    "year(day)",
    "datediff(a, b)",
    "date_add(a, 1)",
    "try_to_timestamp(at, 'd/M/y H:mm')",
    "to_timestamp(concat_ws(' ', day, time), 'd/M/y H:mm')",
    "date_format(to_timestamp(at, 'd/M/y'), 'yyyy')",
    "date_format(_file_modified_at, 'yyyy')",
    "hour((try_to_timestamp(at, 'd/M/y')))",
    "CAST(CAST(seconds AS BIGINT) AS TIMESTAMP)",
    "to_timestamp(1700000000)",
    "timestamp_seconds(CAST(seconds AS BIGINT))",
    "CAST(to_date(day) AS TIMESTAMP)",
    "CAST('2024-01-01 10:00' AS TIMESTAMP)",
    "CAST('epoch' AS TIMESTAMP)",
    "CAST(NULL AS TIMESTAMP)",
    "to_date(day) + INTERVAL 1 DAY",
    "date_format(to_date(day) + INTERVAL 1 DAY, 'yyyy')",
    "DATE'2024-01-01' + INTERVAL '1' DAY",
    "to_timestamp(at, 'd/M/y') > TIMESTAMP '2024-01-01 10:00'",
    "a = 'x' AND TIMESTAMP '2024-01-01' <= to_timestamp(at, 'd/M/y')",
    "TIMESTAMP '2024-01-01' <= to_timestamp(at, 'd/M/y') AND a = 'x'",
    "(TIMESTAMP '2024-01-01' <= to_date(day))",
    "CAST(a)",
    "to_date(day) BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-02-01'",
    "TIMESTAMP '2024-01-01' > TIMESTAMP '2023-01-01'",
    "date_format(coalesce(to_date(a), to_date(b)), 'yyyy')",
    "hour(CASE WHEN a = '1' THEN to_timestamp(b, 'y') ELSE NULL END)",
    "hour(if(a = '1', to_timestamp(b, 'y'), _file_modified_at))",
    "hour(nullif(to_timestamp(b, 'y'), _file_modified_at))",
    "extract(YEAR FROM to_date(day))",
    "date_part('year', to_date(day))",
    "months_between(to_date(a), to_date(b))",
    "timestampadd(DAY, 1, to_date(a))",
    "'hour(time)' || `timestamp` || timestamp",
    "from_unixtime(CAST(seconds AS BIGINT))",
    "price /* of the day */",
    "CAST(concat(year, '-01-01') AS DATE)",
    "to_date(concat(`year`, '-01-01'))",
    "to_date('2024-01-01')",
    "to_date(concat('20', '24'), 'yyyy')",
    "CAST(NULL AS DATE)",
]
PUT_TOGETHER = [
    "CAST(concat('to', 'day') AS DATE)",
    "to_date(concat('to', 'day'))",
    "date(lower('TODAY'))",
    "try_to_date(substring('xtoday', 2))",
]
UNDATED = [
    ("CAST(time AS TIMESTAMP)", "cast"),
    ("try_cast(time AS timestamp_ntz)", "try_cast"),
    ("CAST(concat_ws(' ', day, time) AS TIMESTAMP)", "cast"),
    ("CAST(CAST(time AS STRING) AS TIMESTAMP)", "cast"),
    ("CAST('10:00' AS TIMESTAMP)", "cast"),
    ("time::timestamp", "::"),
    ("to_timestamp(time)", "to_timestamp"),
    ("TRY_TO_TIMESTAMP (time)", "try_to_timestamp"),
    ("`to_timestamp`(time)", "to_timestamp"),
    ("timestamp(time)", "timestamp"),
    ("upper(date_format(time, 'HH'))", "date_format"),
    ("hour(orders.time)", "hour"),
    ("date_trunc('HOUR', time)", "date_trunc"),
    ("extract(HOUR FROM time)", "extract"),
    ("date_part('hour', time)", "date_part"),
    ("months_between(to_date(a), time)", "months_between"),
    ("timestampadd(DAY, 1, time)", "timestampadd"),
    ("dateadd(DAY, 1, time)", "dateadd"),
    ("datediff(HOUR, to_date(a), time)", "datediff"),
    ("convert_timezone('UTC', time)", "convert_timezone"),
    ("convert_timezone('UTC', 'Europe/Berlin', time)", "convert_timezone"),
    ("time + INTERVAL 1 HOUR", "INTERVAL"),
    ("coalesce(a, time - INTERVAL 1 HOUR)", "INTERVAL"),
    ("time > TIMESTAMP '2024-01-01'", "TIMESTAMP"),
    ("a = 'x' AND time NOT BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-02-01'", "TIMESTAMP"),
    ("TIMESTAMP '2024-01-01' <= time OR a = 'x'", "TIMESTAMP"),
    ("hour(coalesce(to_timestamp(a, 'y'), time))", "hour"),
    ("hour(if(a = '1', time, to_timestamp(b, 'y')))", "hour"),
    ("hour(CASE WHEN a = '1' THEN to_timestamp(b, 'y') ELSE time END)", "hour"),
    ("hour(CASE a WHEN '1' THEN time END)", "hour"),
    ("hour(nullif(time, '00:00'))", "hour"),
    ("transform(split(times, ','), x -> hour(x))", "hour"),
]


@pytest.mark.parametrize("sql", DATED)
def test_what_has_its_day_may_be_made_a_time(sql: str) -> None:
    assert problem_of_undated(sql) == ""


@pytest.mark.parametrize(("sql", "by"), UNDATED)
def test_what_may_have_none_is_refused_by_name(sql: str, by: str) -> None:
    assert problem_of_undated(sql).startswith(f"{by}: a text without a day")


@pytest.mark.parametrize("sql", PUT_TOGETHER)
def test_a_day_of_no_column_is_written_out(sql: str) -> None:
    assert "put together of no column" in problem_of_undated(sql)


def test_where_a_comment_hides_what_is_meant_nothing_is_guessed() -> None:
    assert "comment" in problem_of_undated("hour /* */ (time)")
