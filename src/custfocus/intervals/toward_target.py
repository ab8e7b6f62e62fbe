"""How far a measure has come toward its target: statuses, and where it should be by now."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    Floats,
    critical_value,
    ignoring_underflow,
    plain_numbers,
    unwritable,
)

Better = Literal["higher", "lower"]
Course = Literal["linear", "ratio"]
ProgressStatus = Literal["met", "improved", "little or no change", "worse", "no data"]

_DETECTABLE = 10.0  # percent, of the targeted change or of the baseline
_CRITICAL = critical_value(0.9)  # one-sided at 5 %
_ROUNDING = 1e-9  # percent: 10 % exactly counts as 10 %, however it was computed
_SIGNS = {"higher": 1.0, "lower": -1.0}


class TowardTarget(NamedTuple):
    """
    The status of a measure between its baseline and its target.

    Attributes:
        status: One of `ProgressStatus`, shape (...).
        percent: Of the targeted change that is achieved, likewise; NaN where the baseline had
            met the target already, or is the target.
        change: From the baseline in percent of it, likewise; NaN for a baseline of 0.
        z: The change by its standard error, likewise; NaN where none is known.
    """

    status: NDArray[np.str_]
    percent: Floats
    change: Floats
    z: Floats


@ignoring_underflow
def healthy_people_status(
    baseline: ArrayLike,
    latest: ArrayLike,
    target: ArrayLike,
    *,
    better: Better,
    baseline_error: ArrayLike = np.nan,
    latest_error: ArrayLike = np.nan,
) -> TowardTarget:
    """
    The status of measures by the rules of the Healthy People 2020 progress tables.

    - ``"met"``: the latest value is at the target or past it.
    - ``"improved"``: it moved toward the target, by a change that a one-sided test at 5 % finds;
      where a standard error is lacking, by 10 % of the targeted change or more.
    - ``"worse"``: it moved away, by a change that the test finds; where a standard error is
      lacking, by 10 % of the baseline or more.
    - ``"little or no change"``: anything else.

    What the rules leave open is decided so: a measure whose baseline had met its target, and that
    no longer does, moved away from it; away from a baseline of 0 any change is 10 % or more.

    Args:
        baseline: Where the measure began; shape (...).
        latest: Its value now; broadcasts.
        target: The value to reach; broadcasts.
        better: Whether ``"higher"`` or ``"lower"`` values are better.
        baseline_error: The standard error of the baseline, NaN where it is not known, infinite
            for one answer, by which no change is found; broadcasts.
        latest_error: That of the latest value, likewise.

    Raises:
        TallyError: Numbers that are not finite, standard errors below 0, shapes that differ.
        OptionError: An unknown direction.

    References:
        National Center for Health Statistics, Healthy People 2020 Final Progress Table, notes.
        Example: adult smoking, objective TU-1.1.

    >>> found = healthy_people_status(
    ...     20.6, 17, 12, better="lower", baseline_error=0.27, latest_error=0.30
    ... )
    >>> print(found.status, f"{found.percent:.1f} % of the targeted change")
    improved 41.9 % of the targeted change
    """
    sign = choose("direction", better, _SIGNS)
    start, now, end, start_error, now_error = _numbers(
        baseline=baseline,
        latest=latest,
        target=target,
        baseline_error=baseline_error,
        latest_error=latest_error,
    )
    for name, error in (("baseline_error", start_error), ("latest_error", now_error)):
        if (error < 0).any():
            raise TallyError(f"{name} must be 0 or more, got {error[error < 0].flat[0]:g}")
    moved, met_before = sign * (now - start), sign * (start - end) >= 0
    wanted = np.where(met_before, np.nan, end - start)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100 * (now - start) / wanted
        change = 100 * (now - start) / np.where(start == 0, np.nan, np.abs(start))
        error = np.sqrt(start_error**2 + now_error**2)
        z = moved / np.where(error > 0, error, np.nan)
    tested = ~np.isnan(z)
    large = np.where(np.isnan(change), np.inf, np.abs(change)) >= _DETECTABLE - _ROUNDING
    gained = np.where(tested, z >= _CRITICAL, percent >= _DETECTABLE - _ROUNDING)
    lost = np.where(tested, -z >= _CRITICAL, large)
    status = np.select(
        [
            np.isnan(start) | np.isnan(now) | np.isnan(end),
            sign * (now - end) >= 0,
            (moved > 0) & gained,
            (moved < 0) & lost,
        ],
        ["no data", "met", "improved", "worse"],
        "little or no change",
    )
    numbers = (unwritable(np.asarray(one)) for one in (percent, change, z))
    return TowardTarget(unwritable(np.asarray(status)), *numbers)


@ignoring_underflow
def expected_value(
    baseline: ArrayLike,
    target: ArrayLike,
    elapsed: ArrayLike,
    *,
    course: Course = "linear",
) -> Floats:
    """
    Where a measure should be by now, if it moves evenly from its baseline to its target.

    Args:
        baseline: Where it began; shape (...).
        target: What it should reach; broadcasts.
        elapsed: The part of the time that is over, 0 at the baseline and 1 when the target is
            due; broadcasts.
        course: ``"linear"`` for equal steps, ``"ratio"`` for equal percentages.

    Returns:
        The value, of the broadcast shape: NaN before the baseline, the target once it is due.

    Raises:
        TallyError: A ratio of numbers that are not above 0; shapes that differ.
        OptionError: An unknown course.

    >>> float(expected_value(20.6, 12, 0.5))
    16.3
    """
    even = choose("course", course, {"linear": True, "ratio": False})
    start, end, part = _numbers(baseline=baseline, target=target, elapsed=elapsed)
    part = np.where(part < 0, np.nan, np.minimum(part, 1))
    if even:
        return np.asarray(start + (end - start) * part)
    if not ((start > 0) & (end > 0)).all():
        raise TallyError("equal percentages need a baseline and a target above 0; use 'linear'")
    return np.asarray(start * (end / start) ** part)


def _numbers(**given: ArrayLike) -> list[Floats]:
    """Numbers of one shape, NaN where one is not known."""
    arrays = [plain_numbers(one, name) for name, one in given.items()]
    for name, array in zip(given, arrays, strict=True):
        if np.isinf(array).any() and not name.endswith("_error"):
            raise TallyError(f"{name} must be finite, NaN where it is not known")
    try:
        return list(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(one.shape) for one in arrays)
        raise TallyError(f"{', '.join(given)} must be of one shape, got {shapes}") from None
