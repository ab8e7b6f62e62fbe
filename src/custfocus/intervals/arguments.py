"""Arguments of the interval functions, checked and converted, and the limits that they return."""

import contextlib
import math
import numbers
import reprlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, Self, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from custfocus.errors import OptionError, TallyError
from custfocus.messages import number_text

Floats = NDArray[np.float64]
P = ParamSpec("P")
R = TypeVar("R")
N = TypeVar("N", bound=np.generic)

MOST_ASKED = 10**15  # answers: beyond, exact limits lose their digits
COUNTABLE = 2.0**53  # members: a larger population is infinite to a float64
INFINITE = 1e30  # members: a population whose factor is 1
_NO_SHARES = "pass how many answers there are, not shares or weights"


class _Limits(NamedTuple):
    low: Floats
    high: Floats


class ConfidenceInterval(_Limits):
    """
    The two limits of an interval, as read-only arrays of the groups' shape (``()`` for one sample).

    Attributes:
        low: Lower limit, in the unit of what was estimated.
        high: Upper limit, likewise.
    """

    __slots__ = ()

    def __new__(cls, low: Floats, high: Floats) -> Self:
        """Made of two arrays, also when it is unpickled or copied."""
        return super().__new__(cls, unwritable(low), unwritable(high))

    def __repr__(self) -> str:
        low, high = (np.array2string(limit, separator=", ") for limit in self)
        return f"ConfidenceInterval(low={low}, high={high})"


def read_only(numbers: ArrayLike) -> Floats:
    """A copy as float64 that can't be written to."""
    array = np.array(numbers, dtype=np.float64)
    array.setflags(write=False)
    return array


def unwritable(array: NDArray[N]) -> NDArray[N]:
    """The same numbers, not copied, as an array that can't be written to."""
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view


def ignoring_underflow(function: Callable[P, R]) -> Callable[P, R]:
    """
    A function that computes alike where the caller has NumPy raise errors on underflow.

    Tails and squares too small for float64 are 0, which is what is meant. Other floating-point
    errors stay the caller's: there are none.
    """

    @wraps(function)
    def computing(*args: P.args, **kwargs: P.kwargs) -> R:
        with np.errstate(under="ignore"):
            return function(*args, **kwargs)

    return computing


def whole_numbers(values: ArrayLike, name: str, remedy: str = _NO_SHARES) -> Floats:
    """Whole numbers, none negative, as float64; anything else is an error that shows it."""
    given = _numeric(values, name, "whole numbers")
    array = given.astype(np.float64)
    right = array >= 0
    if given.dtype.kind not in "iub":
        right &= (array < np.inf) & (array == np.floor(array))
    if not right.all():
        raise TallyError(
            f"{name} must be whole numbers, 0 or more, got {_few(array[~right])}; {remedy}"
        )
    return array


def plain_numbers(values: ArrayLike, name: str) -> Floats:
    """Numbers as float64; texts are refused even where NumPy could read them."""
    return _numeric(values, name, "numbers").astype(np.float64)


def _numeric(values: ArrayLike, name: str, kind: str) -> NDArray[Any]:
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        array = np.asarray(values)
        if array.dtype.kind == "O" and not any(isinstance(one, str) for one in array.flat):
            array = array.astype(np.float64)
        if array.dtype.kind in "iufb" and not np.ma.is_masked(values):
            return array
    listed = getattr(values, "to_list", None)  # a Series, whose own text has several lines
    shown = listed() if callable(listed) else values
    remedy = "; divide durations by their unit, pd.Timedelta(days=1)" if _durations(values) else ""
    raise TallyError(f"{name} must be {kind}, got {reprlib.repr(shown)}{remedy}")


def _durations(values: ArrayLike) -> bool:
    """Whether these are spans of time, which have no unit of their own."""
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return any(isinstance(one, timedelta | np.timedelta64) for one in np.asarray(values).flat)
    return False


def sample_sizes(n: Floats) -> Floats:
    """Sample sizes: an empty group in a batch is allowed, a single empty sample is not."""
    if n.ndim == 0 and n == 0:
        raise TallyError("no answers: an index needs at least one; check the filter that was used")
    return n


