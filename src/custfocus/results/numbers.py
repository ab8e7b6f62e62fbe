"""
Numbers as they are printed: half up, on the shortest decimal text.

6.25 is printed as 6.3, as survey reports and spreadsheets print it. Python's own ``f"{6.25:.1f}"``
is 6.2 (half to even), and its ``f"{2.675:.2f}"`` is 2.67, since the float lies a little under
2.675; here it is 2.68, since a reader sees the float as "2.675".
"""

import math
import re
from typing import TYPE_CHECKING

from custfocus.errors import OptionError

if TYPE_CHECKING:
    from decimal import Decimal

_SPEC = re.compile(
    r"((?P<fill>.)?(?P<align>[<>=^]))?[-+ ]?z?#?0?(?P<width>[0-9]*)[,_]?"
    r"(\.(?P<precision>[0-9]+))?(?P<kind>[eEfFgGn%]?)",
    re.DOTALL,  # any character may fill
)
_DIGITS = 20  # a float's shortest text has 17 at most, and rounding adds no more than one


def rounded(value: float, decimals: int) -> str:
    """
    A number with a given number of decimals, rounded half up (away from zero).

    Args:
        value: Any float.
        decimals: 0 or more.

    Returns:
        Its text, never in scientific notation and never minus zero. "-" for NaN; "inf" and
        "-inf".

    >>> rounded(6.25, 1), rounded(2.675, 2), rounded(-0.04, 1)
    ('6.3', '2.68', '0.0')
    """
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    number = _half_up(value, decimals)
    return f"{number or abs(number):.{decimals}f}"  # no -0.0


def formatted(value: float, spec: str) -> str:
    """
    A number by one of Python's format specifications, rounded half up as in `rounded`.

    What the specification shows is rounded first: decimals for "f" and "%", significant digits
    for "e", "g", "n" and a precision without a letter. Python then writes the result, so that
    widths, signs and separators are its own, and so are the digits beyond the 15 that a float
    keeps.

    Args:
        value: Any float. NaN is written "-", in the width that is asked for.
        spec: As in ``f"{value:+8.1f}"``; an empty one gives the shortest text.

    Raises:
        OptionError: A specification that floats do not have.

    >>> formatted(6.25, ".1f"), formatted(0.0625, ">8.1%"), formatted(6.25, ".2g")
    ('6.3', '    6.3%', '6.3')
    """
    error = OptionError(f"a format must be one of Python's for floats, as '.1f', got {spec!r}")
    parts = _SPEC.fullmatch(spec)
    if parts is None:
        raise error
    if math.isnan(value):
        align = (parts["align"] or ">").replace("=", ">")
        return format("-", f"{parts['fill'] or ' '}{align}{parts['width']}")
    try:
        return format(_as_shown(float(value), parts["kind"], parts["precision"]), spec)
    except ValueError:
        raise error from None


def decimals_for(low: float, high: float) -> int:
    """
    How many decimals the numbers of a range call for: three or four digits across it.

    Args:
        low: Where the range starts.
        high: Where it ends.

    Returns:
        0 or more; 1 where the range is infinite, empty or not known.

    >>> decimals_for(-100, 100), decimals_for(1, 5), decimals_for(0, 5000)
    (1, 2, 0)
    """
    half = high / 2 - low / 2 or high - low  # high - low may overflow, halves vanish
    if not (math.isfinite(half) and half > 0):
        return 1
    return max(0, 3 - math.ceil(math.log10(half)))


def p_text(p: float | None) -> str:
    """
    A p-value as printed: three decimals, and no smaller than they can say.

    >>> p_text(0.0385), p_text(2e-7), p_text(None)
    ('0.039', '< 0.001', '-')
    """
    if p is None:
        return "-"
    return "< 0.001" if p < 0.001 else rounded(p, 3)


def _as_shown(value: float, kind: str, precision: str | None) -> float:
    """The number as far as a format shows it, without minus zero."""
    if not math.isfinite(value) or not (kind or precision):
        return value + 0.0
    shown = 6 if precision is None else int(precision)
    if kind in ("f", "F"):
        decimals = shown
    elif kind == "%":
        decimals = shown + 2
    else:
        digits = shown + 1 if kind in ("e", "E") else max(shown, 1)
        decimals = digits - 1 - _exact(value).adjusted()
    near = float(_half_up(value, decimals)) + 0.0
    return near if math.isfinite(near) else value  # the largest floats cannot be rounded up


def _half_up(value: float, decimals: int) -> "Decimal":
    """A finite number rounded to a given number of decimals; a negative one rounds to tens."""
    from decimal import ROUND_HALF_UP, Context, Decimal  # noqa: PLC0415 - 2 ms of each start

    exact = _exact(value)
    if -int(exact.as_tuple().exponent) <= decimals:
        return exact
    return exact.quantize(Decimal((0, (1,), -decimals)), ROUND_HALF_UP, Context(prec=_DIGITS))


def _exact(value: float) -> "Decimal":
    """The decimal number that the float's shortest text says."""
    from decimal import Decimal  # noqa: PLC0415 - as above

    return Decimal(repr(float(value)))
