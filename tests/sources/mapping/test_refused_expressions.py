"""An expression works out a value from its row, and nothing else: the rest is refused before it is analysed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.settings import ConfigurationError
from lakehouse.sources.mapping.allowed import CALLS_WITHOUT_BRACKETS, FUNCTIONS, INSTEAD
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.refuse import refuse, refused
from tests.sources.declared import PLACES, declared

pytestmark = pytest.mark.spark

REFLECTION = "reflect('java.lang.System', 'getenv', 'HOME')"
FILE = "(select max(value) from text.`/etc/hostname`)"
CALLS = [
    (REFLECTION, "reflect"),
    ("java_method('java.lang.System', 'getProperty', 'user.home')", "java_method"),
    ("java_method('java.net.InetAddress', 'getByName', 'localhost')", "java_method"),
    ("try_reflect('java.lang.System', 'load', '/no/such.so')", "try_reflect"),
    (FILE, "sub-query"),
    ("(select max(value) from csv.`/etc/hostname`)", "sub-query"),
    ("(select max(path) from binaryFile.`/etc/hostname`)", "sub-query"),
    ("(select max(product_id) from delta.`/another/lake/silver/products`)", "sub-query"),
    ("(select max(id) from range(5))", "sub-query"),
    ("current_user()", "current_user"),
    ("version()", "version"),
    ("current_database()", "current_database"),
    ("explode(array('a', 'b'))", "explode"),
    ("cast(rand() as string)", "rand"),
    ("uuid()", "uuid"),
    ("cast(now() as string)", "now"),
    ("cast(current_date() as string)", "current_date"),
    ("cast(monotonically_increasing_id() as string)", "monotonically_increasing_id"),
    ("row_number() over (order by price)", "window"),
    # The same in other clothes.
    ("REFLECT ('java.lang.System', 'getenv', 'HOME')", "REFLECT"),
    ("reflect/**/('java.lang.System', 'getenv', 'HOME')", "reflect"),
    ("reflect -- a comment \\\n that goes on\n ('java.lang.System', 'getenv', 'HOME')", "reflect"),
    ("/* /* */ price */ reflect('java.lang.System', 'getenv', 'HOME')", "reflect"),
    ("'\\'' || reflect('java.lang.System', 'getenv', 'HOME') || '\\''", "reflect"),
    ("r'\\' || reflect('java.lang.System', 'getenv', 'HOME') || ''", "reflect"),
    ("`reflect`('java.lang.System', 'getenv', 'HOME')", "reflect"),
    ("builtin.reflect('java.lang.System', 'getenv', 'HOME')", "builtin.reflect"),
    ("system.builtin.reflect('java.lang.System', 'getenv', 'HOME')", "system.builtin.reflect"),
    ("`system`.`builtin`.`Reflect`('java.lang.System', 'getenv', 'HOME')", "system.builtin.Reflect"),
    ("system.builtin.upper(price)", "system.builtin.upper"),
    ("identifier('ref' || 'lect')('java.lang.System', 'getenv', 'HOME')", "IDENTIFIER"),
    ("array_join(transform(split(price, ','), x -> reflect('java.lang.System', 'getenv', x)), '')", "reflect"),
    ("array_join(transform(split(price, ','), x -> current_user), '')", "current_user"),
    ("CASE WHEN price = 'x' THEN price ELSE java_method('java.lang.System', 'getenv', 'HOME') END", "java_method"),
    ("CASE WHEN explode(array(true)) THEN price END", "explode"),
    ("cast(reflect('java.lang.System', 'getenv', 'HOME') AS string) = price", "reflect"),
    ("struct(reflect('java.lang.System', 'getenv', 'HOME')).col1", "reflect"),
    ("map('a', reflect('java.lang.System', 'getenv', 'HOME'))['a']", "reflect"),
    ("price IN ('x', reflect('java.lang.System', 'getenv', 'HOME'))", "reflect"),
    ("max(price) FILTER (WHERE reflect('java.lang.System', 'getenv', 'HOME') = 'x')", "max"),
    ("explode_outer(array('a', 'b'))", "explode_outer"),
    ("posexplode(array('a', 'b'))", "posexplode"),
    ("posexplode(array('a', 'b')) AS (place, one)", "one"),
    ("inline(array(struct('a')))", "inline"),
    ("stack(2, 'a', 'b')", "stack"),
    ("json_tuple(price, 'a')", "json_tuple"),
    ("EXISTS (SELECT 1 FROM text.`/etc/hostname`)", "sub-query"),
    ("price IN (SELECT value FROM text.`/etc/hostname`)", "sub-query"),
    ("price NOT IN (SELECT value FROM text.`/etc/hostname`)", "sub-query"),
    ("(values 'a')", "sub-query"),
    ("(table text.`/etc/hostname`)", "sub-query"),
    ("(with t as (select 'a' as a) select a from t)", "sub-query"),
    ("(select one from orders lateral view explode(array('a')) as one)", "sub-query"),
    ("(from text.`/etc/hostname` |> aggregate max(value))", "sub-query"),
    ("coalesce(price, (select 'a'))", "sub-query"),
    ("array((select 'a'))[0]", "sub-query"),
    ("table(price)", "table"),
    ("read_files('/etc/hostname')", "read_files"),
    ("max(price)", "max"),
    ("first(price) over (partition by order_id)", "window"),
    ("current_date", "current_date"),
    ("`current_timestamp`", "current_timestamp"),
    ("session_user", "session_user"),
    ("'${env:HOME}'", "${"),
    ("'${system:user.home}'", "${"),
    (":p", "parameter"),
    ("?", "parameter"),
    ("*", "more than one column"),
    ("struct(*)", "NamePlaceholder"),
    ("price COLLATE utf8_lcase", "Collate"),
    ("no_such(price)", "no_such"),
    ("uppper(price)", "near is upper"),
    ("raise_error(price)", "raise_error"),
    ("input_file_name()", "input_file_name"),
    ("xpath_string(price, 'a')", "xpath_string"),
    ("from_protobuf(price, 'A', '/etc/hostname')", "from_protobuf"),
]


@pytest.mark.parametrize(("sql", "word"), CALLS)
def test_what_is_no_value_of_the_row_is_refused_by_name(spark: SparkSession, sql: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse(spark, declared({"columns.unit_price": sql}))
    assert "conf/sources/teashop.toml" in str(refused.value)
    assert "feeds.order_lines.columns.unit_price: " in str(refused.value)
    assert word in str(refused.value).split("unit_price: ")[1]


@pytest.mark.parametrize("sql", [REFLECTION, FILE, "explode(array('a'))", "current_user"])
@pytest.mark.parametrize("place", PLACES)
def test_it_is_refused_in_every_place_that_holds_sql(spark: SparkSession, place: str, sql: str) -> None:
    source = declared({place: sql})
    for check in (refuse, check_source):
        with pytest.raises(ConfigurationError, match=rf"feeds\.order_lines\.{place}: "):
            check(spark, source)


def test_all_that_is_refused_is_told_at_once(spark: SparkSession) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse(spark, declared(dict.fromkeys(PLACES, REFLECTION)))
    assert [line.split(": ")[0].strip() for line in str(refused.value).splitlines()[1:]] == [
        f"feeds.order_lines.{place}" for place in PLACES
    ]


def _property(spark: SparkSession, name: str) -> Any:
    return spark.range(1).select(F.expr(f"java_method('java.lang.System', 'getProperty', '{name}')")).first()[0]  # type: ignore[index]


@pytest.mark.parametrize("place", PLACES)
def test_a_check_executes_nothing(spark: SparkSession, place: str) -> None:
    sets = "java_method('java.lang.System', 'setProperty', 'lakehouse.test.{}', 'set')"
    spark.range(1).select(F.expr(sets.format("shown"))).collect()
    assert _property(spark, "lakehouse.test.shown") == "set"
    for check in (refuse, check_source):
        with pytest.raises(ConfigurationError):
            check(spark, declared({place: sets.format(place)}))
    assert _property(spark, f"lakehouse.test.{place}") == "null"


def test_a_check_opens_no_file_that_an_expression_names(spark: SparkSession, tmp_path: Path) -> None:
    # Spark says of a path that is not there that it is not there: who hears that has had it looked for.
    source = declared({"columns.unit_price": f"(select max(value) from text.`{tmp_path}/no_such_file`)"})
    with pytest.raises(ConfigurationError) as refused:
        check_source(spark, source)
    assert "no_such_file" not in str(refused.value)


ALLOWED = [
    "price",
    "PRICE",
    "`price`",
    "orders.price",
    "people.country",
    "_file_modified_at",
    "'reflect(1)'",
    "price /* reflect('a', 'b') */",
    "upper(`price`)",
    "UPPER(price) || '-' || people.country",
    "CASE WHEN price LIKE 'a%' OR price IN ('x', 'y') THEN '1' ELSE replace(price, ',', '.') END",
    "CASE price WHEN 'a' THEN 1 END",
    "try_multiply(try_cast(price AS INT), try_cast(replace(price, ',', '.') AS DECIMAL(18,8)))",
    "coalesce(nullif(price, ''), '0')",
    "price::decimal(18,4) * -1 + 2 - 3 / 4 % 5 DIV 6",
    "if(price IS NULL, NULL, true)",
    "substring(price FROM 1 FOR 2)",
    "trim(BOTH 'x' FROM price)",
    "position('x' IN price)",
    "split(price, ',')[0]",
    "array_join(transform(split(price, ','), x -> trim(x)), '')",
    "aggregate(split(price, ','), '', (one, other) -> one || other)",
    "exists(split(price, ','), x -> x = 'a')",
    "try_to_timestamp(price, 'yyyy')",
    "DATE'2024-01-01' + INTERVAL '1' DAY",
    "TIMESTAMP 'epoch' > TIMESTAMP '2024-01-01 10:00'",
    "price = 'now or never' OR price = 'todays' OR price RLIKE '^now$'",
    "timestampadd(DAY, 1, try_cast(price AS date))",
    "extract(YEAR FROM try_cast(price AS date))",
    "price BETWEEN 'a' AND 'b' AND price RLIKE '^a$' AND NOT price ILIKE ANY ('x%', 'y%')",
    "price <=> 'a' AND price IS DISTINCT FROM 'b' AND price IS NOT NULL",
    "named_struct('a', price).a",
    "user",
    "USER",
    "upper(user)",
]


def test_a_value_of_the_row_is_allowed(spark: SparkSession) -> None:
    for sql in ALLOWED:
        source = declared({"columns.unit_price": sql})
        assert [problem for name in source.feeds for problem in refused(spark, source, name)] == []


def test_a_column_of_another_file_makes_no_name_a_column_here(spark: SparkSession) -> None:
    refuse(spark, declared({"filter": "user = 'x'"}))
    with pytest.raises(ConfigurationError, match=r"join\.people\.version: user is no column"):
        refuse(spark, declared({"join.people.version": "user"}))


def test_a_text_that_is_no_expression_is_left_to_the_analysis(spark: SparkSession) -> None:
    source = declared({"columns.unit_price": "price +"})
    refuse(spark, source)
    with pytest.raises(ConfigurationError, match=r"columns\.unit_price: .*end of input"):
        check_source(spark, source)


def test_variables_are_not_replaced_where_texts_are_made_into_sql(spark: SparkSession) -> None:
    assert spark.range(1).select(F.expr("'${env:HOME}'")).first()[0] == "${env:HOME}"  # type: ignore[index]


def test_every_name_that_spark_takes_for_a_call_is_known(spark: SparkSession) -> None:
    session: Any = spark
    jvm = session._jvm
    resolution = jvm.org.apache.spark.sql.catalyst.analysis.LiteralFunctionResolution

    def is_call(name: str) -> bool:
        parts = jvm.org.apache.spark.api.python.PythonUtils.toSeq([name])
        return bool(resolution.resolve(parts).isDefined())

    names = {row[0] for row in spark.sql("SHOW FUNCTIONS").collect()}
    calls = {name for name in names if is_call(name)}
    assert "current_user" in calls
    assert calls <= CALLS_WITHOUT_BRACKETS


def test_functions_that_make_rows_or_need_several_are_not_allowed(spark: SparkSession) -> None:
    session: Any = spark
    catalog, identifier = (
        session._jsparkSession.sessionState().catalog(),
        session._jvm.org.apache.spark.sql.catalyst.FunctionIdentifier,
    )
    groups = {name: catalog.lookupFunctionInfo(identifier(name)).getGroup() for name in FUNCTIONS}
    of_many = {"generator_funcs", "agg_funcs", "window_funcs", "table_funcs", "misc_funcs", "xml_funcs"}
    assert {name for name, group in groups.items() if group in of_many} == {"typeof"}
    assert not FUNCTIONS & INSTEAD.keys()


def test_allowed_functions_give_the_same_for_the_same(spark: SparkSession) -> None:
    changing = ("rand", "randn", "uuid", "shuffle", "now", "current_timestamp", "unix_timestamp", "input_file_name")
    assert not FUNCTIONS & {*changing, *CALLS_WITHOUT_BRACKETS}
