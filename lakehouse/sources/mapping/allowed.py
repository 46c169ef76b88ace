"""What the expressions of a declaration may be made of. What is not listed here is refused.

Functions of one row: the same values give the same result whenever and wherever they are asked, one row stays one row,
and nothing is read or called but the row.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words("""
    coalesce if ifnull nanvl nullif nullifzero nvl nvl2 zeroifnull between greatest least equal_null isnan isnull
    isnotnull like ilike rlike regexp regexp_like typeof

    ascii base64 bit_length btrim char char_length character_length chr concat concat_ws contains decode elt encode
    endswith find_in_set format_number format_string initcap instr is_valid_utf8 lcase left len length levenshtein
    locate lower lpad ltrim luhn_check make_valid_utf8 mask octet_length overlay position printf quote regexp_count
    regexp_extract regexp_extract_all regexp_instr regexp_replace regexp_substr repeat replace reverse right rpad rtrim
    sentences soundex space split split_part startswith substr substring substring_index to_binary to_char to_number
    to_varchar translate trim try_to_binary try_to_number try_validate_utf8 ucase unbase64 upper validate_utf8

    abs acos acosh asin asinh atan atan2 atanh bin bround cbrt ceil ceiling conv cos cosh cot csc degrees div e exp
    expm1 factorial floor hex hypot ln log log10 log1p log2 mod negative pi pmod positive pow power radians rint round
    sec sign signum sin sinh sqrt tan tanh try_add try_divide try_mod try_multiply try_subtract unhex width_bucket
    bit_count bit_get getbit shiftleft shiftright shiftrightunsigned

    add_months convert_timezone date_add date_diff date_format date_from_unix_date date_part date_sub date_trunc dateadd
    datediff datepart day dayname dayofmonth dayofweek dayofyear extract from_unixtime from_utc_timestamp hour last_day
    make_date make_dt_interval make_interval make_time make_timestamp make_timestamp_ltz make_timestamp_ntz
    make_ym_interval minute month monthname months_between next_day quarter second time_diff time_trunc timestamp_micros
    timestamp_millis timestamp_seconds to_date to_time to_timestamp to_timestamp_ltz to_timestamp_ntz to_unix_timestamp
    to_utc_timestamp trunc try_make_interval try_make_timestamp try_make_timestamp_ltz try_make_timestamp_ntz
    try_to_date try_to_time try_to_timestamp unix_date unix_micros unix_millis unix_seconds weekday weekofyear year

    bigint binary boolean date decimal double float int smallint string time timestamp tinyint

    array array_append array_compact array_contains array_distinct array_except array_insert array_intersect array_join
    array_max array_min array_position array_prepend array_remove array_repeat array_size array_sort array_union
    arrays_overlap arrays_zip cardinality element_at flatten get sequence size slice sort_array try_element_at
    aggregate exists filter forall map_filter map_zip_with reduce transform transform_keys transform_values zip_with
    map map_concat map_contains_key map_entries map_from_arrays map_from_entries map_keys map_values str_to_map
    named_struct struct

    from_csv to_csv from_json get_json_object json_array_length json_object_keys to_json
    is_variant_null parse_json try_parse_json try_variant_get variant_get
    parse_url try_parse_url try_url_decode url_decode url_encode
    crc32 hash md5 sha sha1 sha2 xxhash64
    """)
"""Functions by name."""

COLUMNS = _words("UnresolvedAttribute UnresolvedNamedLambdaVariable")
KINDS = COLUMNS | _words("""
    UnresolvedFunction UnresolvedExtractValue LambdaFunction NamedArgumentExpression Alias Literal Cast CaseWhen
    CreateNamedStruct And Or Not EqualTo EqualNullSafe LessThan LessThanOrEqual GreaterThan GreaterThanOrEqual In IsNull
    IsNotNull Like ILike RLike LikeAll LikeAny NotLikeAll NotLikeAny Lower Add Subtract Multiply Divide IntegralDivide
    Remainder UnaryMinus UnaryPositive BitwiseAnd BitwiseOr BitwiseXor BitwiseNot ShiftLeft ShiftRight
    ShiftRightUnsigned Concat Substring StringTrim StringTrimLeft StringTrimRight StringTrimBoth StringLocate Overlay
    TimestampAdd TimestampDiff
    """)
"""Parts of an expression, by Spark's names for them: syntax that needs no function."""

CALLS_WITHOUT_BRACKETS = _words(
    "current_date current_time current_timestamp current_user session_user user localtimestamp"
)
"""Names that Spark takes for a call where no column is called so."""

_ONE_ROW = "a row of a file stays one row"
_NO_NOW = "its value changes by itself: _file_modified_at is a time that stays"
_NO_CHANCE = "its value changes by itself: position_within and _position number rows"
_JAVA = "it calls Java"
INSTEAD = {
    **dict.fromkeys(_words("reflect java_method try_reflect"), _JAVA),
    **dict.fromkeys(
        _words(
            "explode explode_outer posexplode posexplode_outer inline inline_outer stack json_tuple variant_explode"
            " variant_explode_outer range sql_keywords collations"
        ),
        _ONE_ROW,
    ),
    **dict.fromkeys(_words("now current_date curdate current_time current_timestamp localtimestamp"), _NO_NOW),
    "unix_timestamp": "without a value it is the present: to_unix_timestamp(value) is not",
    **dict.fromkeys(
        _words(
            "rand randn random uuid uniform randstr shuffle monotonically_increasing_id spark_partition_id row_number"
            " rank dense_rank"
        ),
        _NO_CHANCE,
    ),
    **dict.fromkeys(_words("raise_error assert_true"), "it stops the run: give NULL, and the row is quarantined"),
}
"""Function -> why it is not allowed, or what to use instead."""
_SUB_QUERY = "a sub-query: an expression sees its own row, and columns of another file come by join"
REFUSED_KINDS = {
    **dict.fromkeys(
        _words("ScalarSubquery Exists ListQuery InSubquery LateralSubquery FunctionTableSubqueryArgumentExpression"),
        _SUB_QUERY,
    ),
    "WindowExpression": "a window over other rows: position_within and _position number rows, fill_down gives the rows"
    " of an order what its first row says, order_discount shares an amount out over its lines",
    "ExpressionWithUnresolvedIdentifier": "IDENTIFIER(…): write the name itself",
    **dict.fromkeys(_words("NamedParameter PosParameter"), "a parameter: write the value itself"),
    **dict.fromkeys(_words("UnresolvedStar UnresolvedRegex"), "more than one column: name the one"),
    "MultiAlias": "more than one column: name the one",
}
"""Part of an expression -> what it is called and what to use instead."""
