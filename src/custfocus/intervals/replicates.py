"""
Limits from the replicates of an index, its values in many resamples: percentiles and BCa.

Replicates have shape (B, ...): the first axis is the resamples, and every place of the others is
an index of its own.

References:
    Efron (1987), JASA 82, 171-185. Davison and Hinkley (1997), Bootstrap Methods and their
    Application, chapter 5.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from custfocus.errors import OptionError
from custfocus.intervals.arguments import ConfidenceInterval, Floats

BootstrapMethod = Literal["bca", "percentile"]
Limits = Callable[[Floats, Floats, Callable[[], Floats], float], ConfidenceInterval]

_ROUNDING = 1e-12  # of the largest value: replicates this close to the estimate are equal to it


def percentile_limits(
    replicates: Floats,
    estimate: Floats,  # noqa: ARG001 - one signature for all methods
    acceleration: Callable[[], Floats],  # noqa: ARG001
    z: float,
) -> ConfidenceInterval:
    """The replicates at the levels of -z and z, shape (...)."""
    return _quantiles(replicates, _beside(replicates, ndtr([-z, z])))


def bca_limits(
    replicates: Floats, estimate: Floats, acceleration: Callable[[], Floats], z: float
) -> ConfidenceInterval:
    """
    The replicates at the levels ``Phi(z_0 + w / (1 - a w))``, with ``w = z_0 - z`` and ``z_0 + z``.

    The bias z_0 is the normal quantile of the share of replicates below the estimate, those
    equal to it counted half. As w nears the pole 1 / a its level nears an end, and stays there.

    Args:
        replicates: Shape (B, ...).
        estimate: The index of the sample itself, shape (...).
        acceleration: Gives a, shape (...).
        z: The normal quantile of the confidence level.

    Raises:
        OptionError: Both limits would lie beyond all replicates.
    """
    least = 0.5 / (len(replicates) + 1)  # also if none is below, z_0 is a number
    bias: Floats = ndtri(np.clip(_share_below(replicates, estimate), least, 1 - least))
    w = bias + _beside(replicates, np.array([-z, z]))
    room = 1 - acceleration() * w
    corrected = np.where(room > 0, w / np.where(room > 0, room, 1), np.copysign(np.inf, w))
    levels = ndtr(bias + corrected)
    places = levels * (len(replicates) + 1)
    if ((places[1] <= 1) | (places[0] >= len(replicates))).any():
        raise OptionError(
            f"method 'bca' puts both limits beyond the {len(replicates)} resamples: nearly all "
            "of them lie on one side of the estimate; use method='percentile', and mistrust it"
        )
    return _quantiles(replicates, levels)


def skewness_sixth(deviations: Floats, times: Floats) -> Floats:
    """
    The acceleration ``sum d³ / (6 (sum d²)^1.5)`` for deviations (J, ...), each so many *times*.

    Where every deviation is 0 it is 0. It is never beyond -1/6 and 1/6.
    """
    largest = np.abs(deviations).max(axis=0)
    unit = deviations / np.where(
        largest > 0, largest, 1
    )  # whose powers neither vanish nor overflow
    squares, cubes = (np.tensordot(times, unit**power, axes=1) for power in (2, 3))
    return np.asarray(cubes / (6 * np.where(squares > 0, squares, 1) ** 1.5))


def _share_below(replicates: Floats, estimate: Floats) -> Floats:
    near = _ROUNDING * np.maximum(np.abs(replicates).max(axis=0), np.abs(estimate))
    below = (replicates < estimate - near).mean(axis=0)
    return np.asarray((below + (replicates <= estimate + near).mean(axis=0)) / 2)


def _quantiles(replicates: Floats, levels: Floats) -> ConfidenceInterval:
    """
    The replicates at two levels, shape (2, ...).

    Level p stands in place ``(B + 1) p`` of the ordered replicates, between two of them in a
    straight line, and beyond the outermost it is the outermost.
    """
    ordered, last = np.sort(replicates, axis=0), len(replicates) - 1
    place = np.clip(levels * (last + 2) - 1, 0, last)
    floor = np.floor(place).astype(np.intp)
    below = np.take_along_axis(ordered, floor, axis=0)
    above = np.take_along_axis(ordered, np.minimum(floor + 1, last), axis=0)
    low, high = below + (place - floor) * (above - below)
    return ConfidenceInterval(np.asarray(low), np.asarray(high))


def _beside(replicates: Floats, pair: Floats) -> Floats:
    """A pair of numbers for every index, shape (2, ...)."""
    return np.broadcast_to(
        pair.reshape(2, *(1,) * (replicates.ndim - 1)), (2, *replicates.shape[1:])
    )


METHODS: dict[str, Limits] = {"bca": bca_limits, "percentile": percentile_limits}