def asked_sizes(n: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """
    Sizes of samples that might be drawn, broadcast with the groups' shape.

    Raises:
        TallyError: Sizes below 1, beyond what counts can be, or that do not fit the groups.
    """
    size = plain_numbers(n, "n")
    if not ((size >= 1) & ((size <= MOST_ASKED) | np.isinf(size))).all():
        raise TallyError(f"n must be from 1 to 10**15, or infinite, got {reprlib.repr(n)}")
    try:
        return np.broadcast_to(size, np.broadcast_shapes(size.shape, shape))
    except ValueError:
        raise TallyError(f"n of shape {size.shape} does not fit groups of shape {shape}") from None


def critical_value(confidence_level: float) -> float:
    """
    The normal quantile z for a two-sided confidence level.

    Taken from the tail, so that levels near 1 keep their digits.

    >>> round(critical_value(0.95), 6)
    1.959964
    """
    return float(-ndtri((1 - checked_level(confidence_level)) / 2))


def checked_level(confidence_level: object) -> float:
    """The level as a float; an error unless it is a number between 0 and 1, of whatever type."""
    if is_finite_number(confidence_level):
        level = float(cast("float", confidence_level))
        if 0 < level < 1:
            return level
    raise OptionError(
        f"confidence_level must lie between 0 and 1, got {reprlib.repr(confidence_level)}"
        " (95 % is written 0.95)"
    )


def flat(values: Floats | None) -> Floats | None:
    """One for each group, shape (G,); None stays None."""
    return None if values is None else values.ravel()


def population_sizes(
    population: ArrayLike | None, n: Floats, name: str = "population"
) -> Floats | None:
    """The size of each group's population, of the groups' shape; an error if less than *n*."""
    if population is None:
        return None
    given = whole_numbers(population, name, "leave it out for a large one")
    try:
        size = np.broadcast_to(given, n.shape)
    except ValueError:
        raise TallyError(
            f"{name} of shape {given.shape} does not fit groups of shape {n.shape}; "
            "give one number, or one for each group"
        ) from None
    small = size < n
    if small.any():
        raise TallyError(
            f"{name} must be at least as large as the sample, got {_few(size[small])} "
            f"with n = {_few(n[small])}"
        )
    return size


def finite_population_factor(n: Floats, population: Floats | None) -> Floats:
    """
    What a finite population leaves of a variance, (N - n) / (N - 1); 1 for a large one.

    References:
        Cochran (1977), Sampling Techniques, 3rd ed., section 2.6.
    """
    if population is None:
        return np.ones_like(n)
    return (population - n) / np.maximum(population - 1, 1)


def squared_critical_values(
    n: Floats, confidence_level: float, population: Floats | None
) -> Floats:
    """z² for each group, times what its finite population leaves of the variance."""
    return critical_value(confidence_level) ** 2 * finite_population_factor(n, population)


def within_reach(
    limits: tuple[Floats, Floats],
    seen: Floats,
    n: Floats,
    population: Floats | None,
    ends: tuple[float, float],
) -> tuple[Floats, Floats]:
    """
    Limits held to the means that a finite population can still have; see `reachable`.

    A census, whose limits a method settles by itself, is left as it is.

    Args:
        limits: The lower and the upper ones, shape (...).
        seen: As for `reachable`, like what follows.
        n: Likewise.
        population: Likewise.
        ends: Likewise.
    """
    if population is None:
        return limits
    least, most = reachable(seen, n, population, ends)
    sampled = population > n
    low, high = (np.where(sampled, np.clip(limit, least, most), limit) for limit in limits)
    return low, high


def reachable(
    seen: Floats, n: Floats, population: Floats | None, ends: tuple[float, float]
) -> tuple[Floats, Floats]:
    """
    The smallest and the largest mean that a population can have, given what was seen of it.

    The N - n members who were not seen lie between the ends of the scale, so that the mean lies
    between ``(seen + (N - n) lowest) / N`` and ``(seen + (N - n) highest) / N``.

    Args:
        seen: The sum of the scores seen, shape (...).
        n: Members seen, shape (...).
        population: Sizes of finite populations, shape (...), or None.
        ends: The lowest and the highest score there can be.
    """
    if population is None:
        return np.full_like(n, ends[0]), np.full_like(n, ends[1])
    large = population > COUNTABLE
    size = np.where(large, COUNTABLE, population)
    least, most = (
        np.where(large, end, (seen + (size - n) * end) / np.maximum(size, 1)) for end in ends
    )
    return least, most


def check_flag(value: object, name: str) -> None:
    """An error unless True or False: "no" would count as true."""
    if not isinstance(value, bool | np.bool_):
        raise OptionError(f"{name} must be True or False, got {reprlib.repr(value)}")


def checked_whole(value: object, name: str, least: int) -> int:
    """A whole number of *least* or more; anything else is an error, also a float of its value."""
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        whole = int(value)
        if whole >= least:
            return whole
    raise OptionError(
        f"{name} must be a whole number of {least} or more, got {reprlib.repr(value)}"
    )


def is_finite_number(value: object) -> bool:
    """Whether it is one number, neither infinite nor NaN; also as an array without axes."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = cast("object", value.item())  # such as a limit of an interval
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond float64
        return False


def _few(values: Floats) -> str:
    shown = ", ".join(map(number_text, values.ravel()[:5].tolist()))
    return shown if values.size <= 5 else f"{shown}, ... ({values.size} in all)"
