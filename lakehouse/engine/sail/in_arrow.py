"""Functions that Sail has this process work out, on Arrow: where its own take long, or differ in the last digit."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import cloudpickle
from pyspark.sql.connect.proto import Expression
from pyspark.sql.connect.types import pyspark_types_to_proto_types
from pyspark.sql.types import ArrayType, DataType, DoubleType, IntegerType, LongType, StringType
from pyspark.util import PythonEvalType

_ELEMENTS: dict[str, tuple[DataType, pa.DataType]] = {
    "array<double>": (DoubleType(), pa.float64()),
    "array<int>": (IntegerType(), pa.int32()),
    "array<bigint>": (LongType(), pa.int64()),
    "array<string>": (StringType(), pa.string()),
    "array<array<string>>": (ArrayType(StringType()), pa.list_(pa.string())),
}
"""Kinds of constant tables, as `from_json` is told them -> what comes out of them."""
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
"""fdlibm's polynomials of a logarithm."""


def get_call(arguments: Sequence[Expression]) -> Expression | None:
    """A look-up in a table that is written out. Sail lays the whole table beside each row."""
    table, place = arguments
    call = table.unresolved_function
    if call.function_name != "from_json" or not all(one.WhichOneof("expr_type") == "literal" for one in call.arguments):
        return None
    text, kind = (one.literal.string for one in call.arguments[:2])
    if kind not in _ELEMENTS:
        return None
    made, stored = _ELEMENTS[kind]
    return _called("get", partial(element, pa.array(json.loads(text), stored)), made, place)


def ln_call(arguments: Sequence[Expression]) -> Expression | None:
    return _called("ln", logarithm, DoubleType(), *arguments)


def element(values: pa.Array, places: pa.Array) -> pa.Array:
    """What stands at each place, from 0; NULL where there is no such place."""
    is_there = pc.and_(pc.greater_equal(places, 0), pc.less(places, len(values)))
    return values.take(pc.if_else(is_there, places, pa.scalar(None, places.type)))


def logarithm(numbers: pa.Array) -> pa.Array:
    """Natural logarithms of doubles to the last bit as Java's StrictMath (fdlibm) gives them; NULL of 0 and less."""
    given = pc.cast(numbers, pa.float64())
    known = pc.invert(pc.less_equal(given, 0.0))
    x = pc.fill_null(pc.if_else(known, given, 1.0), 1.0).to_numpy(zero_copy_only=False)
    found = np.where(np.isfinite(x), _fdlibm(np.where(np.isfinite(x), x, 1.0)), x)
    return pc.if_else(known, pa.array(found), pa.scalar(None, pa.float64()))


def _fdlibm(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    half, power = np.frexp(x)
    # From half of the root of two to the root of two, by the first 20 bits, as fdlibm looks at them.
    upper = np.floor((half * 2 - 1) * 2.0**20).astype(np.int64)
    is_above = (upper + 0x95F64) >= 0x100000
    k = (power - 1 + is_above).astype(np.float64)
    f = np.where(is_above, half, half * 2) - 1
    s = f / (2 + f)
    z = s * s
    w = z * z
    r = z * (_ODD[0] + w * (_ODD[1] + w * (_ODD[2] + w * _ODD[3]))) + w * (_EVEN[0] + w * (_EVEN[1] + w * _EVEN[2]))
    squared = 0.5 * f * f
    is_between = (upper >= 0x6147A) & (upper <= 0x6B851)
    high, low = k * _LN2_HIGH, k * _LN2_LOW
    one = high - ((squared - (s * (squared + r) + low)) - f)
    other = high - ((s * (f - r) - low) - f)
    found = np.where(is_between, one, other)
    small = f * f * (0.5 - 0.33333333333333333 * f)
    is_small = (0x000FFFFF & (2 + upper)) < 3
    return np.asarray(np.where(is_small, high - ((small - low) - f), found), dtype=np.float64)


def _called(name: str, work: Callable[..., pa.Array], made: DataType, *arguments: Expression) -> Expression:
    found = Expression()
    call = found.common_inline_user_defined_function
    call.function_name, call.deterministic = name, True
    call.arguments.extend(arguments)
    call.python_udf.eval_type = PythonEvalType.SQL_SCALAR_ARROW_UDF
    call.python_udf.output_type.CopyFrom(pyspark_types_to_proto_types(made))
    call.python_udf.command = cloudpickle.dumps((work, made))  # type: ignore[no-untyped-call]
    call.python_udf.python_ver = f"{sys.version_info.major}.{sys.version_info.minor}"
    return found
