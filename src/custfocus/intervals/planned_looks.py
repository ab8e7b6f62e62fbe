"""
Critical values for a planned number of looks at a growing sample.

Each look's statistic is a normal variate, the sum of all that came so far: neighbours are
correlated by the root of the quotient of their information. The chance that none of the first k
passes its boundary is found look by look: the density of the sum where none has is carried on by
the new answers and cut off at the next boundary.

References:
    Armitage, McPherson and Rowe (1969), JRSS A 132, 235-244 (the recursion). Pocock (1977),
    Biometrika 64, 191-199. O'Brien and Fleming (1979), Biometrics 35, 549-556. Lan and DeMets
    (1983), Biometrika 70, 659-663 (error as it is spent). Jennison and Turnbull (2000), Group
    Sequential Methods, chapters 2 and 19.
"""

import reprlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import (
    Floats,
    checked_level,
    checked_whole,
    ignoring_underflow,
    plain_numbers,
    unwritable,
)
from custfocus.intervals.roots import Places, increasing_roots

Boundary = Literal["pocock", "obrien-fleming"]

MOST_LOOKS = 100
"""More looks than these are no plan."""

_LOWEST = 9.0  # standard deviations below 0, beyond which a sum is not followed
_PIECE = 4.0  # standard deviations of the new answers, over which 16 nodes are right to 1e-13
_GAUSS = np.polynomial.legendre.leggauss(16)
_CLOSE = 1e-12
_RISE = 1e-4  # of the information from look to look; the integral takes time with its inverse


class _Boundaries(NamedTuple):
    critical_values: Floats
    confidence_levels: Floats
    error_spent: Floats


class PlannedLooks(_Boundaries):
    """
    The boundaries of a planned number of looks, as read-only arrays of shape (looks,).

    Attributes:
        critical_values: How many standard errors each look's limits lie from its value.
        confidence_levels: The two-sided level of a usual interval that is as wide.
        error_spent: The chance that some limit so far is wrong, of both sides together.
    """

    __slots__ = ()

    def __new__(
        cls, critical_values: Floats, confidence_levels: Floats, error_spent: Floats
    ) -> Self:
        """Made of three arrays, also when it is unpickled or copied."""
        arrays = critical_values, confidence_levels, error_spent
        return super().__new__(cls, *map(unwritable, arrays))


def planned_looks(
    looks: int,
    *,
    confidence_level: float = 0.95,
    boundary: Boundary = "pocock",
    information: ArrayLike | None = None,
) -> PlannedLooks:
    """
    How much wider intervals must be for all of several planned looks to hold together.

    - ``"pocock"``: the same critical value at each look, whichever it is.
    - ``"obrien-fleming"``: wide intervals at first, which fall with the root of the information
      to hardly more than the usual width at the last look.

    Each limit by itself has half of the error; both together hold with the level or more.
    Looks fewer than planned, or none after the first that tells enough, are right as well; more
    are not.

    Args:
        looks: How many are planned, from 1 to 100.
        confidence_level: Two-sided, in (0, 1), of all looks together.
        boundary: One of the above.
        information: Answers up to each look, or anything in proportion to them, rising; by
            default each look has as many new ones as the first.

    Returns:
        Critical values, levels and the error spent, for each look.

    Raises:
        OptionError: Looks that are no whole number from 1 to 100; an unknown boundary;
            information that does not rise, or is not one number for each look; a confidence
            level outside (0, 1).

    References:
        Pocock (1977), Biometrika 64, 191-199; example: 2.413180 by R's rpact 3.3.4.

    >>> plan = planned_looks(5)
    >>> print(f"{plan.critical_values[0]:.3f}, each at {100 * plan.confidence_levels[0]:.1f} %")
    2.413, each at 98.4 %
    """
    number = checked_looks(looks)
    choose("boundary", boundary, dict.fromkeys(get_args(Boundary)))
    level = checked_level(confidence_level)
    return _planned(_fractions(information, number), level, boundary)


def checked_looks(looks: object, least: int = 1) -> int:
    """
    A number of looks.

    Raises:
        OptionError: Anything but a whole number from *least* to 100.
    """
    number = checked_whole(looks, "looks", least)
    if number > MOST_LOOKS:
        raise OptionError(
            f"looks must be {MOST_LOOKS} or fewer, got {number}; for shares limits that hold at "
            "any look need no plan"
        )
    return number


def look_level(looks: int, confidence_level: float) -> float:
    """The level at each of so many equally spaced looks, the same for all (Pocock's)."""
    plan = _planned(_fractions(None, looks), confidence_level, "pocock")
    return float(plan.confidence_levels[0])


@ignoring_underflow
def crossing_chances(boundaries: Sequence[float], fractions: Sequence[float]) -> Floats:
    """
    The chance that a sum of normal variates has passed a boundary by each look.

    Args:
        boundaries: In standard deviations of the sum at each look, upward.
        fractions: The information at each look, rising.

    Returns:
        Chances that rise, of shape (looks,).
    """
    passed, spent = 0.0, np.empty(len(boundaries))
    sums, density = np.zeros(1), np.ones(1)  # the sum before the first look, and its weight
    before = 0.0
    for look, (boundary, information) in enumerate(zip(boundaries, fractions, strict=True)):
        new, root = np.sqrt(information - before), np.sqrt(information)
        edge, least = boundary * root, -_LOWEST * root
        passed += float(density @ ndtr((sums - edge) / new))
        spent[look] = passed
        following, weights = _nodes(least, edge, new)
        steps = (following[:, np.newaxis] - sums) / new
        kernel = np.exp(-(steps**2) / 2) / (new * np.sqrt(2 * np.pi))
        sums, density, before = following, weights * (kernel @ density), information
    return spent


@lru_cache(maxsize=256)
def _planned(fractions: tuple[float, ...], level: float, boundary: str) -> PlannedLooks:
    """The boundaries of which one side spends half of the error."""
    tail = (1 - level) / 2
    shape = np.ones(len(fractions))
    if boundary == "obrien-fleming":
        shape = np.sqrt(fractions[-1] / np.asarray(fractions))

    def beyond(size: Floats, _: Places) -> tuple[Floats, Floats]:
        """How far the chance falls short, on the scale of critical values, and a step as long."""
        [chance] = crossing_chances((size[0] * shape).tolist(), fractions)[-1:]
        short = -ndtri(chance) + ndtri(tail)
        return np.array([short]), np.array([-short])

    least, most = -ndtri(tail), -ndtri_exp(np.log(tail) - np.log(len(fractions)))
    found = increasing_roots(
        beyond, np.array([most]), np.array([_CLOSE]), np.array([least]), np.array([most])
    )
    values = found[0] * shape
    levels = -np.expm1(np.log(2) + log_ndtr(-values))
    spent = 2 * crossing_chances(values.tolist(), fractions)
    return PlannedLooks(values, levels, spent)


def _nodes(least: float, most: float, new: float) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on pieces of a few standard deviations each."""
    pieces = int(np.ceil((most - least) / (_PIECE * new)))
    half = (most - least) / pieces / 2
    middles = least + half * (2 * np.arange(pieces) + 1)
    nodes = middles[:, np.newaxis] + half * _GAUSS[0]
    return nodes.ravel(), np.tile(half * _GAUSS[1], pieces)


def _fractions(information: ArrayLike | None, looks: int) -> tuple[float, ...]:
    """The information at each look, of which the first has 1."""
    if information is None:
        return tuple(float(one) for one in range(1, looks + 1))
    given = plain_numbers(information, "information")
    rising = given.shape == (looks,) and bool((given > 0).all() and np.isfinite(given).all())
    if not rising or (given[1:] < given[:-1] * (1 + _RISE)).any():
        raise OptionError(
            f"information must be {looks} numbers that rise by 1 in 10,000 or more, the answers up "
            f"to each look, got {reprlib.repr(information)}"
        )
    return tuple((given / given[0]).tolist())
